import { unauthenticated } from '../../core/errors.ts';
import { permissionsOf } from '../../core/permissions.ts';
import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import { presentUser } from '../users/users.presenter.ts';
import type { authRoutes } from './auth.contract.ts';
import { presentSignedIn } from './auth.presenter.ts';
import type { AuthService } from './auth.service.ts';

export const authHandlers = (auth: AuthService): Handlers<typeof authRoutes> => ({
  login: async (ctx, { body }) => presentSignedIn(await auth.login(ctx, body), body.tokenDelivery),
  refresh: async (ctx, { body, cookie }) => {
    const token = body.refreshToken ?? cookie();
    if (!token) throw unauthenticated('Send the refresh token in its cookie or in the body.');
    return presentSignedIn(
      await auth.refresh(ctx, token),
      body.tokenDelivery ?? (body.refreshToken ? 'body' : 'cookie'),
    );
  },
  logout: async (ctx) => {
    await auth.logout(ctx);
    return new Reply(undefined, { sessionCookie: null });
  },
  me: async (ctx) => {
    const user = await auth.me(ctx);
    const sessionId = ctx.actor.kind === 'user' ? ctx.actor.sessionId : '';
    return { user: presentUser(user), sessionId, role: user.role, permissions: permissionsOf(ctx.actor) };
  },
});
