import type { Handlers } from '../../http/register.ts';
import { presentSignedIn } from '../auth/auth.presenter.ts';
import type { setupRoutes } from './setup.contract.ts';
import type { SetupService } from './setup.service.ts';

export const setupHandlers = (setup: SetupService): Handlers<typeof setupRoutes> => ({
  complete: async (ctx, { body }) => presentSignedIn(await setup.complete(ctx, body), body.tokenDelivery),
});
