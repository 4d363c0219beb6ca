import { invalidParameter } from '../../core/errors.ts';
import type { PageOf } from '../../db/page.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedFilter, PublishedQueries } from '../articles/published.queries.ts';
import type { Found, Marks, Place, Question, SearchIndex } from './search-index.ts';
import type { Matched } from './snippet.ts';

export interface Asked {
  readonly q: string;
  readonly filter: PublishedFilter;
  readonly order: 'fit' | 'newest';
  readonly limit: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly count?: boolean | undefined;
  readonly facets?: boolean;
  readonly withBody: boolean;
}

export interface Answered extends PageOf<PublishedRecord> {
  readonly facets: Found['facets'];
  readonly matched: Matched;
}

export type ReadersSearch = ReturnType<typeof createReadersSearch>;

const encode = (order: Asked['order'], { id, at, score }: Omit<Place, 'now'>, now: number): string =>
  Buffer.from(JSON.stringify([order, id, at, score, now])).toString('base64url');

function decode(order: Asked['order'], parameter: 'after' | 'before', cursor: string): Place {
  try {
    const [of, id, at, score, now] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const numbers = [at, score, now].every((value) => Number.isFinite(value));
    if (of === order && typeof id === 'string' && numbers) return { id, at, score, now } as Place;
  } catch {
    // Not even JSON: as good as another list's.
  }
  throw invalidParameter(parameter, 'Not a cursor of this search. Take it from "page" of an answer.');
}

/** A filter of lists as marks of the index. */
const marksOf = ({ tags, section, authors, type, language }: PublishedFilter): Marks[] => [
  ...(section ? [{ section: section.map(String) }] : []),
  ...(tags ? [{ tag: tags.map(String) }] : []),
  ...(authors ? [{ author: authors.map(String) }] : []),
  ...(type ? [{ type }] : []),
  ...(language ? [{ language }] : []),
];

/**
 * Searches what readers may see. The index gives ids only: the stories are read again under the one predicate of
 * everything public, and what is not public now is not there, whatever the index still knows.
 */
export function createReadersSearch({
  index,
  published,
}: {
  readonly index: SearchIndex;
  readonly published: PublishedQueries;
}) {
  return { find };

  async function find(asked: Asked): Promise<Answered> {
    const { q, filter, order, limit, count = false, facets = false } = asked;
    if (asked.after && asked.before) throw invalidParameter('before', 'Give "after" or "before", not both.');
    const cursor = asked.after ?? asked.before;
    const backwards = asked.before !== undefined;
    const place = cursor ? decode(order, backwards ? 'before' : 'after', cursor) : undefined;
    const now = place?.now ?? Date.now();
    const question: Question = {
      ...{ q, limit, count, facets, now, place, marks: marksOf(filter) },
      order: backwards ? 'oldest' : order,
      after: filter.after?.getTime(),
      before: filter.before?.getTime(),
    };
    const found = await index.query(question);
    const hits = backwards ? [...found.hits].reverse() : found.hits;
    const stories = await published.among(
      hits.map(({ id }) => id),
      filter,
      asked.withBody,
    );
    const byId = new Map(stories.map((story) => [String(story._id), story]));
    const edge = (at: 0 | -1) => {
      const hit = hits.at(at);
      return hit ? encode(order, hit, now) : null;
    };
    const hasNext = backwards || found.more;
    const hasPrev = order === 'newest' && (backwards ? found.more : place !== undefined);
    return {
      records: hits.flatMap(({ id }) => byId.get(id) ?? []),
      page: {
        limit,
        next: hasNext ? edge(-1) : null,
        prev: hasPrev ? edge(0) : null,
        ...(found.total === undefined ? {} : { total: found.total }),
        ...(found.totalCapped ? { totalCapped: true as const } : {}),
      },
      facets: found.facets,
      matched: { stems: new Set(found.stems), languages: found.languages },
    };
  }
}
