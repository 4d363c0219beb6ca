import type { Handlers } from '../../http/register.ts';
import type { mediaCollectionsRoutes } from './media-collections.contract.ts';
import { presentMediaCollection } from './media-collections.presenter.ts';
import type { MediaCollectionsService } from './media-collections.service.ts';

export const mediaCollectionsHandlers = (
  collections: MediaCollectionsService,
): Handlers<typeof mediaCollectionsRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await collections.list(ctx, query);
    return { data: records.map(presentMediaCollection), page };
  },
  create: async (ctx, { body }) => presentMediaCollection(await collections.create(ctx, body)),
  read: async (ctx, { params }) => presentMediaCollection(await collections.read(ctx, params.id)),
  change: async (ctx, { params, ifMatch, body }) =>
    presentMediaCollection(await collections.change(ctx, params.id, ifMatch, body)),
  remove: async (ctx, { params, ifMatch }) => collections.remove(ctx, params.id, ifMatch),
});
