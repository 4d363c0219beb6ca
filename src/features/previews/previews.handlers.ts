import type { Handlers } from '../../http/register.ts';
import type { previewsRoutes } from './previews.contract.ts';
import type { PreviewsService } from './previews.service.ts';

export const previewsHandlers = (previews: PreviewsService): Handlers<typeof previewsRoutes> => ({
  list: async (ctx, { params, query }) => {
    const { records, page } = await previews.list(ctx, params.id, query);
    return { data: records, page };
  },
  create: async (ctx, { params, body }) => previews.create(ctx, params.id, body),
  read: async (ctx, { params }) => previews.read(ctx, params.id, params.linkId),
  revoke: async (ctx, { params }) => previews.revoke(ctx, params.id, params.linkId),
});
