import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from '../../../src/client/index.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../../support/app.ts';
import { NOWHERE } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf, until } from '../../support/records.ts';
import { signInPlainly } from '../../support/sign-in.ts';

/** Also checks 20 to 22 of the security bar over two servers of one newsroom. */

let app: TestApp;
let other: TestApp;

beforeAll(async () => {
  app = await createTestApp();
  other = await createTestApp({}, { beside: app });
});
afterAll(async () => {
  await other.close();
  await app.close();
});

interface SignedIn {
  readonly token: string;
  readonly refreshToken: string;
  readonly client: Client;
}

/** Signs the person in once more. */
async function again({ email }: Person): Promise<SignedIn> {
  const body = { email, password: PASSWORD, tokenDelivery: 'body' } as const;
  const { accessToken: token, refreshToken = '' } = await signInPlainly(app.anonymous, body);
  return { token, refreshToken, client: createClient(app.url, { token }) };
}

const sessionsOf = async ({ editorial }: Client) => (await editorial.sessions.list()).data;
const me = async (token: string, at = app) => (await send(at, '/editorial/v1/auth/me', { token })).status;
const actionsOn = async (id: string) => (await auditOf(app, 'user', id)).map(({ action }) => action);

describe('GET /auth/sessions', () => {
  it('tells from where I am signed in, the newest first, and which one asks', async () => {
    const person = await app.person('editor', 'lister');
    const { client } = await again(person);

    const list = await sessionsOf(client);

    expect(list.map(({ current }) => current)).toEqual([true, false]);
    expect(list[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      current: true,
      device: expect.any(String),
      address: '127.0.0.1',
      method: 'password',
      secondFactor: false,
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      expiresAt: expect.any(String),
    });
    expect((await sessionsOf(person.client)).map(({ current }) => current)).toEqual([false, true]);
  });

  it('has no session of anybody else, and none that has ended', async () => {
    const person = await app.person('author', 'loner');
    await app.person('author', 'neighbour');
    const { client } = await again(person);
    await client.editorial.auth.logout();

    expect(await sessionsOf(person.client)).toHaveLength(1);
  });

  it('knows the last use to the minute, without a write for each request', async () => {
    const person = await app.person('editor', 'busy');
    const { sessionId } = await person.client.editorial.auth.me();
    const [before] = await sessionsOf(person.client);
    await person.client.editorial.auth.me();
    expect((await sessionsOf(person.client))[0]?.lastUsedAt).toBe(before?.lastUsedAt);

    for (const { clock } of [app, other]) clock.advance(61_000);
    await person.client.editorial.auth.me();

    await until(async () => {
      const [after] = await sessionsOf(person.client);
      return after?.id === sessionId && after.lastUsedAt > (before?.lastUsedAt ?? '');
    });
  });
});

describe('DELETE /auth/sessions/{id}', () => {
  it('ends one of mine: its access token and its refresh token', async () => {
    const person = await app.person('editor', 'ender');
    const lost = await again(person);
    const { sessionId: id } = await lost.client.editorial.auth.me();

    await person.client.editorial.sessions.end({ params: { id } });

    expect([await me(lost.token), await me(person.token)]).toEqual([401, 200]);
    const { refreshToken } = lost;
    await expect(app.anonymous.editorial.auth.refresh({ body: { refreshToken } })).rejects.toMatchObject({
      status: 401,
    });
    expect(await actionsOn(person.id)).toContain('session.end');
    await expect(person.client.editorial.sessions.end({ params: { id } })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('hides the sessions of others', async () => {
    const person = await app.person('author', 'victim');
    const { sessionId: id } = await person.client.editorial.auth.me();

    for (const role of ['author', 'admin'] as const) {
      const { editorial } = await app.as(role, 'meddler');
      await expect(editorial.sessions.end({ params: { id } })).rejects.toMatchObject({ status: 404 });
    }
    const { editorial } = await app.as('author', 'meddler');
    await expect(editorial.sessions.end({ params: { id: NOWHERE } })).rejects.toMatchObject({ status: 404 });
    expect(await me(person.token)).toBe(200);
  });

  it('takes the cookie away with the session that asks, and only then', async () => {
    const person = await app.person('editor', 'cookie');
    const { client, token } = await again(person);
    const [own, others] = await sessionsOf(client);
    const end = (id = '') => send(app, `/editorial/v1/auth/sessions/${id}`, { method: 'DELETE', token });

    const [first, second] = [await end(others?.id), await end(own?.id)];

    expect([first.status, first.headers.get('set-cookie')]).toEqual([204, null]);
    expect([second.status, second.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringContaining('Max-Age=0'),
    ]);
  });
});

describe('DELETE /auth/sessions', () => {
  it('ends all but this one', async () => {
    const person = await app.person('editor', 'tidy');
    const [one, two] = [await again(person), await again(person)];

    await one.client.editorial.sessions.endAll();

    expect([await me(one.token), await me(two.token), await me(person.token)]).toEqual([200, 401, 401]);
    const rows = (await auditOf(app, 'user', person.id)).filter(({ action }) => action === 'session.end_all');
    expect(rows).toMatchObject([{ after: { kept: expect.any(String), ended: 2 } }]);
  });

  it('ends this one as well when told to', async () => {
    const person = await app.person('editor', 'leaving');
    const one = await again(person);

    await one.client.editorial.sessions.endAll({ query: { current: 'true' } });

    expect([await me(one.token), await me(person.token)]).toEqual([401, 401]);
  });

  it('refuses anything else', async () => {
    const { editorial } = await app.as('editor', 'tidy2');

    await expect(editorial.sessions.endAll({ query: { current: 'all' as never } })).rejects.toMatchObject({
      status: 400,
    });
  });
});

describe('DELETE /users/{id}/sessions', () => {
  it('signs somebody out everywhere, and lets them in again', async () => {
    const person = await app.person('author', 'phoneless');
    const one = await again(person);
    const { editorial } = await app.as('admin');

    await editorial.sessions.endAllOf({ params: { id: person.id } });

    expect([await me(one.token), await me(person.token)]).toEqual([401, 401]);
    expect(await me((await again(person)).token)).toBe(200);
    expect(await actionsOn(person.id)).toContain('session.end_all');
  });

  it('is for admins, of people who are there', async () => {
    const { id } = await app.person('author', 'phoneless');
    const { editorial } = await app.as('editor');
    await expect(editorial.sessions.endAllOf({ params: { id } })).rejects.toMatchObject({ status: 403 });
    const admin = await app.as('admin');
    await expect(admin.editorial.sessions.endAllOf({ params: { id: NOWHERE } })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('over two servers of one newsroom', () => {
  it('S22 a session that ends at one is over at the other, at the next request', async () => {
    const person = await app.person('editor', 'two-desks');
    const one = await again(person);
    expect(await me(one.token, other)).toBe(200);

    await one.client.editorial.auth.logout();
    expect(await me(one.token, other)).toBe(401);

    expect(await me(person.token, other)).toBe(200);
    await (await app.as('admin')).editorial.sessions.endAllOf({ params: { id: person.id } });
    expect(await me(person.token, other)).toBe(401);
  });

  it('S20 a role that changes at one counts at the other, at the next request', async () => {
    const { id, token } = await app.person('editor', 'demoted');
    const there = createClient(other.url, { token });
    expect((await there.editorial.auth.me()).permissions['articles:publish']).toBe('any');

    const { editorial } = await app.as('admin');
    await editorial.users.change({ params: { id }, ifMatch: 1, body: { role: 'author' } });

    const { role, permissions } = await there.editorial.auth.me();
    expect([role, permissions['articles:publish'], permissions['articles:write']]).toEqual([
      'author',
      undefined,
      'own',
    ]);
  });

  it('S21 who is deactivated at one is out at the other, at the next request', async () => {
    const { id, token } = await app.person('author', 'left');
    expect(await me(token, other)).toBe(200);

    const { editorial } = await app.as('admin');
    await editorial.users.deactivate({ params: { id }, ifMatch: 1 });

    expect(await me(token, other)).toBe(401);
  });

  it('S23 a refresh token spent at both is a copy: the family ends', async () => {
    const { token, refreshToken } = await again(await app.person('editor', 'copied'));

    const [first, second] = await Promise.allSettled(
      [app, other].map((at) => at.anonymous.editorial.auth.refresh({ body: { refreshToken } })),
    );

    const outcomes = [first?.status, second?.status].sort();
    expect(outcomes).toEqual(['fulfilled', 'rejected']);
    expect(await me(token, other)).toBe(401);
  });
});
