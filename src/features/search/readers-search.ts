import { byId } from '../../core/by-id.ts';
import { createGate } from '../../core/gate.ts';
import type { PageOf } from '../../db/page.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedFilter, PublishedQueries } from '../articles/published.queries.ts';
import { createFindPage } from './paging.ts';
import { busy, type Found, type Marks, type SearchIndex } from './search-index.ts';
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

interface Looked {
  readonly page: PageOf<never>['page'];
  readonly facets: Found['facets'];
  readonly matched: Matched;
}

export interface Answered extends Looked {
  readonly records: PublishedRecord[];
}

/** What was found before it is read again. */
export interface Sought extends Looked {
  /** In their order. Not all of them need be public. */
  readonly ids: readonly string[];
}

/** Whoever waits longer, or behind more, is told to come again. */
const PATIENCE = { mostWaiting: 50, patienceMs: 1_000, refusal: busy } as const;

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
  const inHand = createGate(index.atOnce, PATIENCE);
  return { inHand, find, seek, read, publicOf };

  async function find(asked: Asked): Promise<Answered> {
    return inHand(async () => {
      const { ids, ...looked } = await seek(asked);
      return { records: await read(ids, asked), ...looked };
    });
  }

  async function seek({ filter, withBody: _body, ...asked }: Asked): Promise<Sought> {
    const { ids, page, found } = await findPage({
      ...{ ...asked, marks: marksOf(filter) },
      ...{ since: filter.after, until: filter.before },
    });
    return {
      ...{ ids, page, facets: found.facets },
      matched: { stems: new Set(found.stems), languages: found.languages },
    };
  }

  async function read(
    ids: readonly string[],
    { filter, withBody }: Pick<Asked, 'filter' | 'withBody'>,
  ): Promise<PublishedRecord[]> {
    const known = byId(await published.among(ids, filter, withBody));
    return ids.flatMap((id) => known.get(id) ?? []);
  }

  /** Those of the hits that are public. */
  async function publicOf(ids: readonly string[], { filter }: Pick<Asked, 'filter'>): Promise<string[]> {
    return [...(await published.publicAmong(ids, filter))];
  }
}
