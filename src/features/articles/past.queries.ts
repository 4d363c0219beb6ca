import type { Connection, PipelineStage, Types } from 'mongoose';
import { forbidden } from '../../core/errors.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { type PublicationRecord, type PublishedRecord, publicationModel } from './published.model.ts';
import { PUBLIC, type PublishedFilter } from './published.queries.ts';

/** A publication with the address under which its story is public now. */
interface Then {
  readonly _id: string;
  readonly story: PublishedRecord;
  readonly now: readonly [{ readonly slug: string }];
}

const NARROWED = ['tags', 'section', 'authors', 'type', 'language'] as const;
const NEXT_ID = {
  $concat: [{ $toString: '$article' }, ':', { $toString: { $add: ['$number', 1] } }],
};

export type PastQueries = ReturnType<typeof createPastQueries>;

/** What readers had at some time of the stories that they can see now. The record of publications is what tells. */
export function createPastQueries({ db }: { db: Connection }) {
  const Publications = publicationModel(db);
  return { now, requireReached, at, among, list };

  /** The database's time: nothing beyond it is the past. */
  async function now(): Promise<Date> {
    const { localTime } = (await db.db?.command({ hello: 1 })) ?? {};
    if (localTime instanceof Date) return localTime;
    throw new Error('the database does not tell its time');
  }

  /** @returns the database's time. @throws DomainError `forbidden` for a time that has not come. */
  async function requireReached(time: Date): Promise<Date> {
    const reached = await now();
    if (time > reached) throw forbidden('Readers see the past and the present. Give an earlier "asOf".');
    return reached;
  }

  /** The version that readers had then of a story that the caller found public. Uses the index `number`. */
  async function at(article: Types.ObjectId, time: Date): Promise<PublishedRecord | null> {
    const found = await Publications.findOne({ article, at: { $lte: time } }, { story: 1 })
      .sort({ number: -1 })
      .lean();
    // Written by publishing, with what was published.
    return found ? (found.story as PublishedRecord) : null;
  }

  /** What readers had then of some stories, of those that are public now; uses the index `number`. */
  async function among(articles: readonly Types.ObjectId[], time: Date): Promise<PublishedRecord[]> {
    if (articles.length === 0) return [];
    const found = await Publications.aggregate<Then>([
      { $match: { article: { $in: [...articles] }, at: { $lte: time } } },
      { $sort: { article: 1, number: -1 } },
      { $group: { _id: '$article', article: { $first: '$article' }, story: { $first: '$story' } } },
      ...publicNow,
      { $unset: 'story.body' },
    ]).option({ maxTimeMS: 4_000 });
    return found.map(({ story, now: [{ slug }] }) => ({ ...story, slug }));
  }

  /** Newest first. Uses `asOf`, or `asOfTags`, `asOfSection` or `asOfAuthors`, and `_id` of both collections. */
  async function list(
    filter: PublishedFilter,
    query: PageQuery,
    { time, withBody }: { time: Date; withBody: boolean },
  ): Promise<PageOf<PublishedRecord>> {
    const narrowed = NARROWED.flatMap((field) =>
      filter[field] ? [[`story.${field}`, { $in: filter[field] }] as const] : [],
    );
    const when = {
      $lte: time,
      ...(filter.after ? { $gt: filter.after } : {}),
      ...(filter.before ? { $lt: filter.before } : {}),
    };
    const { records, page } = await pageOf<PublicationRecord>(Publications, {
      filter: { ...Object.fromEntries(narrowed), 'story.publishedAt': when, at: { $lte: time } },
      order: { field: 'story.publishedAt', kind: 'date', direction: -1, ids: 'text' },
      query,
      stages: [...newestThen(time), ...publicNow, ...(withBody ? [] : [{ $unset: 'story.body' }])],
    });
    // The stages leave `story` and `now` in each.
    const found = records as unknown as Then[];
    return { records: found.map(({ story, now: [{ slug }] }) => ({ ...story, slug })), page };
  }
}

/** Leaves the publications that no other of the same story had followed by `time`. */
const newestThen = (time: Date): PipelineStage.FacetPipelineStage[] => [
  {
    $lookup: {
      from: 'publications',
      let: { next: NEXT_ID },
      pipeline: [
        { $match: { $expr: { $and: [{ $eq: ['$_id', '$$next'] }, { $lte: ['$at', time] }] } } },
        { $project: { _id: 1 } },
      ],
      as: 'later',
    },
  },
  { $match: { later: [] } },
];

/** Leaves those of stories that readers can see now. */
const publicNow: PipelineStage.FacetPipelineStage[] = [
  {
    $lookup: {
      from: 'published',
      localField: 'article',
      foreignField: '_id',
      pipeline: [{ $match: PUBLIC }, { $project: { slug: 1 } }],
      as: 'now',
    },
  },
  { $match: { now: { $ne: [] } } },
];
