import type { Handlers } from '../../http/register.ts';
import type { authorsRoutes } from './authors.contract.ts';
import { presentAuthor } from './authors.presenter.ts';
import type { AuthorsService } from './authors.service.ts';

export const authorsHandlers = (authors: AuthorsService): Handlers<typeof authorsRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await authors.list(ctx, query);
    return { data: records.map(presentAuthor), page };
  },
  create: async (ctx, { body }) => presentAuthor(await authors.create(ctx, body)),
  read: async (ctx, { params }) => presentAuthor(await authors.read(ctx, params.id)),
  change: async (ctx, { params, ifMatch, body }) =>
    presentAuthor(await authors.change(ctx, params.id, ifMatch, body)),
  remove: async (ctx, { params, ifMatch }) => authors.remove(ctx, params.id, ifMatch),
});
