import type { ClientSession, Model } from 'mongoose';
import { conflict } from '../core/errors.ts';
import type { Versioned } from './versioned.ts';

/** A record that readers find by its slug, and by the slugs that it had before. */
export interface Slugged extends Versioned {
  readonly slug: string;
  readonly formerSlugs: readonly string[];
}

/** Beyond so many the oldest leads nowhere any more: a record must not grow without end. */
const REMEMBERED = 50;
/** A name shared by more takes its own id into the slug. */
const NUMBERED = 50;

/** Finds by slug or former slug; needs the indexes `slug` and `formerSlugs`. */
export const bySlug = (slugs: readonly string[]) => {
  const any = { $in: [...slugs] };
  return { $or: [{ slug: any }, { formerSlugs: any }] };
};

/** What stands under each slug that is or was one of the records'. */
export const underSlugs = <R extends Pick<Slugged, 'slug' | 'formerSlugs'>, V>(
  records: readonly R[],
  value: (record: R) => V,
): ReadonlyMap<string, V> =>
  new Map(
    records.flatMap((record) =>
      [record.slug, ...record.formerSlugs].map((slug) => [slug, value(record)] as const),
    ),
  );

/** The record's slugs once it has `slug`: the one that it leaves keeps leading to it, and its own may be taken back. */
export function withSlug<R extends Slugged>(
  record: R,
  slug = record.slug,
): { slug: string; formerSlugs: string[] } {
  const former = [...record.formerSlugs, record.slug].filter((one) => one !== slug);
  return { slug, formerSlugs: [...new Set(former)].slice(-REMEMBERED) };
}

/**
 * Says that the slug is another's, or was. Two requests that race for one slug meet in the unique index `slug`: one runs
 * again and finds it here.
 * @throws DomainError `conflict`, calling the other record `what`.
 */
export async function requireFreeSlug<R extends Slugged>(
  model: Model<R>,
  { _id, slug }: Pick<Slugged, '_id' | 'slug'>,
  what: string,
  session: ClientSession,
): Promise<void> {
  const owner = (await model
    .findOne({ ...bySlug([slug]), _id: { $ne: _id } } as never)
    .session(session)
    .lean()) as R | null;
  if (owner?.slug === slug) throw conflict(`The slug "${slug}" belongs to another ${what}.`);
  if (owner)
    throw conflict(`The slug "${slug}" still leads readers to another ${what}, which had it before.`);
}

/** `wanted`, or the first of `wanted-2`, `wanted-3` … that no record has or had. */
export async function freeSlug<R extends Slugged>(
  model: Model<R>,
  wanted: string,
  fallback: string,
  session: ClientSession,
): Promise<string> {
  const candidates = [
    wanted,
    ...Array.from({ length: NUMBERED - 1 }, (_, index) => `${wanted}-${index + 2}`),
  ];
  const owners = (await model
    .find(bySlug(candidates) as never)
    .session(session)
    .lean()) as R[];
  const taken = new Set(owners.flatMap(({ slug, formerSlugs }) => [slug, ...formerSlugs]));
  return candidates.find((candidate) => !taken.has(candidate)) ?? fallback;
}
