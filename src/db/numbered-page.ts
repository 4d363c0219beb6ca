import type { Model, SortOrder } from 'mongoose';
import { invalidParameter } from '../core/errors.ts';
import type { PageQuery } from './page.ts';

type Filter = Record<string, unknown>;

interface NumberedPage<R> {
  readonly records: R[];
  readonly page: { limit: number; next: string | null; prev: string | null; total?: number };
}

const encode = (field: string, value: number): string =>
  Buffer.from(JSON.stringify([field, value])).toString('base64url');

function decode(field: string, parameter: 'after' | 'before', cursor: string): number {
  const refuse = () =>
    invalidParameter(parameter, 'Not a cursor of this list. Take it from "page" of an answer.');
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(parts) || parts.length !== 2 || parts[0] !== field) throw refuse();
    if (!Number.isSafeInteger(parts[1])) throw refuse();
    return parts[1] as number;
  } catch {
    throw refuse();
  }
}

/**
 * A page of things that are numbered within `filter`, the highest number first: the cursor is the number itself. The
 * index is one of the filter's fields and `field`.
 * @throws DomainError `invalid_input` naming `after` or `before` when it is no cursor of this list.
 */
export async function numberedPageOf<R>(
  model: Model<R>,
  {
    filter,
    field,
    query,
    fields = {},
  }: {
    readonly filter: Filter;
    readonly field: keyof R & string;
    readonly query: PageQuery;
    readonly fields?: Record<string, 0 | 1>;
  },
): Promise<NumberedPage<R>> {
  if (query.after && query.before) throw invalidParameter('before', 'Give "after" or "before", not both.');
  const backwards = query.before !== undefined;
  const cursor = query.after ?? query.before;
  const beyond =
    cursor === undefined
      ? {}
      : { [field]: { [backwards ? '$gt' : '$lt']: decode(field, backwards ? 'before' : 'after', cursor) } };
  const sort: Record<string, SortOrder> = { [field]: backwards ? 1 : -1 };
  const found = (await model
    .find({ ...filter, ...beyond }, fields)
    .sort(sort)
    .limit(query.limit + 1)
    .maxTimeMS(4_000)
    .lean()) as R[];
  const more = found.length > query.limit;
  const records = found.slice(0, query.limit);
  if (backwards) records.reverse();
  const cursorOf = (record: R | undefined): string | null =>
    record ? encode(field, Number(record[field])) : null;
  return {
    records,
    page: {
      limit: query.limit,
      next: backwards || more ? cursorOf(records.at(-1)) : null,
      prev: (backwards ? more : cursor !== undefined) ? cursorOf(records[0]) : null,
      ...(query.count ? { total: await model.countDocuments(filter, { maxTimeMS: 3_000 }) } : {}),
    },
  };
}
