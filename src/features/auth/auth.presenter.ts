import { Reply } from '../../http/reply.ts';
import type { Asked } from '../second-factor/sign-in.ts';
import { presentUser } from '../users/users.presenter.ts';
import type { MfaRequired, SignedIn, TokenDelivery } from './auth.contract.ts';
import type { Granted } from './sessions.ts';

/** A sign-in as it is answered: the refresh token in an HttpOnly cookie, or in the body where that was asked for. */
export function presentSignedIn(granted: Granted, delivery: TokenDelivery): Reply<SignedIn> {
  const { user, accessToken, expiresIn, refreshToken } = granted;
  const body = { accessToken, expiresIn, user: presentUser(user) };
  return delivery === 'body'
    ? new Reply({ ...body, refreshToken })
    : new Reply(body, { sessionCookie: refreshToken });
}

/** The first step of a sign-in: done, or asking for the second; then no cookie is set and no token given. */
export const presentFirstStep = (
  outcome: Granted | Asked,
  delivery: TokenDelivery,
): Reply<SignedIn | MfaRequired> =>
  'mfaToken' in outcome
    ? new Reply({ mfaRequired: true, ...outcome, methods: [...outcome.methods] })
    : presentSignedIn(outcome, delivery);
