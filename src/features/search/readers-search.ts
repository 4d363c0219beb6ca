import { byId } from '../../core/by-id.ts';
import type { PageOf } from '../../db/page.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedFilter, PublishedQueries } from '../articles/published.queries.ts';
import { createFindPage } from './paging.ts';
import type { Found, Marks, SearchIndex } from './search-index.ts';
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
  const findPage = createFindPage(index);
  return { find };

  async function find({ filter, withBody, ...asked }: Asked): Promise<Answered> {
    const { ids, page, found } = await findPage({
      ...{ ...asked, marks: marksOf(filter) },
      ...{ since: filter.after, until: filter.before },
    });
    const stories = await published.among(ids, filter, withBody);
    const known = byId(stories);
    return {
      records: ids.flatMap((id) => known.get(id) ?? []),
      page,
      facets: found.facets,
      matched: { stems: new Set(found.stems), languages: found.languages },
    };
  }
}
