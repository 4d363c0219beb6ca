import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import { draft } from '../support/factories.ts';
import { type JsonRequest, send } from '../support/raw.ts';

/** Checks 1 to 3 and 15 to 27 of the security bar: signing in, tokens, sessions, cookies, origins. */

const ORIGIN = 'https://desk.example.org';
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: ORIGIN, CORS_ORIGINS: 'https://editor.example.org' });
});
afterAll(() => app.close());

const at = (path: string, request: JsonRequest = {}) => send(app, `/editorial/v1${path}`, request);
const login = (body: object) => at('/auth/login', { body: JSON.stringify(body) });
const me = (token: string) => at('/auth/me', { token });
const refresh = (headers: Record<string, string>, body = '{}') =>
  at('/auth/refresh', { method: 'POST', body, headers });
const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of our own making, signed as ours are: header and claims are whatever the test puts in. */
function forged(head: object, claims: object, hash = 'sha256'): string {
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT', ...head })}.${part(claims)}`;
  const mac = createHmac(hash, app.config.jwtSecret ?? '').update(unsigned);
  return `${unsigned}.${mac.digest('base64url')}`;
}

async function claimsOf(name = 'ada'): Promise<Record<string, unknown>> {
  return jwt.decode((await app.person('editor', name)).token) as Record<string, unknown>;
}

/** The answer byte for byte, but for what names the request. */
const anonymised = async (answer: Response) =>
  `${[...answer.headers.keys()]} ${(await answer.text()).replace(/"requestId":"[^"]+"/, '')}`;

describe('S01 the right password', () => {
  it('is answered with tokens and nothing about the account that is not its owner’s to see', async () => {
    const { email } = await app.person('editor');

    const answer = await login({ email, password: PASSWORD });
    const text = await answer.text();

    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(['accessToken', 'expiresIn', 'user']);
    expect(text).not.toMatch(/hash|salt|tokenVersion|\$2[aby]\$/i);
  });
});

describe('S02 a wrong password and an unknown account', () => {
  it('are answered byte for byte alike (how long each takes: bench/sign-in-timing.ts)', async () => {
    const { email } = await app.person('editor');

    const answers = await Promise.all(
      [email, 'nobody@example.org', ` ${email.toUpperCase()} `].map((address) =>
        login({ email: address, password: 'not the password at all' }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    const [first, ...others] = await Promise.all(answers.map(anonymised));
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('S03 a deactivated account', () => {
  it('answers like an unknown one, and gives no token for the right password', async () => {
    const { id, email } = await app.person('author', 'gone');
    const admin = await app.as('admin');
    await admin.editorial.users.deactivate({ params: { id }, ifMatch: 1 });

    const answers = await Promise.all([
      login({ email, password: PASSWORD }),
      login({ email, password: 'not the password at all' }),
      login({ email: 'nobody@example.org', password: 'not the password at all' }),
    ]);

    expect(answers.map((answer) => [answer.status, answer.headers.get('set-cookie')])).toEqual(
      answers.map(() => [401, null]),
    );
    const [first, ...others] = await Promise.all(answers.map(anonymised));
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('S15 a token that is signed by nobody', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('is refused: alg %s', async (alg) => {
    const body = part(await claimsOf());

    expect((await me(`${part({ alg, typ: 'JWT' })}.${body}.`)).status).toBe(401);
    expect((await me(`${part({ alg, typ: 'JWT' })}.${body}`)).status).toBe(401);
  });

  it('is refused with an empty signature, without one, and with half of one', async () => {
    const [head, body, signature = ''] = (await app.person('editor')).token.split('.');

    for (const token of [`${head}.${body}.`, `${head}.${body}`, `${head}.${body}.${signature.slice(0, 20)}`])
      expect((await me(token)).status).toBe(401);
  });
});

describe('S16 an algorithm that is not the configured one', () => {
  it.each([
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
    ['RS256', 'sha256'],
    ['ES256', 'sha256'],
  ])('%s is refused, though the right secret signed it', async (alg, hash) => {
    expect((await me(forged({ alg }, await claimsOf(), hash))).status).toBe(401);
  });
});

describe('S17 what a header may say', () => {
  const canary = 'http://127.0.0.1:9/keys';
  it.each<[string, object]>([
    ['kid', { kid: '../../../../dev/null' }],
    ['kid as a query', { kid: { $ne: null } }],
    ['jku', { jku: canary }],
    ['x5u', { x5u: canary }],
    ['jwk', { jwk: { kty: 'oct', k: 'AAAA' } }],
    ['x5c', { x5c: ['AAAA'] }],
    ['crit', { crit: ['exp'], exp: 1 }],
    ['b64', { b64: false, crit: ['b64'] }],
  ])('%s moves nothing: the token counts as it is signed, or not at all', async (_name, head) => {
    expect([200, 401]).toContain((await me(forged(head, await claimsOf()))).status);
    expect((await me(`${forged(head, await claimsOf()).slice(0, -4)}AAAA`)).status).toBe(401);
  });
});

describe('S18 the times of a token', () => {
  it.each([
    ['no expiry', { exp: undefined }],
    ['an expiry that is over', { exp: 1_700_000_000 }],
    ['an expiry as text', { exp: '9999999999' }],
    ['an expiry far off', { exp: 9_999_999_999 }],
    ['an expiry beyond any number', { exp: 1e300 }],
    ['a negative expiry', { exp: -1 }],
    ['a broken expiry', { exp: 1_999_999_999.5 }],
    ['a start in the future', { nbf: 9_999_999_999 }],
    ['no issue time', { iat: undefined }],
    ['an issue time in the future', { iat: 9_999_999_000, exp: 9_999_999_900 }],
  ])('%s is refused', async (_what, change) => {
    expect((await me(forged({}, { ...(await claimsOf()), ...change }))).status).toBe(401);
  });

  it('leave no more than a minute of leeway', async () => {
    const claims = await claimsOf();
    const now = Math.floor(app.clock.now().getTime() / 1000);

    expect((await me(forged({}, { ...claims, iat: now - 960, exp: now - 61 }))).status).toBe(401);
  });
});

describe('S19 a token for another purpose', () => {
  it.each([
    ['another issuer', { iss: 'elsewhere' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'copydesk-content' }],
    ['no audience', { aud: undefined }],
    ['the purpose refresh', { use: 'refresh' }],
    ['no purpose', { use: undefined }],
    ['another version', { ver: 99 }],
    ['another session', { sid: 'f'.repeat(24) }],
    ['another person', { sub: 'f'.repeat(24) }],
    ['a query for a person', { sub: '{"$ne":null}' }],
  ])('%s is refused', async (_what, change) => {
    expect((await me(forged({}, { ...(await claimsOf()), ...change }))).status).toBe(401);
  });

  it('opens nothing: refresh, invitation, reset and set-up tokens are no access tokens, nor the reverse', async () => {
    const { id, email, token } = await app.person('editor', 'many-keys');
    const signedIn = await login({ email, password: PASSWORD, tokenDelivery: 'body' });
    const { refreshToken } = (await signedIn.json()) as { refreshToken: string };
    const { links, setup } = app.services;
    const invitation = links.tokenOf(id);

    for (const other of [refreshToken, invitation, setup.token]) expect((await me(other)).status).toBe(401);
    for (const other of [token, invitation, setup.token])
      expect((await refresh({}, JSON.stringify({ refreshToken: other.slice(0, 200) }))).status).toBe(401);
  });
});

describe('S20 a role in a token', () => {
  it('does not count: the next request obeys the database', async () => {
    const admin = await app.as('admin');
    const { id, client } = await app.person('editor', 'demoted');
    const story = await draft(client);
    await admin.editorial.users.change({ params: { id }, ifMatch: 1, body: { role: 'author' } });

    const publishing = client.editorial.articles.publish({ params: { id: story.id }, ifMatch: 1 });

    await expect(publishing).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    const { role, permissions } = await client.editorial.auth.me();
    expect([role, permissions['articles:publish'], permissions['articles:read']]).toEqual([
      'author',
      undefined,
      'own',
    ]);
  });
});

describe('S22 a session that was signed out', () => {
  it('is over for its access token and its refresh token', async () => {
    const { email } = await app.person('editor', 'leaving');
    const answer = await login({ email, password: PASSWORD });
    const { accessToken } = (await answer.json()) as { accessToken: string };

    const out = await at('/auth/logout', { method: 'POST', token: accessToken });

    expect(out.status).toBe(204);
    expect((await me(accessToken)).status).toBe(401);
    expect((await refresh({ Cookie: cookieOf(answer), Origin: ORIGIN })).status).toBe(401);
  });
});

describe('S23 refresh tokens', () => {
  it('rotate; a spent one presented again ends the whole family', async () => {
    const { email } = await app.person('editor', 'robbed');
    const first = cookieOf(await login({ email, password: PASSWORD }));
    const second = await refresh({ Cookie: first, Origin: ORIGIN });
    const { accessToken } = (await second.json()) as { accessToken: string };
    expect([(await me(accessToken)).status, cookieOf(second) === first]).toEqual([200, false]);

    const replay = await refresh({ Cookie: first, Origin: ORIGIN });

    expect(replay.status).toBe(401);
    expect((await me(accessToken)).status).toBe(401);
    expect((await refresh({ Cookie: cookieOf(second), Origin: ORIGIN })).status).toBe(401);
  });

  it('outlive access tokens, which last no more than an hour', async () => {
    const claims = await claimsOf();

    expect(Number(claims.exp) - Number(claims.iat)).toBeLessThanOrEqual(3600);
  });
});

describe('S24 a token anywhere but in its header', () => {
  it.each(['access_token', 'token', 'jwt', 'auth', 'Authorization'])(
    'is not looked at: ?%s=',
    async (name) => {
      const { token } = await app.person('editor');

      expect((await at(`/auth/me?${name}=${token}`)).status).toBe(401);
    },
  );

  it('is not looked at in a cookie, in a body, in a path', async () => {
    const { token } = await app.person('editor');
    const cookies = ['__Host-copydesk', 'copydesk', 'token', 'access_token'].map(
      (name) => `${name}=${token}`,
    );

    expect((await at('/auth/me', { headers: { Cookie: cookies.join('; ') } })).status).toBe(401);
    expect((await at('/articles', { body: JSON.stringify({ headline: 'X', token }) })).status).toBe(401);
    expect((await at(`/auth/me/${token}`)).status).toBe(404);
    expect((await at('/auth/me', { headers: { 'X-Access-Token': token } })).status).toBe(401);
    expect((await at('/auth/me', { headers: { Authorization: `Basic ${token}` } })).status).toBe(401);
  });
});

describe('S25 the session cookie', () => {
  it('is out of reach of scripts and other sites, and new at each sign-in', async () => {
    const { email } = await app.person('editor');

    const [one, other] = [
      await login({ email, password: PASSWORD }),
      await login({ email, password: PASSWORD }),
    ];

    expect(one.headers.get('set-cookie')).toMatch(
      /^__Host-copydesk=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(cookieOf(one)).not.toBe(cookieOf(other));
    expect(await one.text()).not.toContain(cookieOf(one).split('=')[1]);
  });

  it('is neither read nor set through a body', async () => {
    const { email } = await app.person('editor');
    const fixed = await login({ email, password: PASSWORD, refreshToken: 'a'.repeat(43) });

    expect(fixed.status).toBe(422);
  });
});

describe('S26 a request that another site makes a browser send', () => {
  const foreign: [string, Record<string, string>][] = [
    ['a foreign origin', { Origin: 'https://evil.example' }],
    ['a look-alike', { Origin: `${ORIGIN}.evil.example` }],
    ['the origin null', { Origin: 'null' }],
    ['another site, says the browser', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another host of this site', { 'Sec-Fetch-Site': 'same-site' }],
    ['no word of where it comes from', {}],
  ];
  it.each(foreign)('is refused with the cookie: %s', async (_what, headers) => {
    const { email } = await app.person('editor');
    const Cookie = cookieOf(await login({ email, password: PASSWORD }));

    expect((await refresh({ Cookie, ...headers })).status).toBe(403);
    expect((await refresh({ Cookie, Origin: ORIGIN })).status).toBe(200);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'cannot be dressed as a form: %s',
    async (type) => {
      const { email } = await app.person('editor');
      const Cookie = cookieOf(await login({ email, password: PASSWORD }));

      expect((await refresh({ Cookie, Origin: ORIGIN, 'Content-Type': type })).status).toBe(415);
    },
  );

  it('changes nothing by GET, by HEAD, or by the name of another method', async () => {
    const { token, client } = await app.person('editor');
    const { id } = await draft(client);
    const path = `/articles/${id}`;
    const over = { 'X-HTTP-Method-Override': 'DELETE', 'X-Method-Override': 'DELETE' };

    const answers = await Promise.all([
      at(path, { token, headers: over }),
      at(path, { token, method: 'HEAD', headers: over }),
      at(`${path}?_method=DELETE`, { token }),
      at(`${path}/publish`, { token }),
      at('/auth/logout', { token }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 405, 405]);
    expect(await client.editorial.articles.read({ params: { id } })).toMatchObject({
      version: 1,
      status: 'draft',
    });
  });
});

describe('S27 pages of other origins', () => {
  const preflight = (path: string, origin: string) =>
    send(app, path, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'PATCH' },
    });

  it.each([
    'https://evil.example',
    'https://editor.example.org.evil.example',
    'https://evileditor.example.org',
    'http://editor.example.org',
    'https://editor.example.org:8443',
    'null',
  ])('%s may not read the desk', async (origin) => {
    const { token } = await app.person('editor');

    const answers = [
      await preflight('/editorial/v1/articles', origin),
      await at('/auth/me', { token, headers: { Origin: origin } }),
    ];

    for (const answer of answers) expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('that are configured may, with credentials; the content surface is for all, without', async () => {
    const desk = await preflight('/editorial/v1/articles', 'https://editor.example.org');
    const content = await send(app, '/content/v1/articles', { headers: { Origin: 'https://any.example' } });

    expect([
      desk.headers.get('access-control-allow-origin'),
      desk.headers.get('access-control-allow-credentials'),
    ]).toEqual(['https://editor.example.org', 'true']);
    expect([
      content.headers.get('access-control-allow-origin'),
      content.headers.get('access-control-allow-credentials'),
    ]).toEqual(['*', null]);
  });
});

describe('S21 a person who is deactivated', () => {
  it('is out at the next request, also for what they may only read', async () => {
    const admin = await app.as('admin');
    const { id, email, client, token } = await app.person('author', 'left');
    const Cookie = cookieOf(await login({ email, password: PASSWORD }));
    await draft(client);

    await admin.editorial.users.deactivate({ params: { id }, ifMatch: 1 });

    const answers = await Promise.all([
      me(token),
      at('/articles', { token }),
      at('/media', { token }),
      refresh({ Cookie, Origin: ORIGIN }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it('stays out with the old tokens when let in again', async () => {
    const admin = await app.as('admin');
    const { id, token } = await app.person('author', 'back');
    await admin.editorial.users.deactivate({ params: { id }, ifMatch: 1 });
    await admin.editorial.users.activate({ params: { id }, ifMatch: 2 });

    expect((await me(token)).status).toBe(401);
  });
});
