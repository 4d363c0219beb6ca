import { unauthenticated } from '../../core/errors.ts';
import { permissionsOf } from '../../core/policy.ts';
import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import { presentProfile } from '../profile/profile.presenter.ts';
import type { ProfileService } from '../profile/profile.service.ts';
import type { authRoutes } from './auth.contract.ts';
import { presentFirstStep, presentSignedIn } from './auth.presenter.ts';
import type { AuthService } from './auth.service.ts';

export const authHandlers = (auth: AuthService, profile: ProfileService): Handlers<typeof authRoutes> => ({
  login: async (ctx, { body }) => presentFirstStep(await auth.login(ctx, body), body.tokenDelivery),
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
    const { actor } = ctx;
    const mine = presentProfile(await profile.read(ctx));
    const { sessionId, mustEnrol } = actor.kind === 'user' ? actor : { sessionId: '', mustEnrol: false };
    return { ...mine, sessionId, role: mine.user.role, mustEnrol, permissions: permissionsOf(actor) };
  },
});
