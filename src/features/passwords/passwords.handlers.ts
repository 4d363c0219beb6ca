import type { Handlers } from '../../http/register.ts';
import type { passwordsRoutes } from './passwords.contract.ts';
import type { PasswordsService } from './passwords.service.ts';

export const passwordsHandlers = (passwords: PasswordsService): Handlers<typeof passwordsRoutes> => ({
  change: async (ctx, { body }) => passwords.change(ctx, body),
  requestReset: async (ctx, { body }) => passwords.requestReset(ctx, body.email),
  reset: async (ctx, { params, body }) => passwords.reset(ctx, params.token, body.password),
});
