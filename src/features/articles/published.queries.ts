import { type ClientSession, type Connection, type Model, Types } from 'mongoose';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { type PublishedRecord, publishedModel } from './published.model.ts';

/**
 * The one predicate of everything public: only published versions are in the collection, and their embargo is held
 * against the database's time once more. Unused fields of embargoed stories cannot be asked for either.
 */
export const PUBLIC = { $expr: { $lte: ['$embargoUntil', '$$NOW'] } } as const;

/** What a list may be narrowed by; each field has an index of its name with `publishedAt`. */
export interface PublishedFilter {
  readonly tags?: readonly Types.ObjectId[];
  readonly section?: readonly Types.ObjectId[];
  readonly authors?: readonly Types.ObjectId[];
  readonly type?: readonly string[];
  readonly language?: readonly string[];
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
}

/** Where a story stands in a list. */
export type Place = Pick<PublishedRecord, '_id' | 'publishedAt'>;

/** A collection that has a document for some stories, under their ids, and what is read of it. */
export interface Beside {
  readonly from: string;
  readonly fields: Readonly<Record<string, 1>>;
}

/** The order of lists. */
export const NEWEST = { field: 'publishedAt', kind: 'date', direction: -1 } as const;
const LISTED = ['tags', 'section', 'authors', 'type', 'language'] as const;
/** Beyond so many a page says as many: no answer waits for a count. */
const COUNTED = 10_000;
const TWIN_MS = 14 * 24 * 3_600_000;
/** Of the index `headline`: accents count, letter case does not. */
const HEADLINE_COLLATION = { locale: 'en', strength: 2 } as const;
const LINK_FIELDS = { slug: 1, headline: 1 } as const;

/** A filter of lists with the predicate of everything public, for `published` and what has its fields. */
export function conditionsOf(filter: PublishedFilter) {
  const narrowed = LISTED.flatMap((field) =>
    filter[field] ? [[field, { $in: filter[field] }] as const] : [],
  );
  const since = {
    ...(filter.after ? { $gt: filter.after } : {}),
    ...(filter.before ? { $lt: filter.before } : {}),
  };
  const time = Object.keys(since).length > 0 ? { publishedAt: since } : {};
  return { ...Object.fromEntries(narrowed), ...time, ...PUBLIC };
}

export type PublishedQueries = ReturnType<typeof createPublishedQueries>;

/** Reads of what readers may see. Nothing else of delivery touches stories. */
export function createPublishedQueries({ db }: { db: Connection }) {
  const Published = publishedModel(db);
  return {
    ...{
      shownAt,
      bySlugs,
      byId,
      byIds,
      list,
      places,
      publicAmong,
      newest,
      withTags,
      among,
      wholeBefore,
      idsUnder,
    },
    ...{ links, languages, twinOf, usedTags, isUsed, countOf },
  };

  /** The public ones under some slugs, whole. Uses the unique index `slug`. */
  async function shownAt(slugs: readonly string[]): Promise<PublishedRecord[]> {
    return Published.find({ slug: { $in: [...slugs] }, ...PUBLIC }).lean<PublishedRecord[]>();
  }

  /** The public ones among some slugs, and what time it is. Uses the unique index `slug`. */
  async function bySlugs(
    slugs: readonly string[],
  ): Promise<(Pick<PublishedRecord, '_id' | 'slug'> & { now: Date })[]> {
    return Published.find({ slug: { $in: [...slugs] }, ...PUBLIC }, { slug: 1, now: '$$NOW' })
      .maxTimeMS(4_000)
      .lean<(Pick<PublishedRecord, '_id' | 'slug'> & { now: Date })[]>();
  }

  async function byId(id: Types.ObjectId): Promise<Pick<PublishedRecord, 'slug'> | null> {
    return Published.findOne({ _id: id, ...PUBLIC }, { slug: 1 }).lean();
  }

  /** Newest first; uses `newest`, or the index of the field that narrows most. */
  async function list(
    filter: PublishedFilter,
    query: PageQuery,
    withBody: boolean,
  ): Promise<PageOf<PublishedRecord>> {
    return pageOf(Published, {
      filter: conditionsOf(filter),
      order: NEWEST,
      query,
      ...(withBody ? {} : { fields: { body: 0 } }),
    });
  }

  /**
   * The stories of a page of `list`, by no more than where they stand, with what another collection has of each: one
   * question for both. Uses what `list` uses, and `_id` of the other.
   */
  async function places<B>(
    filter: PublishedFilter,
    query: PageQuery,
    { from, fields }: Beside,
  ): Promise<PageOf<Place & { readonly beside: readonly B[] }>> {
    type Found = Place & { readonly beside: readonly B[] };
    return pageOf<Found>(Published as unknown as Model<Found>, {
      filter: conditionsOf(filter),
      order: NEWEST,
      query,
      beside: [
        // Without a pipeline of its own, which would cost twice as much.
        { $lookup: { from, localField: '_id', foreignField: '_id', as: 'beside' } },
        { $project: { publishedAt: 1, beside: fields } },
      ],
    });
  }

  /** The newest under a filter but for some, without bodies; uses what `list` uses. */
  async function newest(
    filter: PublishedFilter,
    { not, limit }: { not: readonly string[]; limit: number },
  ): Promise<PublishedRecord[]> {
    return Published.find({ ...conditionsOf(filter), _id: { $nin: [...not] } }, { body: 0 })
      .sort({ publishedAt: -1, _id: -1 })
      .limit(limit)
      .maxTimeMS(4_000)
      .lean<PublishedRecord[]>();
  }

  /** The public ones among some stories that a list narrowed so would have, in no order. */
  async function among(
    ids: readonly string[],
    filter: PublishedFilter,
    withBody = true,
  ): Promise<PublishedRecord[]> {
    if (ids.length === 0) return [];
    return Published.find({ _id: { $in: [...ids] }, ...conditionsOf(filter) }, withBody ? {} : { body: 0 })
      .maxTimeMS(4_000)
      .lean<PublishedRecord[]>();
  }

  /** Public stories, whole: from the newest made down, the first ones or those that were made before one. Uses `_id`. */
  async function wholeBefore(id: Types.ObjectId | null, limit: number): Promise<PublishedRecord[]> {
    return Published.find({ ...(id ? { _id: { $lt: id } } : {}), ...PUBLIC })
      .sort({ _id: -1 })
      .limit(limit)
      .maxTimeMS(4_000)
      .lean<PublishedRecord[]>();
  }

  /** Which of some stories `among` would have; as every search asks for it, without what Mongoose does on the way. */
  async function publicAmong(ids: readonly string[], filter: PublishedFilter): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const found = await Published.collection
      .find(
        { _id: { $in: ids.map((id) => new Types.ObjectId(id)) }, ...conditionsOf(filter) },
        { projection: { _id: 1 }, maxTimeMS: 4_000 },
      )
      .toArray();
    return new Set(found.map(({ _id }) => String(_id)));
  }

  /** The stories that carry a tag or byline; uses the index of the field. */
  async function idsUnder(field: 'tags' | 'authors', id: string): Promise<string[]> {
    const found = await Published.find({ [field]: id }, { _id: 1 }).lean();
    return found.map(({ _id }) => String(_id));
  }

  /** The public ones among some stories, without bodies. */
  async function byIds(ids: readonly string[]): Promise<PublishedRecord[]> {
    if (ids.length === 0) return [];
    return Published.find({ _id: { $in: [...ids] }, ...PUBLIC }, { body: 0 }).lean<PublishedRecord[]>();
  }

  /** The newest that carry any of these tags, without bodies; uses the index `tags`. */
  async function withTags(
    tags: readonly Types.ObjectId[],
    { not, until, limit }: { not: readonly string[]; until?: Date | undefined; limit: number },
  ): Promise<PublishedRecord[]> {
    const time = until ? { publishedAt: { $lte: until } } : {};
    return Published.find(
      { tags: { $in: [...tags] }, _id: { $nin: [...not] }, ...time, ...PUBLIC },
      { body: 0 },
    )
      .sort({ publishedAt: -1, _id: -1 })
      .limit(limit)
      .lean<PublishedRecord[]>();
  }

  /** The public ones among some stories, as links. */
  async function links(
    ids: readonly string[],
  ): Promise<Pick<PublishedRecord, '_id' | 'slug' | 'headline'>[]> {
    if (ids.length === 0) return [];
    return Published.find({ _id: { $in: [...ids] }, ...PUBLIC }, LINK_FIELDS).lean();
  }

  /** The public ones among some stories, by language. */
  async function languages(
    ids: readonly string[],
    session: ClientSession | null = null,
  ): Promise<Pick<PublishedRecord, '_id' | 'slug' | 'language'>[]> {
    if (ids.length === 0) return [];
    return Published.find({ _id: { $in: [...ids] }, ...PUBLIC }, { slug: 1, language: 1 })
      .session(session)
      .lean();
  }

  /**
   * A story that readers got within the last 14 days under this headline (letter case aside), or under the address that
   * this one had to leave for one with a number. Uses the indexes `headline` and `slug`.
   */
  async function twinOf({
    _id,
    headline,
    slug,
  }: Pick<PublishedRecord, '_id' | 'headline' | 'slug'>): Promise<Pick<
    PublishedRecord,
    'headline' | 'slug'
  > | null> {
    const lately = { $gt: [{ $add: ['$publishedAt', TWIN_MS] }, '$$NOW'] };
    const other = { _id: { $ne: _id }, $expr: { $and: [PUBLIC.$expr, lately] } };
    const alike = await Published.findOne({ headline, ...other }, LINK_FIELDS)
      .collation(HEADLINE_COLLATION)
      .sort({ publishedAt: -1 })
      .lean();
    const base = slug.replace(/-\d+$/, '');
    return (
      alike ?? (base === slug ? null : await Published.findOne({ slug: base, ...other }, LINK_FIELDS).lean())
    );
  }

  /** Every tag that a public story carries: a scan of the index `tags`, one step per tag. */
  async function usedTags(): Promise<Types.ObjectId[]> {
    return Published.distinct('tags').maxTimeMS(4_000);
  }

  /** How many public stories there are under a filter, counted up to `COUNTED`. */
  async function countOf(filter: PublishedFilter): Promise<number> {
    return Published.countDocuments(conditionsOf(filter), { limit: COUNTED, maxTimeMS: 3_000 });
  }

  async function isUsed(field: 'tags' | 'authors', ids: readonly Types.ObjectId[]): Promise<boolean> {
    return (await Published.exists({ [field]: { $in: [...ids] }, ...PUBLIC })) !== null;
  }
}
