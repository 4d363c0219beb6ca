import { Reply } from '../../http/reply.ts';
import type { SignInMethods } from './sign-on.contract.ts';
import type { SignOnBegun, SignOnOutcome, SignOnService } from './sign-on.service.ts';

/** The page of ours that goes on from a sign-in, or tells why there is none. */
const ENDED = '/admin/signed-in';

export const presentMethods = ({ singleSignOn }: ReturnType<SignOnService['methods']>): SignInMethods => ({
  password: true,
  passkeys: true,
  singleSignOn,
});

const led = (Location: string, more: { flowCookie: string | null; sessionCookie?: string }) =>
  new Reply(undefined, { status: 302, headers: { Location }, ...more });

/** What follows `#` reaches the page and no server. */
export function presentOutcome(outcome: SignOnBegun | SignOnOutcome): Reply<undefined> {
  switch (outcome.kind) {
    case 'begun':
      return led(outcome.address, { flowCookie: outcome.cookie });
    case 'asked': {
      const { asked, returnTo } = outcome;
      const { mfaToken: mfa, methods } = asked;
      const left = new URLSearchParams({
        mfa,
        methods: methods.join(),
        ...(returnTo !== null && { returnTo }),
      });
      return led(`${ENDED}#${left}`, { flowCookie: null });
    }
    case 'signed_in':
      return led(outcome.returnTo ?? ENDED, {
        flowCookie: null,
        sessionCookie: outcome.granted.refreshToken,
      });
    case 'refused':
      return led(`${ENDED}#error=${outcome.reason}`, { flowCookie: null });
  }
}
