import type { Handlers } from '../../http/register.ts';
import { presentArticle } from '../articles/articles.presenter.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { revisionsRoutes } from './revisions.contract.ts';
import { presentDiff, presentRevision, presentRevisionWhole } from './revisions.presenter.ts';
import type { RevisionQueries } from './revisions.queries.ts';

export const revisionsHandlers = ({
  history: revisions,
  articles,
}: {
  history: RevisionQueries;
  articles: ArticlesService;
}): Handlers<typeof revisionsRoutes> => ({
  list: async (ctx, { params, query }) => {
    const { records, page } = await revisions.list(ctx, params.id, query);
    return { data: records.map(presentRevision), page };
  },
  read: async (ctx, { params }) => presentRevisionWhole(await revisions.read(ctx, params.id, params.number)),
  diff: async (ctx, { params, query }) => {
    const [from, to] = await revisions.pair(ctx, params.id, params.a, params.b);
    return presentDiff(from.snapshot, to.snapshot, { html: query.format === 'html' });
  },
  restore: async (ctx, { params: { id, number }, ifMatch, body }) =>
    presentArticle(await articles.bringBack(ctx, id, ifMatch, { number, ...body })),
});
