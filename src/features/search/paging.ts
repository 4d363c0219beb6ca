import { invalidParameter } from '../../core/errors.ts';
import type { PageOf } from '../../db/page.ts';
import type { Found, Marks, Place, Question, SearchIndex } from './search-index.ts';

/** A question of which one page is wanted; cursors and bounds as lists have them. */
export interface PagedQuestion {
  readonly q: string;
  readonly marks: readonly Marks[];
  readonly order: Question['order'];
  readonly limit: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  /** Exclusive bounds of what newest first goes by. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly count?: boolean | undefined;
  readonly facets?: boolean;
}

export interface FoundPage {
  /** In their order; whoever asked reads them again under the rights of whoever asks. */
  readonly ids: readonly string[];
  readonly page: PageOf<never>['page'];
  readonly found: Found;
}

export type FindPage = (asked: PagedQuestion) => Promise<FoundPage>;

const REVERSED = { newest: 'oldest', oldest: 'newest' } as const;

const encode = (order: Question['order'], { id, at, score, now, seen }: Place): string =>
  Buffer.from(JSON.stringify([order, id, at, score, now, seen])).toString('base64url');

function decode(order: Question['order'], parameter: 'after' | 'before', cursor: string): Place {
  try {
    const [of, id, at, score, now, seen] = JSON.parse(
      Buffer.from(cursor, 'base64url').toString(),
    ) as unknown[];
    const areNumbers = [at, score, now, seen].every((value) => Number.isFinite(value));
    if (of === order && typeof id === 'string' && areNumbers) return { id, at, score, now, seen } as Place;
  } catch {
    // Not even JSON: as good as another list's.
  }
  throw invalidParameter(parameter, 'Not a cursor of this search. Take it from "page" of an answer.');
}

/** The order in which the index is walked: against that of the list, for the page before a cursor. */
function walk({ order, before }: PagedQuestion): Question['order'] {
  if (before === undefined) return order;
  if (order === 'fit')
    throw invalidParameter('before', 'A search by relevance has no way back. Follow "page.next".');
  return REVERSED[order];
}

/** One page of hits of an index, with the cursors of the pages beside it. */
export const createFindPage =
  (index: SearchIndex): FindPage =>
  async (asked) => {
    const { q, marks, order, limit, count = false, facets = false, since, until } = asked;
    if (asked.after && asked.before) throw invalidParameter('before', 'Give "after" or "before", not both.');
    const cursor = asked.after ?? asked.before;
    const backwards = asked.before !== undefined;
    const walked = walk(asked);
    const place = cursor ? decode(order, backwards ? 'before' : 'after', cursor) : undefined;
    const now = place?.now ?? Date.now();
    const found = await index.query({
      ...{ q, marks, limit, count, facets, now, place, order: walked },
      ...{ after: since?.getTime(), before: until?.getTime() },
    });
    const hits = backwards ? [...found.hits].reverse() : found.hits;
    const seen = (place?.seen ?? 0) + hits.length;
    const edge = (at: 0 | -1) => {
      const hit = hits.at(at);
      return hit ? encode(order, { ...hit, now, seen }) : null;
    };
    const hasNext = backwards || found.more;
    const hasPrev = order !== 'fit' && (backwards ? found.more : place !== undefined);
    const page = {
      limit,
      next: hasNext ? edge(-1) : null,
      prev: hasPrev ? edge(0) : null,
      ...(found.total === undefined ? {} : { total: found.total }),
      ...(found.totalCapped ? { totalCapped: true as const } : {}),
    };
    return { ids: hits.map(({ id }) => id), page, found };
  };
