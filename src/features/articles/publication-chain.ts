import { canonicalJsonWithoutNulls } from '../../core/json.ts';
import { sha256 } from '../../core/tokens.ts';

/** What stands before a story's first publication. */
export const CHAIN_START = '';

/** What a chain is made of, whatever else a publication holds. */
export interface Chained {
  readonly number: number;
  readonly prev: string;
  readonly hash: string;
}

/** The hash over everything in a publication, that of the one before among it. */
export function publicationHash(publication: object): string {
  const { hash: _hash, ...record } = publication as { hash?: unknown };
  return sha256(canonicalJsonWithoutNulls(record));
}

/** A publication as the next link of its story's chain. */
export function chained<P extends object>(publication: P, prev: string): P & { prev: string; hash: string } {
  const linked = { ...publication, prev };
  return { ...linked, hash: publicationHash(linked) };
}

/** Where a chain, read from its end, was broken. */
export interface Break {
  readonly number: number;
  readonly fault: string;
}

/**
 * What is wrong with `publication`, which `after` follows; `after` is `null` for the newest, whose number the story says.
 */
export function breakAt(publication: Chained, after: Chained | null, newest: number): Break | null {
  const { number } = publication;
  const expected = after ? after.number - 1 : newest;
  if (number !== expected) return { number: expected, fault: 'it is missing' };
  if (publication.hash !== publicationHash(publication)) return { number, fault: 'it was changed' };
  if (after && after.prev !== publication.hash)
    return { number, fault: 'the one after it was made after another' };
  if (number === 1 && publication.prev !== CHAIN_START)
    return { number, fault: 'it says that one was before it' };
  return null;
}

/** True when what readers have now is what the newest publication holds of each of its members. */
export function isShown(publication: { readonly story: unknown }, published: object): boolean {
  const live = published as Readonly<Record<string, unknown>>;
  return Object.entries(publication.story as object).every(
    ([name, value]) =>
      canonicalJsonWithoutNulls({ value }) === canonicalJsonWithoutNulls({ value: live[name] }),
  );
}
