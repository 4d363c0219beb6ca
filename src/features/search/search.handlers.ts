import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import { ASK_AGAIN } from '../delivery/caching.ts';
import { onlyFields, presentListed } from '../delivery/delivery.presenter.ts';
import type { DeliveryService } from '../delivery/delivery.service.ts';
import { listOf } from '../delivery/story-answer.ts';
import type { ShownPages } from '../story-pages/shown.ts';
import { presentFacets } from './facets.presenter.ts';
import { highlighter, wordsOf } from './highlights.ts';
import type { Asked, ReadersSearch, Sought } from './readers-search.ts';
import { type SearchFacets, searchRoutes } from './search.contract.ts';

/** What stands beside the hits, by the contract. */
const Rest = searchRoutes.search.response.omit({ data: true });

interface Deps {
  readonly delivery: DeliveryService;
  readonly readersSearch: ReadersSearch;
  readonly shownPages: Pick<ShownPages, 'hits' | 'isReady'>;
}

export function searchHandlers({ delivery, readersSearch, shownPages }: Deps): Handlers<typeof searchRoutes> {
  return {
    search: async (_ctx, { query }) => {
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
      const data = records.map((story) => ({
        ...onlyFields(presentListed(story, embedded), fields),
        highlights: highlightsOf(wordsOf(story)),
      }));
      return new Reply({ data, ...rest }, { headers: ASK_AGAIN });
    },
  };

  /** Hits made of what is finished of their stories, as JSON; `null` where they have to be put together. */
  async function finishedHits({ ids, matched }: Sought, asked: Asked): Promise<Buffer[] | null> {
    if (!shownPages.isReady()) return null;
    const hits = await shownPages.hits(await readersSearch.publicOf(ids, asked));
    const highlightsOf = highlighter(matched);
    return (
      hits?.map(({ listed, words }) =>
        Buffer.concat([
          listed.json.subarray(0, -1),
          Buffer.from(`,"highlights":${JSON.stringify(highlightsOf(words))}}`),
        ]),
      ) ?? null
    );
  }

  async function facetsOf({ facets }: Sought): Promise<SearchFacets> {
    const names = await delivery.namesOf(Object.keys(facets?.section ?? {}), Object.keys(facets?.tag ?? {}));
    return presentFacets(facets, names);
  }
}
