import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { IdParams } from '../../contract/shapes.ts';
import { Article, ArticlePatch } from '../articles/articles.contract.ts';

export const MergeRequest = z.strictObject({ base: z.int().min(1), changes: ArticlePatch }).meta({
  id: 'MergeRequest',
  description:
    '`base`: the version that the changes were made to. What others changed since is kept: fields and blocks that only one side changed merge by themselves.',
});
export type MergeRequest = z.output<typeof MergeRequest>;

export const mergeRoutes = defineRoutes({
  merge: {
    method: 'post',
    path: '/articles/:id/merge',
    summary: 'Save changes that were made to an older version, together with what others changed since',
    access: 'articles:write',
    params: IdParams,
    body: MergeRequest,
    response: Article,
    lockable: true,
    idempotent: true,
    errors: ['merge_conflict', 'wrong_state', 'conflict'],
  },
});
