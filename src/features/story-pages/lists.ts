import type { Connection } from 'mongoose';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import {
  conditionsOf,
  NEWEST,
  type Place,
  type PublishedFilter,
  type PublishedQueries,
} from '../articles/published.queries.ts';
import { type ListedRecord, pageModel, type StoryPageRecord } from './story-pages.model.ts';

/** What is read of a page for its entry in lists. */
export const IN_LISTS = { stale: 1, era: 1, through: 1, listed: 1 } as const;

/** A way to read lists of finished stories, and what may be shown of what it read. */
export interface ListReader {
  readonly entries: (filter: PublishedFilter, query: PageQuery) => Promise<PageOf<Place>>;
  /** In the order of the records; `keys` are the cache tags of the list. `null`: it has to be put together. */
  readonly listed: (records: readonly Place[], keys: readonly string[]) => readonly ListedRecord[] | null;
}

type Show<R> = (rows: readonly R[], keys: readonly string[]) => readonly ListedRecord[] | null;
type Found = Place & { readonly beside: readonly StoryPageRecord[] };

/** Reads lists of finished stories: one question each. */
export function createLists({
  db,
  published,
}: {
  db: Connection;
  published: Pick<PublishedQueries, 'places'>;
}) {
  const Pages = pageModel(db);
  return { alone, beside };

  /** Where all stories have their pages; uses the indexes that `published` has as well. */
  function alone(show: Show<StoryPageRecord>): ListReader {
    return {
      entries: (filter, query) =>
        pageOf(Pages, {
          filter: conditionsOf(filter),
          order: NEWEST,
          query,
          fields: { publishedAt: 1, ...IN_LISTS },
          plain: true,
        }) as Promise<PageOf<Place>>,
      // As they were read above.
      listed: (records, keys) => show(records as unknown as readonly StoryPageRecord[], keys),
    };
  }

  function beside(show: Show<StoryPageRecord | undefined>): ListReader {
    return {
      entries: (filter, query) =>
        published.places<StoryPageRecord>(filter, query, { from: 'story_pages', fields: IN_LISTS }),
      listed: (records, keys) =>
        show(
          (records as readonly Found[]).map((found) => found.beside[0]),
          keys,
        ),
    };
  }
}
