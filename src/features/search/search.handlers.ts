import { madeInTurns } from '../../core/pace.ts';
import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import { ASK_AGAIN } from '../delivery/caching.ts';
import { onlyFields, presentListed } from '../delivery/delivery.presenter.ts';
import type { DeliveryService } from '../delivery/delivery.service.ts';
import type { RecordsOf } from '../delivery/names.ts';
import { listOf } from '../delivery/story-answer.ts';
import type { ShownPages } from '../story-pages/shown.ts';
import { presentFacets } from './facets.presenter.ts';
import { highlighter, wordsOf } from './highlights.ts';
import type { Asked, ReadersSearch, Sought } from './readers-search.ts';
import { type SearchFacets, type SearchQuery, searchRoutes } from './search.contract.ts';

/** What stands beside the hits, by the contract. */
const Rest = searchRoutes.search.response.omit({ data: true });

interface Deps {
  readonly delivery: DeliveryService;
  readonly readersSearch: ReadersSearch;
  readonly namedRecords: { readonly recordsOf: RecordsOf };
  readonly shownPages: Pick<ShownPages, 'hits' | 'isReady'>;
}

/** So many hits are read at once. */
const READ_AT_ONCE = 20;
/** So many are marked before others get their turn: a page that is kept would wait for all of them. */
const MARKED_AT_ONCE = 5;

export function searchHandlers({
  delivery,
  readersSearch,
  namedRecords: { recordsOf },
  shownPages,
}: Deps): Handlers<typeof searchRoutes> {
  return {
    search: (_ctx, { query }) => readersSearch.inHand(() => answer(query)),
  };

  async function answer(query: SearchQuery) {
    const { q, limit, after, count, sort, fields } = query;
    const order = sort === 'relevance' ? 'fit' : 'newest';
    const filter = await delivery.filterOf(query);
    const asked = { q, filter, order, limit, after, count, facets: true, withBody: true } as const;
    const sought = await readersSearch.seek(asked);
    const { page, matched } = sought;
    const [finished, facets] = await Promise.all([
      fields === undefined ? finishedHits(sought, asked) : null,
      facetsOf(sought),
    ]);
    const rest = { page, facets };
    if (finished)
      return new Reply(
        { data: [], ...rest },
        { headers: ASK_AGAIN, json: listOf(finished, Rest.parse(rest)) },
      );
    const records = await readersSearch.read(sought.ids, asked);
    const embedded = await delivery.embed(records, false);
    const highlightsOf = highlighter(matched);
    const data = await madeInTurns(records, MARKED_AT_ONCE, (story) => ({
      ...onlyFields(presentListed(story, embedded), fields),
      highlights: highlightsOf(wordsOf(story)),
    }));
    return new Reply({ data, ...rest }, { headers: ASK_AGAIN });
  }

  /** Hits made of what is finished of their stories, as JSON; `null` where they have to be put together. */
  async function finishedHits({ ids, matched }: Sought, asked: Asked): Promise<Buffer[] | null> {
    if (!shownPages.isReady()) return null;
    const highlightsOf = highlighter(matched);
    const hits: Buffer[] = [];
    for (let from = 0; from < ids.length; from += READ_AT_ONCE) {
      const some = ids.slice(from, from + READ_AT_ONCE);
      const finished = await shownPages.hits(some, asked.filter);
      const others = some.filter((id) => !finished.has(id));
      if ((await readersSearch.publicOf(others, asked)).length > 0) return null;
      const found = some.flatMap((id) => finished.get(id) ?? []);
      const marked = await madeInTurns(found, MARKED_AT_ONCE, ({ listed, words }) =>
        hitOf(listed.json, highlightsOf(words)),
      );
      hits.push(...marked);
    }
    return hits;
  }

  async function facetsOf({ facets }: Sought): Promise<SearchFacets> {
    const [sections, tags] = await Promise.all([
      recordsOf('section', Object.keys(facets?.section ?? {})),
      recordsOf('tag', Object.keys(facets?.tag ?? {})),
    ]);
    return presentFacets(facets, { sections, tags });
  }
}

/** A story's entry in lists with what was found in it. */
const hitOf = (entry: Buffer, highlights: object): Buffer =>
  Buffer.concat([entry.subarray(0, -1), Buffer.from(`,"highlights":${JSON.stringify(highlights)}}`)]);
