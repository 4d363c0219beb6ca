import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import { toText } from '../../schema/index.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import { ASK_AGAIN } from '../delivery/caching.ts';
import { onlyFields, presentListed } from '../delivery/delivery.presenter.ts';
import type { DeliveryService } from '../delivery/delivery.service.ts';
import { presentFacets } from './facets.presenter.ts';
import type { Answered, Asked } from './readers-search.ts';
import type { searchRoutes } from './search.contract.ts';
import { type Matched, marked, snippetOf } from './snippet.ts';

/** A story was found by the stems of its own language: those of others would only cost time. */
function highlighter({ stems }: Matched) {
  const byLanguage = new Map<string, Matched>();
  return ({ headline, standfirst, body, language }: PublishedRecord) => {
    const matched = byLanguage.get(language) ?? { stems, languages: [language], seen: new Map() };
    byLanguage.set(language, matched);
    return {
      headline: marked(headline, matched),
      text: snippetOf(`${standfirst}\n${toText(body)}`, matched),
    };
  };
}

export const searchHandlers = ({
  delivery,
  find,
}: {
  readonly delivery: DeliveryService;
  readonly find: (asked: Asked) => Promise<Answered>;
}): Handlers<typeof searchRoutes> => ({
  search: async (_ctx, { query }) => {
    const { q, limit, after, count, sort, fields } = query;
    const order = sort === 'relevance' ? 'fit' : 'newest';
    const filter = await delivery.filterOf(query);
    const asked = { q, filter, order, limit, after, count, facets: true, withBody: true } as const;
    const { records, page, facets, matched } = await find(asked);
    const [embedded, names] = await Promise.all([
      delivery.embed(records, false),
      delivery.namesOf(Object.keys(facets?.section ?? {}), Object.keys(facets?.tag ?? {})),
    ]);
    const highlightsOf = highlighter(matched);
    const data = records.map((story) => ({
      ...onlyFields(presentListed(story, embedded), fields),
      highlights: highlightsOf(story),
    }));
    return new Reply({ data, page, facets: presentFacets(facets, names) }, { headers: ASK_AGAIN });
  },
});
