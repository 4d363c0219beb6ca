import type { ClientSession, Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { bySlug, underSlugs } from '../../db/slugs.ts';
import { type TagRecord, tagModel } from './tags.model.ts';

type AnyId = string | Types.ObjectId;

/** A tag, the one that it stands for now, and those that were merged into that. */
interface Family {
  readonly now: Types.ObjectId;
  readonly merged: readonly Pick<TagRecord, '_id'>[];
}

export type TagLookup = ReturnType<typeof createTagLookup>;

/** Tags as stories and readers meet them: a merged tag is the one that it became. */
export function createTagLookup({ db }: { db: Connection }) {
  const Tags = tagModel(db);
  return { resolve, existing, bySlugs, family, families, page };

  /** Each id with the tag that it stands for now; ids that name nothing are left out. */
  async function resolve(ids: readonly AnyId[]): Promise<ReadonlyMap<string, TagRecord>> {
    if (ids.length === 0) return new Map();
    const found: TagRecord[] = await Tags.find({ _id: { $in: [...ids] } }).lean();
    const targets = found.flatMap(({ mergedInto }) => (mergedInto ? [mergedInto] : []));
    const merged: TagRecord[] = targets.length > 0 ? await Tags.find({ _id: { $in: targets } }).lean() : [];
    const known = byId([...found, ...merged]);
    return new Map(
      found.map((tag) => [String(tag._id), known.get(String(tag.mergedInto ?? tag._id)) ?? tag]),
    );
  }

  /** Those of the ids that are tags (a merged one counts), as text. */
  async function existing(
    ids: readonly AnyId[],
    session: ClientSession | null,
  ): Promise<ReadonlySet<string>> {
    const found = await Tags.find({ _id: { $in: [...ids] } }, { _id: 1 })
      .session(session)
      .lean();
    return new Set(found.map(({ _id }) => String(_id)));
  }

  /** By slug or by one they had before, merged tags among them; uses the indexes `slug` and `formerSlugs`. */
  async function bySlugs(slugs: readonly string[]): Promise<TagRecord[]> {
    return Tags.find(bySlug(slugs)).lean();
  }

  /** The ids under which stories may carry these tags: their own, and those of the tags merged into them. */
  async function family(ids: readonly Types.ObjectId[]): Promise<Types.ObjectId[]> {
    const aliases = await Tags.find({ mergedInto: { $in: [...ids] } }, { _id: 1 }).lean();
    return [...ids, ...aliases.map(({ _id }) => _id)];
  }

  /**
   * For each slug that is or was a tag's: the ids under which stories may carry it, in one question. Uses the indexes
   * `slug`, `formerSlugs` and `mergedInto`.
   */
  async function families(slugs: readonly string[]): Promise<ReadonlyMap<string, readonly Types.ObjectId[]>> {
    const found = await Tags.aggregate<Pick<TagRecord, 'slug' | 'formerSlugs'> & Family>([
      { $match: bySlug(slugs) },
      { $set: { now: { $ifNull: ['$mergedInto', '$_id'] } } },
      {
        $lookup: {
          ...{ from: Tags.collection.name, localField: 'now', foreignField: 'mergedInto' },
          ...{ pipeline: [{ $project: { _id: 1 } }], as: 'merged' },
        },
      },
      { $project: { slug: 1, formerSlugs: 1, now: 1, merged: 1 } },
    ]);
    return underSlugs(found, ({ now, merged }) => [now, ...merged.map(({ _id }) => _id)]);
  }

  /** A page of some tags by name; uses the index `name`. */
  async function page(ids: readonly Types.ObjectId[], query: PageQuery): Promise<PageOf<TagRecord>> {
    return pageOf(Tags, {
      filter: { _id: { $in: [...ids] } },
      order: { field: 'nameKey', kind: 'text', direction: 1 },
      query,
    });
  }
}
