import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from '../../../src/client/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { NOWHERE } from '../../support/factories.ts';
import { keyWith } from '../../support/keys.ts';
import { send } from '../../support/raw.ts';
import { auditOf, until } from '../../support/records.ts';

const MINUTE = 60_000;

let app: TestApp;
let ada: Person;
let admin: Client['editorial'];

beforeAll(async () => {
  app = await createTestApp();
  ada = await app.person('admin');
  admin = ada.client.editorial;
});
afterAll(() => app.close());

const post = (body: unknown) =>
  send(app, '/editorial/v1/api-keys', { token: ada.token, body: JSON.stringify(body) });
const from = (milliseconds: number) => new Date(app.clock.now().getTime() + milliseconds).toISOString();
const issue = (more: object = {}) =>
  admin.keys.create({ body: { name: 'Website', scopes: ['articles:read'], ...more } });
/** What of a key nobody else may learn; it may have an underscore in it. */
const secretOf = (key: string) => key.split('_').slice(2).join('_');
/** What a key is worth now, as the status of a request with it. */
const knock = async (key: string) => (await send(app, '/editorial/v1/articles', { token: key })).status;

describe('issuing an API key', () => {
  it('shows its secret once, and says what it is good for', async () => {
    const answer = await post({ name: ' Website ', scopes: ['content:read', 'articles:read'] });
    const { key, ...issued } = (await answer.json()) as { key: string; id: string };

    expect([answer.status, answer.headers.get('location'), answer.headers.get('etag')]).toEqual([
      201,
      `/editorial/v1/api-keys/${issued.id}`,
      '"1"',
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(key).toMatch(new RegExp(`^cdk_${issued.id}_[A-Za-z0-9_-]{43}$`));
    expect(issued).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      version: 1,
      name: 'Website',
      scopes: ['content:read', 'articles:read'],
      rate: 600,
      owner: { id: ada.id, name: 'ada admin' },
      status: 'active',
      expiresAt: null,
      overlapUntil: null,
      lastUsedAt: null,
      lastUsedFrom: null,
      revokedAt: null,
      createdAt: expect.any(String),
      modifiedAt: expect.any(String),
    });
    expect(await admin.keys.read({ params: { id: issued.id } })).toEqual(issued);
  });

  it('is told in the audit log, without the secret', async () => {
    const { id, key } = await issue({ expiresAt: from(MINUTE) });

    const rows = await auditOf(app, 'key', id);

    expect(rows).toMatchObject([
      {
        action: 'key.create',
        actor: { kind: 'user', id: ada.id },
        before: null,
        after: { name: 'Website', scopes: ['articles:read'], rate: 600, owner: ada.id },
      },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/hash|cdk_/i);
    expect(JSON.stringify(rows)).not.toContain(secretOf(key));
  });

  it('keeps no key for an Idempotency-Key: each request issues another', async () => {
    const request = {
      token: ada.token,
      body: JSON.stringify({ name: 'Twice', scopes: ['content:read'] }),
      headers: { 'Idempotency-Key': 'once' },
    };

    const answers = [
      await send(app, '/editorial/v1/api-keys', request),
      await send(app, '/editorial/v1/api-keys', request),
    ];
    const keys = await Promise.all(answers.map(async (one) => ((await one.json()) as { key: string }).key));

    expect(new Set(keys).size).toBe(2);
    expect(await app.db.collection('idempotency').countDocuments()).toBe(0);
  });

  it.each<[string, string, unknown]>([
    ['no name', '/name', { scopes: ['content:read'] }],
    ['an invisible name', '/name', { name: '\u200b', scopes: ['content:read'] }],
    ['no scope', '/scopes', { name: 'X', scopes: [] }],
    ['a scope twice', '/scopes', { name: 'X', scopes: ['content:read', 'content:read'] }],
    ['a scope that there is none of', '/scopes/0', { name: 'X', scopes: ['users:manage'] }],
    ['a rate of 0', '/rate', { name: 'X', scopes: ['content:read'], rate: 0 }],
    ['a rate above 60 000', '/rate', { name: 'X', scopes: ['content:read'], rate: 60_001 }],
    [
      'an expiry without a zone',
      '/expiresAt',
      { name: 'X', scopes: ['content:read'], expiresAt: '2031-01-01' },
    ],
    [
      'an expiry that is over',
      '/expiresAt',
      { name: 'X', scopes: ['content:read'], expiresAt: '2020-01-01T00:00:00Z' },
    ],
    ['a secret of one’s own', '/key', { name: 'X', scopes: ['content:read'], key: 'cdk_mine' }],
    ['an owner', '/owner', { name: 'X', scopes: ['content:read'], owner: NOWHERE }],
  ])('refuses %s', async (_what, pointer, body) => {
    const answer = await post(body);

    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: 'invalid_input', errors: [{ pointer }] });
  });
});

describe('the verbs of API keys', () => {
  it.each(['editor', 'author', 'moderator'] as const)('are refused to the role %s', async (role) => {
    const { keys } = (await app.as(role)).editorial;
    const params = { id: NOWHERE };

    const tries = [
      keys.list(),
      keys.create({ body: { name: 'X', scopes: ['content:read'] } }),
      keys.read({ params }),
      keys.change({ params, ifMatch: 1, body: {} }),
      keys.rotate({ params, ifMatch: 1 }),
      keys.revoke({ params, ifMatch: 1 }),
    ];

    for (const one of await Promise.allSettled(tries))
      expect(one).toMatchObject({ status: 'rejected', reason: { status: 403, code: 'forbidden' } });
  });

  it('say that a key is missing', async () => {
    const params = { id: NOWHERE };
    const { keys } = admin;

    const tries = [
      keys.read({ params }),
      keys.change({ params, ifMatch: 1, body: {} }),
      keys.rotate({ params, ifMatch: 1 }),
      keys.revoke({ params, ifMatch: 1 }),
    ];

    for (const one of await Promise.allSettled(tries))
      expect(one).toMatchObject({ status: 'rejected', reason: { status: 404, code: 'not_found' } });
  });

  it('refuse a stale version, with the key as it is now', async () => {
    const { id, key } = await issue();
    const params = { id };
    await admin.keys.change({ params, ifMatch: 1, body: { name: 'Website 2' } });

    const tries = [
      admin.keys.change({ params, ifMatch: 1, body: { rate: 1 } }),
      admin.keys.rotate({ params, ifMatch: 1 }),
      admin.keys.revoke({ params, ifMatch: 1 }),
    ];

    for (const one of await Promise.allSettled(tries))
      expect(one).toMatchObject({
        reason: {
          status: 412,
          code: 'stale_version',
          problem: { current: { id, name: 'Website 2', version: 2 } },
        },
      });
    expect(await knock(key)).toBe(200);
  });
});

describe('listing API keys', () => {
  it('filters by status and by a part of the name, newest first', async () => {
    const app2 = await createTestApp();
    try {
      const { keys } = (await app2.as('admin')).editorial;
      const guest = await app2.person('admin', 'guest');
      const make = async (name: string, more: object = {}, by = keys) =>
        by.create({ body: { name, scopes: ['content:read'], ...more } });
      const soon = new Date(app2.clock.now().getTime() + MINUTE).toISOString();
      await make('Old (site)', { expiresAt: soon });
      const gone = await make('Gone robot');
      await make('Guest robot', {}, guest.client.editorial.keys);
      await make('Good SITE');
      await keys.revoke({ params: { id: gone.id }, ifMatch: 1 });
      const users = (await app2.as('admin')).editorial.users;
      await users.deactivate({ params: { id: guest.id }, ifMatch: 1 });
      app2.clock.advance(MINUTE);
      const named = async (query: Record<string, string>) =>
        (await keys.list({ query })).data.map(({ name }) => name);

      expect(await named({})).toEqual(['Good SITE', 'Guest robot', 'Gone robot', 'Old (site)']);
      expect(await named({ status: 'active' })).toEqual(['Good SITE']);
      expect(await named({ status: 'suspended' })).toEqual(['Guest robot']);
      expect(await named({ status: 'revoked' })).toEqual(['Gone robot']);
      expect(await named({ status: 'expired,revoked' })).toEqual(['Gone robot', 'Old (site)']);
      expect(await named({ q: 'site' })).toEqual(['Good SITE', 'Old (site)']);
      expect(await named({ q: '(SITE)', status: 'expired' })).toEqual(['Old (site)']);
      expect(await named({ q: '.*' })).toEqual([]);
      const { data } = await keys.list({ query: { limit: '1' } });
      expect(data[0]).toMatchObject({ status: 'active', owner: { name: 'ada admin' } });
      expect(JSON.stringify(await keys.list())).not.toMatch(/cdk_|hash/i);
    } finally {
      await app2.close();
    }
  });

  it.each(['status=gone', 'q=', 'sort=name', 'hash=x', 'owner=x'])('refuses %s', async (query) => {
    expect((await send(app, `/editorial/v1/api-keys?${query}`, { token: ada.token })).status).toBe(400);
  });
});

describe('changing an API key', () => {
  it('changes what is named, from the next request on, and tells the audit log both states', async () => {
    const { id, key } = await issue();

    const changed = await admin.keys.change({
      params: { id },
      ifMatch: 1,
      body: { name: 'App', scopes: ['content:read'], rate: 5, expiresAt: from(MINUTE) },
    });

    expect(changed).toMatchObject({ version: 2, name: 'App', scopes: ['content:read'], rate: 5 });
    expect(await knock(key)).toBe(403);
    expect((await auditOf(app, 'key', id)).at(-1)).toMatchObject({
      action: 'key.change',
      before: { name: 'Website', scopes: ['articles:read'], rate: 600, expiresAt: null },
      after: { name: 'App', scopes: ['content:read'], rate: 5, expiresAt: expect.any(Date) },
    });
  });

  it('holds a key to its new rate', async () => {
    const { id, key } = await issue({ rate: 1 });
    const answers = [await knock(key), await knock(key)];
    await admin.keys.change({ params: { id }, ifMatch: 1, body: { rate: 100 } });

    expect([...answers, await knock(key)]).toEqual([200, 429, 200]);
  });

  it.each<[string, object]>([
    ['/scopes', { scopes: [] }],
    ['/expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['/owner', { owner: NOWHERE }],
    ['/hash', { hash: 'x' }],
  ])('refuses what cannot be taken at %s', async (pointer, body) => {
    const { id } = await issue();

    const changing = admin.keys.change({ params: { id }, ifMatch: 1, body });

    await expect(changing).rejects.toMatchObject({ status: 422, problem: { errors: [{ pointer }] } });
  });

  it('takes the expiry that the key has, although it is over', async () => {
    const { id, expiresAt } = await issue({ expiresAt: from(MINUTE) });
    app.clock.advance(MINUTE);

    const changed = await admin.keys.change({ params: { id }, ifMatch: 1, body: { name: 'Old', expiresAt } });

    expect(changed).toMatchObject({ name: 'Old', status: 'expired', expiresAt });
  });
});

describe('an API key that expires', () => {
  it('is good until that moment, and again when an admin gives it more time', async () => {
    const { id, key } = await issue({ expiresAt: from(MINUTE) });
    app.clock.advance(MINUTE - 5_000);
    const before = await knock(key);
    app.clock.advance(5_000);
    const after = await knock(key);
    await admin.keys.change({ params: { id }, ifMatch: 1, body: { expiresAt: from(MINUTE) } });

    expect([before, after, await knock(key)]).toEqual([200, 401, 200]);
  });
});

describe('revoking an API key', () => {
  it('ends it at once and for good, and keeps what is known of it', async () => {
    const { id, key } = await issue();
    const params = { id };
    expect(await knock(key)).toBe(200);

    expect(await admin.keys.revoke({ params, ifMatch: 1 })).toBeUndefined();

    expect(await knock(key)).toBe(401);
    expect(await admin.keys.read({ params })).toMatchObject({
      ...{ status: 'revoked', version: 2, name: 'Website', owner: { id: ada.id } },
      revokedAt: expect.any(String),
    });
    for (const reviving of [
      admin.keys.change({ params, ifMatch: 2, body: { expiresAt: null } }),
      admin.keys.rotate({ params, ifMatch: 2 }),
    ])
      await expect(reviving).rejects.toMatchObject({ status: 409, code: 'conflict' });
    await admin.keys.revoke({ params, ifMatch: 2 });
    expect((await auditOf(app, 'key', id)).map(({ action }) => action)).toEqual(['key.create', 'key.revoke']);
  });
});

describe('rotating an API key', () => {
  it('ends the old secret at once unless it is asked to overlap', async () => {
    const { id, key } = await issue();

    const rotated = await admin.keys.rotate({ params: { id }, ifMatch: 1 });

    expect(rotated).toMatchObject({ id, version: 2, overlapUntil: null });
    expect(rotated.key).toMatch(new RegExp(`^cdk_${id}_[A-Za-z0-9_-]{43}$`));
    expect([await knock(key), await knock(rotated.key)]).toEqual([401, 200]);
  });

  it('lets both work for the overlap, so that a frontend changes without an outage', async () => {
    const { id, key } = await issue();
    const params = { id };

    const rotated = await admin.keys.rotate({ params, ifMatch: 1, body: { overlapMinutes: 2 } });
    const meanwhile = [await knock(key), await knock(rotated.key)];
    app.clock.advance(2 * MINUTE);

    expect(Date.parse(rotated.overlapUntil ?? '') - Date.parse(rotated.modifiedAt)).toBeGreaterThan(
      1.9 * MINUTE,
    );
    expect(meanwhile).toEqual([200, 200]);
    expect([await knock(key), await knock(rotated.key)]).toEqual([401, 200]);
    expect((await auditOf(app, 'key', id)).at(-1)).toMatchObject({
      action: 'key.rotate',
      before: { overlapUntil: null },
      after: { overlapUntil: expect.any(Date) },
    });
  });

  it('ends the secret of two rotations ago, and a revocation ends all', async () => {
    const first = await issue();
    const params = { id: first.id };
    const second = await admin.keys.rotate({ params, ifMatch: 1, body: { overlapMinutes: 1440 } });
    const third = await admin.keys.rotate({ params, ifMatch: 2, body: { overlapMinutes: 1440 } });
    const all = [first.key, second.key, third.key];
    const knockAll = () => Promise.all(all.map(knock));
    const before = await knockAll();
    await admin.keys.revoke({ params, ifMatch: 3 });

    expect(before).toEqual([401, 200, 200]);
    expect(await knockAll()).toEqual([401, 401, 401]);
  });

  it.each([-1, 1441, 0.5, '5'])('refuses an overlap of %p minutes', async (overlapMinutes) => {
    const { id } = await issue();

    const answer = await send(app, `/editorial/v1/api-keys/${id}/rotate`, {
      token: ada.token,
      body: JSON.stringify({ overlapMinutes }),
      headers: { 'If-Match': '"1"' },
    });

    expect(answer.status).toBe(422);
  });
});

describe('the admin who answers for an API key', () => {
  it.each(['deactivated', 'made an editor'])(
    'ends it at once when they are %s, until another takes it over',
    async (how) => {
      const owner = await app.person('admin', how.replaceAll(' ', '-'));
      const { id, key } = await keyWith(app, ['articles:read'], { owner: how.replaceAll(' ', '-') });
      const params = { id };
      expect(await knock(key)).toBe(200);

      const target = { params: { id: owner.id }, ifMatch: 1 };
      if (how === 'deactivated') await admin.users.deactivate(target);
      else await admin.users.change({ ...target, body: { role: 'editor' } });

      expect(await knock(key)).toBe(401);
      expect(await admin.keys.read({ params })).toMatchObject({
        status: 'suspended',
        owner: { id: owner.id },
      });
      const back = admin.keys.change({ params, ifMatch: 1, body: { name: 'Mine', owner: ada.id } });
      expect(await back).toMatchObject({ status: 'active', owner: { id: ada.id, name: 'ada admin' } });
      expect(await knock(key)).toBe(200);
      expect((await auditOf(app, 'key', id)).at(-1)).toMatchObject({
        before: { owner: owner.id },
        after: { owner: ada.id },
      });
      const returning = admin.keys.change({ params, ifMatch: 2, body: { owner: owner.id } });
      await expect(returning).rejects.toMatchObject({
        status: 422,
        problem: { errors: [{ pointer: '/owner' }] },
      });
    },
  );

  it('may not be an editor', async () => {
    const { id } = await issue();
    const editor = await app.person('editor');

    const giving = admin.keys.change({ params: { id }, ifMatch: 1, body: { owner: editor.id } });

    await expect(giving).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ code: 'no_such_admin' }] },
    });
  });
});

describe('the last use of an API key', () => {
  it('is noted at most once a minute, with where it came from, and raises no version', async () => {
    const { id, key } = await issue();
    const last = async () => (await admin.keys.read({ params: { id } })).lastUsedAt;
    await knock(key);
    await until(async () => (await last()) !== null);
    const first = await last();
    app.clock.advance(MINUTE - 5_000);
    await knock(key);
    const same = await last();
    app.clock.advance(5_000);
    await knock(key);
    await until(async () => (await last()) !== first);

    expect(same).toBe(first);
    expect(await admin.keys.read({ params: { id } })).toMatchObject({
      lastUsedFrom: '127.0.0.1',
      version: 1,
    });
  });

  it('is no use when the key was refused', async () => {
    const { id, key } = await issue({ expiresAt: from(MINUTE) });
    app.clock.advance(MINUTE);
    await knock(key);
    await knock(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`);

    expect(await admin.keys.read({ params: { id } })).toMatchObject({ lastUsedAt: null, lastUsedFrom: null });
  });
});

describe('what is stored of an API key', () => {
  it('is its hash: the secret is nowhere in the database', async () => {
    const { id, key } = await issue();
    const rotated = await admin.keys.rotate({ params: { id }, ifMatch: 1, body: { overlapMinutes: 5 } });
    const client = createClient(app.url, { token: rotated.key });
    await client.editorial.articles.list();
    const secrets = [key, rotated.key].map(secretOf);

    const collections = await app.db.listCollections();
    const texts = await Promise.all(
      collections.map(async ({ name }) => JSON.stringify(await app.db.collection(name).find().toArray())),
    );

    expect(texts.join()).toContain(id);
    for (const secret of secrets) expect(texts.join()).not.toContain(secret);
  });
});
