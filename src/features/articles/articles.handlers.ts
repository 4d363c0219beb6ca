import type { Handlers } from '../../http/register.ts';
import type { articlesRoutes } from './articles.contract.ts';
import { presentArticle, presentSummary } from './articles.presenter.ts';
import type { ArticlesService } from './articles.service.ts';

export const articlesHandlers = (articles: ArticlesService): Handlers<typeof articlesRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await articles.list(ctx, query);
    return { data: records.map(presentSummary), page };
  },
  create: async (ctx, { body }) => presentArticle(await articles.create(ctx, body)),
  read: async (ctx, { params }) => presentArticle(await articles.read(ctx, params.id)),
  change: async (ctx, { params, ifMatch, body }) =>
    presentArticle(await articles.change(ctx, params.id, ifMatch, body)),
  bin: async (ctx, { params, ifMatch }) => presentArticle(await articles.bin(ctx, params.id, ifMatch)),
  restore: async (ctx, { params, ifMatch }) =>
    presentArticle(await articles.restore(ctx, params.id, ifMatch)),
  submit: async (ctx, { params, ifMatch }) => presentArticle(await articles.submit(ctx, params.id, ifMatch)),
  return: async (ctx, { params, ifMatch }) => presentArticle(await articles.return(ctx, params.id, ifMatch)),
  approve: async (ctx, { params, ifMatch }) =>
    presentArticle(await articles.approve(ctx, params.id, ifMatch)),
  schedule: async (ctx, { params, ifMatch, body }) =>
    presentArticle(await articles.schedule(ctx, params.id, ifMatch, body)),
  unschedule: async (ctx, { params, ifMatch }) =>
    presentArticle(await articles.unschedule(ctx, params.id, ifMatch)),
  publish: async (ctx, { params, ifMatch, body }) =>
    presentArticle(await articles.publish(ctx, params.id, ifMatch, body)),
  unpublish: async (ctx, { params, ifMatch, body }) =>
    presentArticle(await articles.unpublish(ctx, params.id, ifMatch, body.reason)),
  kill: async (ctx, { params, ifMatch, body }) =>
    presentArticle(await articles.kill(ctx, params.id, ifMatch, body.reason)),
  archive: async (ctx, { params, ifMatch }) =>
    presentArticle(await articles.archive(ctx, params.id, ifMatch)),
});
