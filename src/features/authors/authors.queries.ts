import type { ClientSession, Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import { bySlug, underSlugs } from '../../db/slugs.ts';
import { type AuthorRecord, authorModel } from './authors.model.ts';

type AnyId = string | Types.ObjectId;

export type AuthorLookup = ReturnType<typeof createAuthorLookup>;

/** Bylines as stories and readers meet them. */
export function createAuthorLookup({ db }: { db: Connection }) {
  const Authors = authorModel(db);
  return { resolve, existing, bySlugs, named };

  async function resolve(ids: readonly AnyId[]): Promise<ReadonlyMap<string, AuthorRecord>> {
    if (ids.length === 0) return new Map();
    const found: AuthorRecord[] = await Authors.find({ _id: { $in: [...ids] } }).lean();
    return byId(found);
  }

  /** Those of the ids that are authors, as text. */
  async function existing(
    ids: readonly AnyId[],
    session: ClientSession | null,
  ): Promise<ReadonlySet<string>> {
    const found = await Authors.find({ _id: { $in: [...ids] } }, { _id: 1 })
      .session(session)
      .lean();
    return new Set(found.map(({ _id }) => String(_id)));
  }

  /** By slug or by one they had before; uses the indexes `slug` and `formerSlugs`. */
  async function bySlugs(slugs: readonly string[]): Promise<AuthorRecord[]> {
    return Authors.find(bySlug(slugs)).lean();
  }

  /** For each slug that is or was an author's: the id, as `families` of tags and `branches` of sections tell theirs. */
  async function named(slugs: readonly string[]): Promise<ReadonlyMap<string, readonly Types.ObjectId[]>> {
    const found = await Authors.find(bySlug(slugs), { slug: 1, formerSlugs: 1 }).lean();
    return underSlugs(found, ({ _id }) => [_id]);
  }
}
