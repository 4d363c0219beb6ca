import * as oidc from 'openid-client';
import type { OidcConfig } from '../../config.ts';
import type { Clock } from '../../core/clock.ts';
import { lacksFacts, type SignedOn, signedOnFrom } from './claims.ts';
import type { FlowSecrets } from './flows.ts';
import { Refusal } from './refusals.ts';

/** Of each request to the provider. */
const TIMEOUT_SECONDS = 5;
/** What the provider says of itself is asked for again after an hour: endpoints move. */
const KEPT_MS = 3_600_000;

const AWAY_CODES: ReadonlySet<unknown> = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT']);
const NAME_OF_A_FAULT = /^[A-Za-z0-9_]{1,80}$/;

export type Provider = ReturnType<typeof createProvider>;

/** The OpenID provider: discovered when it is first needed, so that the server starts without it. */
export function createProvider(deps: { oidc: OidcConfig; callbackUrl: string; clock: Clock }) {
  const { oidc: config, callbackUrl, clock } = deps;
  let kept: { readonly known: Promise<oidc.Configuration>; readonly since: number } | null = null;
  return { addressFor, personOf };

  /** Where the browser goes to sign on: code flow with PKCE (RFC 7636, S256), state and nonce. @throws Refusal */
  async function addressFor({ state, nonce, codeVerifier }: FlowSecrets): Promise<string> {
    const known = await discovered();
    const { scopes_supported: offered = [] } = known.serverMetadata();
    const groups = offered.includes(config.roleClaim) ? [config.roleClaim] : [];
    return oidc.buildAuthorizationUrl(known, {
      redirect_uri: callbackUrl,
      scope: [...new Set(['openid', 'email', 'profile', ...groups])].join(' '),
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    }).href;
  }

  /**
   * Trades the provider's answer for who somebody is: state, `iss`, code, then the ID token with its signature.
   * @throws Refusal when it proves nobody.
   */
  async function personOf(
    parameters: Readonly<Record<string, string>>,
    { state, nonce, codeVerifier }: FlowSecrets,
  ): Promise<SignedOn> {
    try {
      const known = await discovered();
      const answer = new URL(`${callbackUrl}?${new URLSearchParams(parameters)}`);
      const tokens = await oidc.authorizationCodeGrant(known, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const idToken = tokens.claims();
      if (!idToken) throw new Refusal('not_proved');
      const asks = known.serverMetadata().userinfo_endpoint !== undefined && lacksFacts(idToken, config);
      const userInfo = asks ? await oidc.fetchUserInfo(known, tokens.access_token, idToken.sub) : {};
      return signedOnFrom(idToken, userInfo, config);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** @throws Refusal; the next caller tries again. */
  async function discovered(): Promise<oidc.Configuration> {
    const now = clock.now().getTime();
    if (!kept || now - kept.since >= KEPT_MS) kept = { known: discover(), since: now };
    const { known } = kept;
    try {
      return await known;
    } catch (error) {
      if (kept?.known === known) kept = null;
      throw new Refusal('provider_away', { code: faultOf(error) });
    }
  }

  /** The ID token's signature is checked although it comes straight from the provider: TLS may end at a proxy. */
  function discover(): Promise<oidc.Configuration> {
    const issuer = new URL(config.issuer);
    // The configuration takes http for this very machine only: providers of development and tests.
    const isLocal = issuer.protocol === 'http:';
    const authentication = config.clientSecret === undefined ? oidc.None() : undefined;
    return oidc.discovery(issuer, config.clientId, config.clientSecret, authentication, {
      timeout: TIMEOUT_SECONDS,
      execute: [oidc.enableNonRepudiationChecks, ...(isLocal ? [oidc.allowInsecureRequests] : [])],
    });
  }
}

/** The bare name of a fault, without what the provider or an attacker wrote beside it. */
function faultOf(error: unknown): string {
  const { code, error: name, cause } = error as { code?: unknown; error?: unknown; cause?: unknown };
  const known = [name, code, (cause as { code?: unknown } | undefined)?.code].find(
    (one) => typeof one === 'string' && NAME_OF_A_FAULT.test(one),
  );
  return String(known ?? (error instanceof Error ? error.name : 'unknown'));
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const code = faultOf(error);
  if (error instanceof oidc.AuthorizationResponseError)
    return new Refusal(error.error === 'access_denied' ? 'access_denied' : 'provider_refused', { code });
  // `fetch` says no more than that when there is no connection.
  const away = error instanceof TypeError || AWAY_CODES.has(code);
  return new Refusal(away ? 'provider_away' : 'not_proved', { code });
}
