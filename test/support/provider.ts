import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from 'oidc-provider';
import type { TestApp } from './app.ts';

export const CALLBACK = '/editorial/v1/auth/oidc/callback';
const SCOPES = 'openid email profile groups';

/** Somebody as the provider knows them. */
export interface Staff {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
  readonly amr?: readonly string[];
}

/** What the person at the provider does when asked to sign in. */
type Act = { readonly login: string } | { readonly error: string };

export type TestProvider = Awaited<ReturnType<typeof startProvider>>;

const newKey = () => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid: 'signing',
  alg: 'RS256',
  use: 'sig',
});

/** The library warns of whatever would be wrong in production. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => undefined;
  return work().finally(() => {
    console.warn = warn;
  });
}

/** A real OpenID provider on 127.0.0.1, which knows whoever is put into `staff` and asks no questions. */
export async function startProvider(publicUrl: string) {
  const staff = new Map<string, Staff>();
  const client = { id: 'copydesk', secret: randomBytes(24).toString('base64url') };
  let act: Act = { login: 'nobody' };
  let otherKeys: object | null = null;
  const server = createServer((req, res) => {
    if (otherKeys && req.url === '/jwks')
      return res.setHeader('content-type', 'application/json').end(JSON.stringify(otherKeys));
    if (!req.url?.startsWith('/interaction/')) return handle(req, res);
    const result =
      'login' in act ? { login: { accountId: act.login, amr: [...(staff.get(act.login)?.amr ?? [])] } } : act;
    return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: Provider = await quietly(async () => {
    const library = await import('oidc-provider');
    return new library.Provider(issuer, {
      clients: [
        { client_id: client.id, client_secret: client.secret, redirect_uris: [publicUrl + CALLBACK] },
      ],
      jwks: { keys: [newKey() as never] },
      cookies: { keys: [randomBytes(24).toString('base64url')] },
      scopes: SCOPES.split(' '),
      claims: {
        openid: ['sub', 'amr'],
        email: ['email', 'email_verified'],
        profile: ['name'],
        groups: ['groups'],
      },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      ttl: { AuthorizationCode: 60, AccessToken: 60, IdToken: 60, Grant: 60, Interaction: 60, Session: 60 },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...staff.get(sub) }) as never }),
      async loadExistingGrant({ oidc }) {
        const { client: asking, session } = oidc;
        if (!asking || !session?.accountId) return undefined;
        const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
        grant.addOIDCScope(SCOPES);
        await grant.save();
        return grant;
      },
    });
  });
  const handle = provider.callback();
  return {
    issuer,
    env: { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: client.id, OIDC_CLIENT_SECRET: client.secret },
    /** Who signs in next, from a browser that the provider does not know. */
    knows(sub: string, person: Staff): string {
      staff.set(sub, person);
      return sub;
    },
    next(to: Act): void {
      act = to;
    },
    /** Until the answer is called, it says that its keys are others than it signs with. */
    publishOtherKeys(): () => void {
      const { kty, n, e, kid, alg, use } = newKey();
      otherKeys = { keys: [{ kty, n, e, kid, alg, use }] };
      return () => {
        otherKeys = null;
      };
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A browser: it keeps cookies per host, and is led on by hand. */
export function createBrowser(app: TestApp, publicUrl: string) {
  const jars = new Map<string, Map<string, string>>();
  return { visit, begin, through, come };

  async function visit(address: string): Promise<Response> {
    // The public address is this very server, behind a proxy that the tests go without.
    const url = new URL(address.startsWith(publicUrl) ? app.url + address.slice(publicUrl.length) : address);
    const jar = jars.get(url.host) ?? new Map<string, string>();
    jars.set(url.host, jar);
    const Cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { Cookie } });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  /** Clicks on the button. @returns where the browser is led. */
  async function begin(returnTo?: string): Promise<URL> {
    const query = returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo })}`;
    const answer = await visit(`${publicUrl}/editorial/v1/auth/oidc${query}`);
    return new URL(answer.headers.get('location') ?? '', publicUrl);
  }

  /** Goes through the provider's pages. @returns where it sends the browser back to. */
  async function through(address: URL): Promise<URL> {
    let at = address;
    for (let steps = 0; at.origin !== new URL(publicUrl).origin; steps += 1) {
      const answer = await visit(at.href);
      const location = answer.headers.get('location');
      if (location === null || steps > 10) throw new Error(`the provider stops: ${await answer.text()}`);
      at = new URL(location, at);
    }
    return at;
  }

  /** The whole way. `steer` may change where the provider leads back to. */
  async function come(returnTo?: string, steer: (back: URL) => URL = (back) => back): Promise<Response> {
    return visit(steer(await through(await begin(returnTo))).href);
  }
}
