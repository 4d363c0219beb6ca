import type { ClientSession, Model, PipelineStage } from 'mongoose';
import { Types } from 'mongoose';
import type { PageInfo } from '../contract/shapes.ts';
import { invalidParameter } from '../core/errors.ts';

/** Counting stops here: an exact total of a million would cost a second each time. */
const COUNT_CAP = 10_000;

export interface PageQuery {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly count?: boolean | undefined;
}

/** The order of a list: one field, then `_id` in the same direction, as one index has it. */
export interface PageOrder {
  readonly field: string;
  readonly kind: keyof typeof KINDS;
  readonly direction: 1 | -1;
  /** What kind of `_id` the records have: ObjectIds, unless it says otherwise. */
  readonly ids?: 'text';
}

export interface PageOf<R> {
  readonly records: R[];
  readonly page: PageInfo;
  /** The record that was looked at to know that the list goes on: without it, the page would say otherwise. */
  readonly beyond?: R | undefined;
}

type Key = Types.ObjectId | string;
type Position = { readonly value: unknown; readonly id: Key };
type Filter = Record<string, unknown>;

const OBJECT_ID = /^[0-9a-f]{24}$/;

/** How the values of each kind of sorting field travel in a cursor. A field may also be null. */
const KINDS = {
  date: {
    text: (value: unknown) => (value instanceof Date ? value.toISOString() : null),
    value: (text: string) => new Date(text),
  },
  text: {
    text: (value: unknown) => (typeof value === 'string' ? value : null),
    value: (text: string) => text,
  },
} as const;

const encode = ({ field, kind }: PageOrder, value: unknown, id: unknown): string =>
  Buffer.from(JSON.stringify([field, KINDS[kind].text(value), String(id)])).toString('base64url');

function decode({ field, kind, ids }: PageOrder, parameter: 'after' | 'before', cursor: string): Position {
  const refuse = () =>
    invalidParameter(parameter, 'Not a cursor of this list. Take it from "page" of an answer.');
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(parts) || parts.length !== 3) throw refuse();
    const [of, text, id] = parts as unknown[];
    const whole = of === field && typeof id === 'string' && (ids === 'text' || OBJECT_ID.test(id));
    if (!whole || !(text === null || typeof text === 'string')) throw refuse();
    const value = text === null ? null : KINDS[kind].value(text);
    if (value instanceof Date && Number.isNaN(value.getTime())) throw refuse();
    return { value, id: ids === 'text' ? id : new Types.ObjectId(id) };
  } catch {
    throw refuse();
  }
}

/** What lies beyond a position. MongoDB sorts null before everything, and compares null with nothing. */
function beyond({ field }: PageOrder, direction: 1 | -1, { value, id }: Position): Filter {
  const op = direction === 1 ? '$gt' : '$lt';
  const tie = { [field]: value, _id: { [op]: id } };
  if (value === null) return direction === 1 ? { $or: [tie, { [field]: { $ne: null } }] } : tie;
  const rest = { [field]: { [op]: value } };
  return { $or: direction === 1 ? [rest, tie] : [rest, tie, { [field]: null }] };
}

/** What each record goes through, in order, before a page is full: it may leave records out. */
type Stages = readonly PipelineStage.FacetPipelineStage[];

async function counted<R>(model: Model<R>, filter: Filter, stages: Stages | undefined): Promise<number> {
  const limit = COUNT_CAP + 1;
  if (!stages) return model.countDocuments(filter, { limit, maxTimeMS: 3_000 });
  const pipeline = [{ $match: filter }, ...stages, { $limit: limit }, { $count: 'all' }];
  const [found] = await model.aggregate<{ all: number }>(pipeline).option({ maxTimeMS: 3_000 });
  return found?.all ?? 0;
}

async function total<R>(
  model: Model<R>,
  filter: Filter,
  stages: Stages | undefined,
): Promise<Pick<PageInfo, 'total' | 'totalCapped'>> {
  const all = await counted(model, filter, stages);
  return all > COUNT_CAP ? { total: COUNT_CAP, totalCapped: true } : { total: all };
}

interface PageInput {
  readonly filter: Filter;
  readonly order: PageOrder;
  readonly query: PageQuery;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly session?: ClientSession | null;
  readonly stages?: Stages;
  /** What is put beside the records of the page, once it is full. */
  readonly beside?: Stages;
  /** Asked of the driver itself: for a filter that needs no casting, where each microsecond counts. */
  readonly plain?: true;
}

async function read<R>(
  model: Model<R>,
  { stages = [], beside = [], fields = {}, session = null, plain }: PageInput,
  { wanted, sort, limit }: { wanted: Filter; sort: Record<string, 1 | -1>; limit: number },
): Promise<R[]> {
  const how = { maxTimeMS: 4_000, promoteBuffers: true };
  const source = model.collection;
  if (plain)
    return source.find(wanted, { ...how, projection: fields, sort, limit }).toArray() as Promise<R[]>;
  if (stages.length + beside.length > 0)
    return model
      .aggregate([{ $match: wanted }, { $sort: sort }, ...stages, { $limit: limit }, ...beside])
      .option(how)
      .session(session);
  return model
    .find(wanted, fields, how)
    .sort(sort)
    .limit(limit)
    .session(session)
    .lean() as unknown as Promise<R[]>;
}

/**
 * One page of `model` by cursor: the same cost at any depth, right while items are inserted.
 * @throws DomainError `invalid_input` naming `after` or `before` when it is no cursor of this order.
 */
export async function pageOf<R extends { _id: Key }>(model: Model<R>, input: PageInput): Promise<PageOf<R>> {
  const { filter, order, query, stages } = input;
  if (query.after && query.before) throw invalidParameter('before', 'Give "after" or "before", not both.');
  const backwards = query.before !== undefined;
  const direction = (backwards ? -order.direction : order.direction) as 1 | -1;
  const cursor = query.after ?? query.before;
  const position = cursor === undefined ? null : decode(order, backwards ? 'before' : 'after', cursor);
  const sort: Record<string, 1 | -1> = { [order.field]: direction, _id: direction };
  const wanted = position ? { $and: [filter, beyond(order, direction, position)] } : filter;
  const found = await read(model, input, { wanted, sort, limit: query.limit + 1 });
  const more = found.length > query.limit;
  const records = found.slice(0, query.limit);
  if (backwards) records.reverse();
  return {
    records,
    beyond: found[query.limit],
    page: {
      ...edges(order, records, { more, backwards, moved: position !== null }),
      limit: query.limit,
      ...(query.count ? await total(model, filter, stages) : {}),
    },
  };
}

/** `path` may lead into a record, as `story.publishedAt` does. */
const valueAt = (record: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name] ?? null, record);

/** The cursors at both ends; there is nothing before a first page. */
function edges<R extends { _id: Key }>(
  order: PageOrder,
  records: readonly R[],
  at: { more: boolean; backwards: boolean; moved: boolean },
): { next: string | null; prev: string | null } {
  const cursorOf = (record: R | undefined): string | null =>
    record ? encode(order, valueAt(record, order.field), record._id) : null;
  const hasNext = at.backwards || at.more;
  const hasPrev = at.backwards ? at.more : at.moved;
  return { next: hasNext ? cursorOf(records.at(-1)) : null, prev: hasPrev ? cursorOf(records[0]) : null };
}
