import type { Handlers } from '../../http/register.ts';
import { presentArticle } from '../articles/articles.presenter.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { mergeRoutes } from './merge.contract.ts';

export const mergeHandlers = (articles: ArticlesService): Handlers<typeof mergeRoutes> => ({
  merge: async (ctx, { params, body }) => presentArticle(await articles.merge(ctx, params.id, body)),
});
