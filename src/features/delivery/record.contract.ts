import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { anyOf, Id, Instant, listQuery, pageOf, SlugParam } from '../../contract/shapes.ts';
import { Change } from '../articles/articles.contract.ts';

const PublicVersion = z
  .object({ number: z.int(), change: Change.nullable(), note: z.string().nullable(), at: Instant })
  .meta({
    id: 'PublicVersion',
    description:
      '`change` is null where the story was published, for the first time or after it had been taken down. Without a note for `minor`.',
  });

const ListedCorrection = z
  .object({
    change: Change,
    note: z.string(),
    at: Instant,
    article: z.object({ id: Id, slug: z.string(), url: z.string(), headline: z.string() }),
  })
  .meta({ id: 'ListedCorrection' });

export const deliveredRecordRoutes = defineRoutes({
  history: {
    method: 'get',
    path: '/articles/:slug/history',
    summary: 'The versions that readers had of a story, newest first',
    access: 'content:read',
    params: z.strictObject({ slug: SlugParam }),
    query: z.strictObject(listQuery),
    response: pageOf(PublicVersion),
    cacheable: true,
    redirects: 301,
    errors: ['gone'],
  },
  corrections: {
    method: 'get',
    path: '/corrections',
    summary: 'Corrections and clarifications of all public stories, newest first',
    access: 'content:read',
    query: z.strictObject({
      ...listQuery,
      tag: anyOf(SlugParam).optional(),
      section: anyOf(SlugParam).optional(),
    }),
    response: pageOf(ListedCorrection),
    cacheable: true,
  },
});
