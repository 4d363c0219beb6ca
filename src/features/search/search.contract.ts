import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { pageOf } from '../../contract/shapes.ts';
import { DeliveryQuery, ListedArticle } from '../delivery/delivery.contract.ts';

const { asOf: _asOf, before: _before, include: _include, sort: _sort, q, ...filters } = DeliveryQuery.shape;

const SearchQuery = z.strictObject({
  ...filters,
  q: q.unwrap(),
  sort: z.enum(['relevance', '-publishedAt']).default('relevance').meta({
    description: 'What fits best, with news before old stories; or newest first.',
  }),
});

const Highlights = z.object({ headline: z.string(), text: z.string() }).meta({
  id: 'Highlights',
  description: 'HTML: the text of the story escaped, with each hit in `<mark>`, the only markup there is.',
});

const named = z.array(z.object({ slug: z.string(), name: z.string(), count: z.int() }));
const valued = z.array(z.object({ value: z.string(), count: z.int() }));

export type SearchQuery = z.infer<typeof SearchQuery>;

const SearchFacets = z.object({ section: named, tag: named, type: valued, month: valued }).meta({
  id: 'SearchFacets',
  description:
    'How many hits there are by what they are filed under, over the newest 10 000 (2 000 for a search with a phrase). `month` is of the publication (UTC), newest first; the others go by count, at most 50 each.',
});
export type SearchFacets = z.infer<typeof SearchFacets>;

export const SearchHit = ListedArticle.extend({ highlights: Highlights }).meta({ id: 'SearchHit' });

export const searchRoutes = defineRoutes({
  search: {
    method: 'get',
    path: '/search',
    summary: 'Search published stories',
    access: 'content:read',
    query: SearchQuery,
    response: pageOf(SearchHit).extend({ facets: SearchFacets }),
    cacheable: true,
  },
});
