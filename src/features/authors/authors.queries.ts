import type { ClientSession, Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import { bySlug } from '../../db/slugs.ts';
import { type AuthorRecord, authorModel } from './authors.model.ts';

type AnyId = string | Types.ObjectId;

export type AuthorLookup = ReturnType<typeof createAuthorLookup>;

/** Bylines as stories and readers meet them. */
export function createAuthorLookup({ db }: { db: Connection }) {
  const Authors = authorModel(db);
  return { resolve, existing, bySlugs };

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
}
