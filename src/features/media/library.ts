import { type Connection, type PipelineStage, Types } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { invalidParameter } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { actorObjectId } from '../../db/actor.ts';
import { type PageOf, pageOf } from '../../db/page.ts';
import type { MediaQuery } from './library.contract.ts';
import { type MediaRecord, mediaModel } from './media.model.ts';
import type { RightsState } from './rights.contract.ts';
import { LAPSING_MS } from './rights.ts';
import { beginning, wordsIn } from './words.ts';

type Filter = Record<string, unknown>;
type Question = Omit<MediaQuery, 'limit' | 'after' | 'before' | 'count' | 'used'>;

const MOST_WORDS = 10;
const FROM = 'rights.allowedFrom';
const UNTIL = 'rights.allowedUntil';

const isDate = { $type: 'date' as const };
const soon = { $add: ['$$NOW', LAPSING_MS] };
const began = { $not: [{ $gt: [`$${FROM}`, '$$NOW'] }] };
const boundless = { [FROM]: null, [UNTIL]: null };

/** As `rightsStateAt` says it, by the database's time. A bound that is not there is less than every time. */
const IN_STATE: Readonly<Record<RightsState, Filter>> = {
  unrestricted: boundless,
  lapsed: { [UNTIL]: isDate, $expr: { $lte: [`$${UNTIL}`, '$$NOW'] } },
  upcoming: { [FROM]: isDate, $expr: { $gt: [`$${FROM}`, '$$NOW'] } },
  lapsing: {
    [UNTIL]: isDate,
    $expr: { $and: [{ $gt: [`$${UNTIL}`, '$$NOW'] }, { $lte: [`$${UNTIL}`, soon] }, began] },
  },
  current: {
    $or: [
      { [UNTIL]: isDate, $expr: { $and: [{ $gt: [`$${UNTIL}`, soon] }, began] } },
      { [UNTIL]: null, [FROM]: isDate, $expr: began },
    ],
  },
};

const ids = (texts: readonly string[]) => texts.map((text) => new Types.ObjectId(text));
const oneOf = (type: string) => (type.includes('/') ? type : new RegExp(`^${type}/`));

/** @throws DomainError `invalid_input` naming the parameter when nothing in it can be looked for. */
function wordsOf(parameter: 'q' | 'credit', text: string): string[] {
  const words = wordsIn(text).slice(0, MOST_WORDS);
  if (words.length === 0) throw invalidParameter(parameter, 'Give a word to look for.');
  return words;
}

/** Each has its index: `words`, `type`, `createdBy`, `created`, `rightsFrom`, `rightsUntil`, `collections`. */
export function filterOf(ctx: Context, query: Question): Filter {
  const { q, credit, type, uploader, uploadedAfter, uploadedBefore, rights, collection, mine } = query;
  const all: Filter[] = [
    ...(q === undefined ? [] : beginning(wordsOf('q', q))),
    ...(credit === undefined ? [] : beginning(wordsOf('credit', credit), { ofCredit: true })),
    ...(type ? [{ type: { $in: type.map(oneOf) } }] : []),
    ...(uploader ? [{ createdBy: { $in: ids(uploader) } }] : []),
    ...(uploadedAfter ? [{ createdAt: { $gt: uploadedAfter } }] : []),
    ...(uploadedBefore ? [{ createdAt: { $lt: uploadedBefore } }] : []),
    ...(rights ? [IN_STATE[rights]] : []),
    ...(collection ? [{ collections: new Types.ObjectId(collection) }] : []),
    ...(mine ? [{ createdBy: actorObjectId(ctx) }] : []),
  ];
  return all.length === 0 ? {} : { $and: all };
}

/** What refers to pictures, by which field: each has an index. */
const USING = [
  ['articles', 'media'],
  ['published', 'media'],
  ['fronts', 'media'],
  ['fronts', 'shown.media'],
] as const;

/** Leaves those of which this is true; asks for one story or front of each. */
function usedStages(used: boolean): PipelineStage.FacetPipelineStage[] {
  const lookup = (from: string, foreignField: string, as: string) => ({
    $lookup: {
      ...{ from, as, localField: 'usedAs', foreignField },
      pipeline: [{ $limit: 1 }, { $project: { _id: 1 } }],
    },
  });
  const names = USING.map((_place, index) => `usedIn${index}`);
  const found = { $concatArrays: names.map((name) => `$${name}`) };
  return [
    { $set: { usedAs: { $concatArrays: [['$_id'], { $ifNull: ['$replaces', []] }] } } },
    ...USING.map(([from, field], index) => lookup(from, field, `usedIn${index}`)),
    { $match: { $expr: { [used ? '$ne' : '$eq']: [found, []] } } },
    { $unset: ['usedAs', ...names] },
  ];
}

/** The library as staff look through it, newest first. */
export function createLibrary({ db }: { db: Connection }) {
  const Items = mediaModel(db);
  return {
    async list(ctx: Context, { used, ...query }: MediaQuery): Promise<PageOf<MediaRecord>> {
      requirePermission(ctx, 'media:read');
      return pageOf(Items, {
        filter: filterOf(ctx, query),
        order: { field: 'createdAt', kind: 'date', direction: -1 },
        query,
        ...(used === undefined ? {} : { stages: usedStages(used) }),
      });
    },
  };
}
