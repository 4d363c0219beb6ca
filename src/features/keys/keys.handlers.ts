import type { Handlers } from '../../http/register.ts';
import type { keysRoutes } from './keys.contract.ts';
import { presentIssued, presentKey } from './keys.presenter.ts';
import type { KeysService } from './keys.service.ts';

export const keysHandlers = (keys: KeysService): Handlers<typeof keysRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await keys.list(ctx, query);
    return { data: records.map(presentKey), page };
  },
  create: async (ctx, { body }) => presentIssued(await keys.create(ctx, body)),
  read: async (ctx, { params }) => presentKey(await keys.read(ctx, params.id)),
  change: async (ctx, { params, ifMatch, body }) =>
    presentKey(await keys.change(ctx, params.id, ifMatch, body)),
  rotate: async (ctx, { params, ifMatch, body }) =>
    presentIssued(await keys.rotate(ctx, params.id, ifMatch, body.overlapMinutes)),
  revoke: async (ctx, { params, ifMatch }) => keys.revoke(ctx, params.id, ifMatch),
});
