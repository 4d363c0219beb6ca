import { Reply } from '../../http/reply.ts';
import { presentUser } from '../users/users.presenter.ts';
import type { SignedIn, TokenDelivery } from './auth.contract.ts';
import type { Granted } from './sessions.ts';

/** A sign-in as it is answered: the refresh token in an HttpOnly cookie, or in the body where that was asked for. */
export function presentSignedIn(granted: Granted, delivery: TokenDelivery): Reply<SignedIn> {
  const { user, accessToken, expiresIn, refreshToken } = granted;
  const body = { accessToken, expiresIn, user: presentUser(user) };
  return delivery === 'body'
    ? new Reply({ ...body, refreshToken })
    : new Reply(body, { sessionCookie: refreshToken });
}
