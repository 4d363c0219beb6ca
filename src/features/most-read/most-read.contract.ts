import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { listQuery, pageOf, SlugParam } from '../../contract/shapes.ts';
import { DeliveryQuery, ListedArticle } from '../delivery/delivery.contract.ts';

export const mostReadRoutes = defineRoutes({
  read: {
    method: 'post',
    path: '/articles/:slug/reads',
    summary:
      'Say that a story is being read: a beacon for the page that shows it, without a body and always answered alike',
    access: 'public',
    params: z.strictObject({ slug: SlugParam }),
    response: null,
  },
  list: {
    method: 'get',
    path: '/most-read',
    summary: 'The stories that were read most within a day, the last hours counting most',
    access: 'content:read',
    query: z.strictObject({ limit: listQuery.limit, fields: DeliveryQuery.shape.fields }),
    response: pageOf(ListedArticle),
    cacheable: true,
  },
});
