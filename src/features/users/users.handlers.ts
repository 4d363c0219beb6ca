import type { Handlers } from '../../http/register.ts';
import type { UserRemoval } from './removal.ts';
import type { usersRoutes } from './users.contract.ts';
import { presentUser } from './users.presenter.ts';
import type { UsersService } from './users.service.ts';

export const usersHandlers = (users: UsersService & UserRemoval): Handlers<typeof usersRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await users.list(ctx, query);
    return { data: records.map(presentUser), page };
  },
  create: async (ctx, { body }) => presentUser(await users.create(ctx, body)),
  read: async (ctx, { params }) => presentUser(await users.read(ctx, params.id)),
  change: async (ctx, { params, ifMatch, body }) =>
    presentUser(await users.change(ctx, params.id, ifMatch, body)),
  remove: async (ctx, { params, ifMatch }) => users.remove(ctx, params.id, ifMatch),
  deactivate: async (ctx, { params, ifMatch }) =>
    presentUser(await users.deactivate(ctx, params.id, ifMatch)),
  activate: async (ctx, { params, ifMatch }) => presentUser(await users.activate(ctx, params.id, ifMatch)),
});
