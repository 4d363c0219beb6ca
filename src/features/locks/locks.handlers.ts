import type { Handlers } from '../../http/register.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import { presentLock } from '../articles/lock.ts';
import type { locksRoutes } from './locks.contract.ts';

export const locksHandlers = (articles: ArticlesService): Handlers<typeof locksRoutes> => ({
  take: async (ctx, { params, body }) => presentLock(await articles.lock(ctx, params.id, body)),
  release: async (ctx, { params }) => articles.unlock(ctx, params.id),
});
