import type { Hit } from '../search-index.ts';
import { momentOf } from './rows.ts';

/** A story where it stands by time. */
export type Doc = Pick<Hit, 'id' | 'at'>;

export interface Ranked {
  readonly rid: number;
  readonly score: number;
}

/** The order of lists, which every process has: that of rows is only its own among those of one moment. */
export const newerFirst = (one: Doc, other: Doc): number =>
  other.at - one.at || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

export const bestFirst = (one: Ranked, other: Ranked): number =>
  other.score - one.score || other.rid - one.rid;

/** Neither fit nor time tells these apart. */
export const isTie = (one: Ranked, other: Ranked): boolean =>
  one.score === other.score && momentOf(one.rid) === momentOf(other.rid);

export function firstOf<T>(count: number, all: Iterable<T>): T[] {
  const first: T[] = [];
  for (const one of all) {
    first.push(one);
    if (first.length >= count) break;
  }
  return first;
}
