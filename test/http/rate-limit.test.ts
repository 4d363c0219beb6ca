import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type TestApp } from '../support/app.ts';
import { send } from '../support/raw.ts';

let app: TestApp;
/** A server of the same newsroom that takes 8 requests a minute from a person, 2 from strangers, 3 from readers. */
let strict: TestApp;

beforeAll(async () => {
  app = await createTestApp();
  strict = await createTestApp(
    { RATE_LIMIT_EDITORIAL: '8', RATE_LIMIT_CONTENT: '3', TRUST_PROXY: 'loopback' },
    { beside: app },
  );
});
afterAll(async () => {
  await strict.close();
  await app.close();
});

const headersOf = ({ headers }: Response) => [
  headers.get('ratelimit'),
  headers.get('ratelimit-policy'),
  headers.get('retry-after'),
];
const from = (address: string) => ({ 'X-Forwarded-For': address });

describe('S77 the general limit of the desk', () => {
  const tags = (token: string) => send(strict, '/editorial/v1/tags', { token });

  it('tells what is left, and refuses what is over until the minute ends', async () => {
    const { token } = await app.person('editor', 'busy');

    const first = await tags(token);
    for (let at = 0; at < 7; at += 1) expect((await tags(token)).status).toBe(200);
    const over = await tags(token);

    expect(headersOf(first)).toEqual([
      expect.stringMatching(/^"person"; r=7; t=\d+$/),
      expect.stringMatching(/^"person"; q=8; w=60; pk=:[A-Za-z0-9+/=]+:$/),
      null,
    ]);
    expect(over.status).toBe(429);
    expect(headersOf(over)).toEqual([
      expect.stringMatching(/^"person"; r=0; t=\d+$/),
      expect.any(String),
      expect.stringMatching(/^[1-9]\d?$/),
    ]);
    expect(await over.json()).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringMatching(
        /^Too many requests in this minute\. Send the next one in \d+ seconds\.$/,
      ),
    });
  });

  it('counts each person, wherever they are', async () => {
    const [one, other] = [await app.person('editor', 'one'), await app.person('editor', 'other')];
    for (let at = 0; at < 9; at += 1)
      await send(strict, '/editorial/v1/tags', { token: one.token, headers: from(`203.0.113.${at}`) });

    expect((await tags(one.token)).status).toBe(429);
    expect((await tags(other.token)).status).toBe(200);
  });

  it('counts an address whose tokens are wrong, as it counts one without', async () => {
    const headers = from('198.51.100.1');
    const guess = (token: string) => send(strict, '/editorial/v1/tags', { token, headers });

    const statuses = [(await guess('a')).status, (await guess('b')).status, (await guess('c')).status];

    expect(statuses).toEqual([401, 401, 429]);
    expect((await send(strict, '/editorial/v1/auth/refresh', { body: '{}', headers })).status).toBe(429);
    expect(
      (await send(strict, '/editorial/v1/tags', { token: 'd', headers: from('198.51.100.2') })).status,
    ).toBe(401);
  });

  it('takes the addresses of one IPv6 customer for one', async () => {
    const statuses: number[] = [];
    for (const end of ['1', '2', 'dead:beef'])
      statuses.push(
        (await send(strict, '/editorial/v1/tags', { headers: from(`2001:db8:0:7::${end}`) })).status,
      );

    expect(statuses).toEqual([401, 401, 429]);
  });

  it('may be read by pages of the configured origins', async () => {
    const open = await createTestApp({ CORS_ORIGINS: 'https://desk.example' }, { beside: app });
    const { headers } = await send(open, '/editorial/v1/tags', {
      headers: { Origin: 'https://desk.example' },
    });
    await open.close();

    expect(headers.get('access-control-expose-headers')?.split(',')).toEqual(
      expect.arrayContaining(['RateLimit', 'RateLimit-Policy', 'Retry-After']),
    );
  });

  it('is no limit on probes', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 12; at += 1) statuses.push((await send(strict, '/healthz')).status);

    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('can be switched off', async () => {
    const { token } = await app.person('editor', 'free');

    expect(headersOf(await send(app, '/editorial/v1/tags', { token }))).toEqual([null, null, null]);
  });
});

describe('S77 the general limit on readers', () => {
  it('leaves nothing of one reader in an answer that caches keep, and says when it is over', async () => {
    const headers = from('192.0.2.7');
    // Each another page: what is kept in front of the handlers costs less than counting, and is not counted.
    const read = (limit: number) => send(strict, `/content/v1/articles?limit=${limit}`, { headers });

    const kept = [await read(1), await read(2), await read(3)];
    const over = await read(4);

    expect(kept.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(kept.map(headersOf)).toEqual(Array.from({ length: 3 }, () => [null, null, null]));
    expect(over.status).toBe(429);
    expect(over.headers.get('cache-control')).toBe('no-store');
    expect(headersOf(over)).toEqual([
      expect.stringMatching(/^"address"; r=0; t=\d+$/),
      expect.stringMatching(/^"address"; q=3; w=60; pk=/),
      expect.stringMatching(/^[1-9]\d?$/),
    ]);
  });
});

describe('S77 an API key', () => {
  it('has its own rate on each surface, also where the general limit is off', async () => {
    const admin = await app.as('admin');
    const { key } = await admin.editorial.keys.create({
      body: { name: 'Website', scopes: ['content:read', 'articles:read'], rate: 2 },
    });

    for (const path of ['/editorial/v1/articles', '/content/v1/articles']) {
      const answers: Response[] = [];
      for (let at = 0; at < 3; at += 1) answers.push(await send(app, path, { token: key }));

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect(answers.at(-1)?.headers.get('ratelimit')).toMatch(/^"key"; r=0; t=\d+$/);
    }
  });
});
