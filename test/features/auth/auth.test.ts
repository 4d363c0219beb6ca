import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, PASSWORD, type TestApp } from '../../support/app.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: 'https://desk.example.org' });
});
afterAll(() => app.close());

const ORIGIN = 'https://desk.example.org';
const login = (body: object) => send(app, '/editorial/v1/auth/login', { body: JSON.stringify(body) });
const refresh = (headers: Record<string, string>, body = '{}') =>
  send(app, '/editorial/v1/auth/refresh', { method: 'POST', body, headers });
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';
const me = (token: string) => send(app, '/editorial/v1/auth/me', { token });

describe('signing in', () => {
  it('answers a token, keeps the refresh token in a strict cookie, and is never stored by caches', async () => {
    const { email } = await app.person('editor');

    const response = await login({ email, password: PASSWORD });
    const body = (await response.json()) as Record<string, unknown>;

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(body).sort()).toEqual(['accessToken', 'expiresIn', 'user']);
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-copydesk=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it.each(['mfa', 'verified', 'trusted', 'skipMfa', 'role'])('takes no field "%s"', async (field) => {
    const { email } = await app.person('editor');

    expect((await login({ email, password: PASSWORD, [field]: true })).status).toBe(422);
  });

  it('is recorded, failures too, without the password', async () => {
    const { id, email } = await app.person('author', 'clumsy');
    await login({ email, password: 'this is the wrong one' });

    const rows = await auditOf(app, 'user', id);

    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['session.sign_in', 'session.sign_in_failed']),
    );
    expect(JSON.stringify(rows)).not.toContain('wrong one');
  });
});

describe('the session', () => {
  it('tells who one is and what one may do', async () => {
    const { client, id } = await app.person('author');

    expect(await client.editorial.auth.me()).toMatchObject({
      user: { id, role: 'author' },
      mustEnrol: false,
      permissions: {
        'session:own': 'any',
        'content:read': 'any',
        'people:read': 'any',
        'articles:read': 'own',
        'articles:write': 'own',
        'articles:bin': 'own',
        'articles:submit': 'own',
        'articles:set-authors': 'own',
        'articles:set-section': 'own',
        'articles:set-assignee': 'own',
        'articles:set-sensitive': 'own',
        'articles:set-embargo': 'own',
        'taxonomy:read': 'any',
        'media:read': 'any',
        'media:write': 'own',
      },
    });
  });

  it('goes on with a refresh token that changes each time', async () => {
    const { email } = await app.person('editor');
    const first = cookieOf(await login({ email, password: PASSWORD }));

    const response = await refresh({ Cookie: first, Origin: ORIGIN });
    const body = (await response.json()) as { accessToken: string };

    expect(response.status).toBe(200);
    expect(cookieOf(response)).not.toBe(first);
    expect((await me(body.accessToken)).status).toBe(200);
  });

  it('of one refresh token presented by ten at once goes on at most once', async () => {
    const { email } = await app.person('editor', 'hasty');
    const cookie = cookieOf(await login({ email, password: PASSWORD }));

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refresh({ Cookie: cookie, Origin: ORIGIN })),
    );

    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(new Set(answers.map(({ status }) => status)).has(500)).toBe(false);
  });

  it('travels in the body when asked', async () => {
    const { email } = await app.person('editor');
    const response = await login({ email, password: PASSWORD, tokenDelivery: 'body' });
    const { refreshToken } = (await response.json()) as { refreshToken: string };

    const next = await refresh({}, JSON.stringify({ refreshToken }));

    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await next.json()).toMatchObject({ refreshToken: expect.stringMatching(/^[\w-]{43}$/) });
  });

  it('is over after signing out', async () => {
    const { email } = await app.person('editor', 'leaving');
    const response = await login({ email, password: PASSWORD });
    const { accessToken } = (await response.json()) as { accessToken: string };

    const out = await send(app, '/editorial/v1/auth/logout', { method: 'POST', token: accessToken });

    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-copydesk=; Max-Age=0/);
    expect((await me(accessToken)).status).toBe(401);
    expect((await refresh({ Cookie: cookieOf(response), Origin: ORIGIN })).status).toBe(401);
  });
});

describe('access tokens', () => {
  it('live for a quarter of an hour', async () => {
    const { token } = await app.person('editor', 'patient');

    app.clock.advance(14 * 60_000);
    expect((await me(token)).status).toBe(200);
    app.clock.advance(2 * 60_000);
    expect((await me(token)).status).toBe(401);
  });
});
