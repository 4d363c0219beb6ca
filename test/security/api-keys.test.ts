import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../src/api.ts';
import { type Access, SCOPES } from '../../src/contract/roles.ts';
import { type Operation, operationsOf } from '../../src/contract/surface.ts';
import { isOpen, POLICY } from '../../src/core/policy.ts';
import { LINK_PURPOSES } from '../../src/features/links/links.model.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import { NOWHERE } from '../support/factories.ts';
import { keyWith, type TestKey } from '../support/keys.ts';
import { send, sendRaw } from '../support/raw.ts';
import { signInPlainly } from '../support/sign-in.ts';

/** Checks 19, 24 and 28 of the security bar, for API keys. What a key may do: test/features/keys. */

let app: TestApp;
/** A key with every scope that there is. */
let key: TestKey;

beforeAll(async () => {
  app = await createTestApp();
  key = await keyWith(app, SCOPES);
});
afterAll(() => app.close());

const operations = operationsOf(api);
const reachesNoKey = (access: Access): boolean =>
  access !== 'public' && Object.keys(POLICY[access].scopes ?? {}).length === 0 && !isOpen(access);
/** What no scope opens: people, keys, settings, the audit log, the desk's decisions, one's own account. */
const barred = operations.filter(({ route }) => reachesNoKey(route.access));
const named = (list: readonly Operation[]) =>
  list.map((operation) => [`${operation.route.method} ${operation.path}`, operation] as const);

const pathOf = ({ path }: Operation): string => path.replace(/:\w+/g, NOWHERE);
const hex = (char: string): string => `%${char.charCodeAt(0).toString(16)}`;

/** The same address in other words, as a proxy or a router might take them for it. */
const VARIANTS: readonly (readonly [name: string, write: (path: string) => string])[] = [
  ['as it is', (path) => path],
  ['with a slash behind', (path) => `${path}/`],
  ['with two slashes in front', (path) => `/${path}`],
  ['with two slashes inside', (path) => path.replace('/v1/', '/v1//')],
  ['in capitals', (path) => path.toUpperCase()],
  ['with one capital', (path) => path.replace('/editorial', '/Editorial')],
  ['with a path parameter', (path) => `${path};a`],
  ['with a path parameter inside', (path) => path.replace('/v1/', '/v1;a=b/')],
  ['with a dot segment', (path) => `/.${path}`],
  ['with a dot segment inside', (path) => path.replace('/v1/', '/v1/./')],
  ['with an encoded dot segment', (path) => `/%2e${path}`],
  ['by way of an open door', (path) => `/content/v1/..${path}`],
  ['by way of an open door, encoded', (path) => `/content/v1/%2e%2e${path}`],
  ['by way of an open door, encoded twice', (path) => `/content/v1/%252e%252e${path}`],
  ['with an encoded slash', (path) => path.replace('/v1/', '/v1%2f')],
  ['with an encoded letter', (path) => path.replace(/\/v1\/(.)/, (_all, char: string) => `/v1/${hex(char)}`)],
  ['with a backslash', (path) => path.replace('/v1/', '/v1\\')],
  ['with an encoded NUL behind', (path) => `${path}%00`],
  ['with an extension', (path) => `${path}.json`],
  ['with a blank behind', (path) => `${path}%20`],
  ['as a full address', (path) => `http://localhost${path}`],
];

/** Sends a request line as it is, with the key; `Connection: close`, since an answer to HEAD has no body to wait for. */
const knock = async (method: string, target: string, body = '{}'): Promise<number> => {
  const head = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${key.key}`,
    'If-Match: "1"',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return (await sendRaw(app, `${head.join('\r\n')}\r\n\r\n${body}`)).status;
};

/** Refused, or no such address. Anything else would have looked at the request. */
const CLOSED = new Set([400, 403, 404, 405]);

describe('S28 an API key with every scope', () => {
  it('has no door to people, keys, settings, the audit log and sessions', () => {
    const features = new Set(barred.map(({ feature }) => feature));

    expect([...features]).toEqual(expect.arrayContaining(['auth', 'users', 'keys', 'settings']));
    expect(
      operations
        .filter(({ route }) => route.path.startsWith('/api-keys'))
        .every((one) => barred.includes(one)),
    ).toBe(true);
  });

  it.each(named(barred))('is refused however the address is written: %s', async (_name, operation) => {
    const method = operation.route.method.toUpperCase();
    const path = pathOf(operation);

    const statuses = await Promise.all(
      VARIANTS.map(async ([name, write]) => [name, await knock(method, write(path))] as const),
    );

    expect(statuses[0]).toEqual(['as it is', 403]);
    expect(statuses.filter(([, status]) => !CLOSED.has(status))).toEqual([]);
  });

  const shut = [...new Set(barred.map(pathOf))].filter((path) =>
    operations.filter((one) => pathOf(one) === path).every((one) => barred.includes(one)),
  );

  it.each(shut)('is refused by every method: %s', async (path) => {
    const methods = ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'get', 'COPYDESK'];

    const statuses = await Promise.all(
      methods.map(async (method) => [method, await knock(method, path)] as const),
    );

    expect(statuses.filter(([, status]) => !CLOSED.has(status))).toEqual([]);
  });

  it('is refused when another method is asked for by header or parameter', async () => {
    const headers = {
      'X-HTTP-Method-Override': 'GET',
      'X-Method-Override': 'GET',
      'X-Original-URL': '/healthz',
    };

    const answers = [
      await send(app, '/editorial/v1/users', { token: key.key, method: 'POST', body: '{}', headers }),
      await send(app, '/editorial/v1/users?_method=GET', { token: key.key }),
      await send(app, '/healthz', { token: key.key, headers: { 'X-Original-URL': '/editorial/v1/users' } }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 200]);
    expect(await answers[2]?.text()).not.toContain('@');
  });

  it('has changed nothing by all of this', async () => {
    const { editorial } = await app.as('admin');
    const [users, keys] = [await editorial.users.list(), await editorial.keys.list()];

    expect([users.data.length, keys.data.map(({ id, version }) => [id, version])]).toEqual([
      1,
      [[key.id, 1]],
    ]);
    expect((await editorial.settings.read()).version).toBe(0);
    expect((await send(app, '/editorial/v1/articles', { token: key.key })).status).toBe(200);
  });
});

describe('S28 a key that is not one', () => {
  const wrong: readonly (readonly [name: string, of: (key: string, id: string) => string])[] = [
    ['another secret', (one) => `${one.slice(0, -1)}${one.endsWith('A') ? 'B' : 'A'}`],
    ['another key’s id', (one, id) => one.replace(id, NOWHERE)],
    ['no secret', (_one, id) => `cdk_${id}_`],
    ['half a secret', (one) => one.slice(0, -20)],
    ['more than a secret', (one) => `${one}A`],
    ['its prefix in capitals', (one) => one.replace('cdk', 'CDK')],
    ['its id in capitals', (one, id) => one.replace(id, id.toUpperCase())],
    ['no prefix', (one) => one.replace('cdk_', '')],
    ['its id alone', (_one, id) => id],
    ['another separator', (one, id) => one.replace(`${id}_`, `${id}.`)],
  ];

  it.each(wrong)('is refused: %s', async (_what, change) => {
    const answer = await send(app, '/editorial/v1/articles', { token: change(key.key, key.id) });

    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('is refused when it is the stored hash', async () => {
    const stored = await app.db.collection('apiKeys').findOne({ name: SCOPES.join(' ') });

    for (const token of [String(stored?.hash), `cdk_${key.id}_${String(stored?.hash)}`])
      expect((await send(app, '/editorial/v1/articles', { token })).status).toBe(401);
  });
});

describe('S19 a key and a token', () => {
  it('do not stand in for each other', async () => {
    const { email, token } = await app.person('editor');
    const { refreshToken = '' } = await signInPlainly(app.anonymous, {
      email,
      password: PASSWORD,
      tokenDelivery: 'body',
    });
    const refresh = (body: object, headers = {}) =>
      send(app, '/editorial/v1/auth/refresh', { body: JSON.stringify(body), headers });
    const secret = key.key.slice(-43);

    for (const refreshed of [key.key, secret])
      expect((await refresh({ refreshToken: refreshed })).status).toBe(401);
    const cookie = {
      Cookie: `copydesk=${key.key}; __Host-copydesk=${key.key}`,
      Origin: 'http://localhost:3000',
    };
    expect((await refresh({}, cookie)).status).toBe(401);
    for (const bearer of [secret, `cdk_${key.id}_${refreshToken}`, `cdk_${token}`, `cdk_${key.id}_${token}`])
      expect((await send(app, '/editorial/v1/articles', { token: bearer })).status).toBe(401);
  });

  it('open no link that came by mail', async () => {
    const doors = operations.filter(({ path }) => path.includes(':token'));
    const fakes = [key.key, key.key.slice(-43), `${key.id}${key.key.slice(-43)}`];

    for (const fake of fakes) {
      for (const purpose of LINK_PURPOSES)
        await expect(app.services.links.find(fake, purpose)).rejects.toMatchObject({ code: 'not_found' });
      for (const { path, route } of doors) {
        const body = route.body ? { body: JSON.stringify({ password: 'a whole new sentence of mine' }) } : {};
        const answer = await send(app, path.replace(':token', fake), {
          method: route.method.toUpperCase(),
          ...body,
        });
        expect([404, 422]).toContain(answer.status);
      }
    }
  });
});

describe('S24 a key anywhere but in its header', () => {
  it.each(['api_key', 'apiKey', 'key', 'access_token', 'token', 'Authorization'])(
    'is not looked at: ?%s=',
    async (name) => {
      expect((await send(app, `/editorial/v1/articles?${name}=${key.key}`)).status).toBe(401);
    },
  );

  it('is not looked at in a body, a path, a cookie or another header', async () => {
    const { settings } = (await app.as('admin')).editorial;
    await settings.change({ ifMatch: 0, body: { security: { contentNeedsKey: true } } });
    const paths = ['/editorial/v1/articles', '/content/v1/articles'];
    const headers: Record<string, string>[] = [
      { Cookie: `copydesk=${key.key}; key=${key.key}` },
      { 'X-API-Key': key.key },
      { 'Proxy-Authorization': `Bearer ${key.key}` },
      { Authorization: key.key },
      { Authorization: `Basic ${Buffer.from(`${key.key}:`).toString('base64')}` },
      { Authorization: `Key ${key.key}` },
      { Authorization: `Bearer ${key.key}, Bearer ${key.key}` },
    ];

    for (const path of paths)
      for (const one of headers) expect((await send(app, path, { headers: one })).status).toBe(401);
    const body = JSON.stringify({ headline: 'X', key: key.key, token: key.key });
    expect((await send(app, '/editorial/v1/articles', { body })).status).toBe(401);
    expect((await send(app, `/editorial/v1/${key.key}/articles`)).status).toBe(404);
    expect((await send(app, `/content/v1/articles/${key.key}`)).status).toBe(401);
  });
});
