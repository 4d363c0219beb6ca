import type { Handlers } from '../../http/register.ts';
import type { tagsRoutes } from './tags.contract.ts';
import { presentTag } from './tags.presenter.ts';
import type { TagsService } from './tags.service.ts';

export const tagsHandlers = (tags: TagsService): Handlers<typeof tagsRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await tags.list(ctx, query);
    return { data: records.map(presentTag), page };
  },
  create: async (ctx, { body }) => presentTag(await tags.create(ctx, body)),
  read: async (ctx, { params }) => presentTag(await tags.read(ctx, params.id)),
  change: async (ctx, { params, ifMatch, body }) =>
    presentTag(await tags.change(ctx, params.id, ifMatch, body)),
  remove: async (ctx, { params, ifMatch }) => tags.remove(ctx, params.id, ifMatch),
  merge: async (ctx, { params, ifMatch, body }) =>
    presentTag(await tags.merge(ctx, params.id, ifMatch, body.into)),
});
