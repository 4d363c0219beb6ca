import { expect } from '@jest/globals';
import { createTestApp, type TestApp } from './app.ts';
import { createBrowser, type Staff, startProvider, type TestProvider } from './provider.ts';
import { send } from './raw.ts';

export const ORIGIN = 'https://desk.example.org';
/** The page that goes on from a sign-on, or tells why there is none. */
export const ENDED = '/admin/signed-in';

export const led = (answer: Response): string | null => answer.headers.get('location');

/** Somebody in the reporters' group, with a verified address. */
export const reporter = (name: string, more: Staff = {}): Staff => ({
  email: `${name}@example.org`,
  email_verified: true,
  name: `${name} Quill`,
  groups: ['reporters'],
  ...more,
});

export type Newsroom = Awaited<ReturnType<typeof openNewsroom>>;

/** A newsroom that signs on by a provider of its own. */
export async function openNewsroom() {
  const provider: TestProvider = await startProvider(ORIGIN);
  const app: TestApp = await createTestApp({
    ...provider.env,
    PUBLIC_URL: ORIGIN,
    OIDC_NAME: 'Harbour ID',
    OIDC_ROLES: 'heads=admin,newsdesk=editor,reporters=author',
  });
  const browser = () => createBrowser(app, ORIGIN);
  return { provider, app, browser, signOn, sessionOf, refusals, expectRefused, close };

  /** Somebody signs on in a browser of their own. */
  async function signOn(sub: string, person: Staff, returnTo?: string): Promise<Response> {
    provider.next({ login: provider.knows(sub, person) });
    return browser().come(returnTo);
  }

  /** Who a browser is signed in as, by the session cookie that it was given. */
  async function sessionOf(answer: Response) {
    const session = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-copydesk='));
    const headers = { Cookie: session?.split(';')[0] ?? '', Origin: ORIGIN };
    const fresh = await send(app, '/editorial/v1/auth/refresh', { body: '{}', headers });
    const { accessToken } = (await fresh.json()) as { accessToken: string };
    const me = await send(app, '/editorial/v1/auth/me', { token: accessToken });
    return (await me.json()) as {
      user: { id: string; email: string; role: string; name: string };
      mustEnrol: boolean;
    };
  }

  /** What the audit log says of failed sign-ins, oldest first. */
  async function refusals(): Promise<Record<string, unknown>[]> {
    const failed = { action: 'session.sign_in_failed' };
    const rows = await app.db.collection('audit').find(failed).sort({ at: 1, _id: 1 }).toArray();
    return rows.map(({ after }) => after as Record<string, unknown>);
  }

  /** Refused with this reason: no session, and the same word in the audit log. */
  async function expectRefused(answer: Response, reason: string, code?: string): Promise<void> {
    expect([answer.status, led(answer)]).toEqual([302, `${ENDED}#error=${reason}`]);
    expect(answer.headers.getSetCookie().join()).not.toMatch(/__Host-copydesk=[^;]/);
    const told = { method: 'single_sign_on', reason, ...(code && { code }) };
    expect(await refusals()).toContainEqual(expect.objectContaining(told));
  }

  async function close(): Promise<void> {
    await app.close();
    await provider.close();
  }
}
