import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, PASSWORD, type TestApp } from '../../support/app.ts';
import { NOWHERE } from '../../support/factories.ts';
import { auditOf } from '../../support/records.ts';
import { signInPlainly } from '../../support/sign-in.ts';

let app: TestApp;
let users: Client['editorial']['users'];

beforeAll(async () => {
  app = await createTestApp();
  users = (await app.as('admin')).editorial.users;
});
afterAll(() => app.close());

let people = 0;
const newcomer = (more: object = {}) => {
  people += 1;
  return {
    email: `new${people}@example.org`,
    name: 'Nora Newcomer',
    role: 'author' as const,
    password: PASSWORD,
    ...more,
  };
};

describe('adding a member of staff', () => {
  it('lets that person sign in', async () => {
    const body = newcomer({ email: 'Nora@Example.org', duties: ['legal'] });

    const user = await users.create({ body });
    const signedIn = await signInPlainly(app.anonymous, { email: 'nora@example.org', password: PASSWORD });

    expect(user).toMatchObject({
      email: 'nora@example.org',
      role: 'author',
      duties: ['legal'],
      active: true,
      version: 1,
    });
    expect(Object.keys(user)).not.toEqual(expect.arrayContaining(['passwordHash']));
    expect(signedIn.user.id).toBe(user.id);
    expect(await auditOf(app, 'user', user.id)).toMatchObject([
      { action: 'user.create', actor: { role: 'admin' }, after: { role: 'author' } },
      { action: 'session.sign_in' },
    ]);
    const rows = JSON.stringify(await auditOf(app, 'user', user.id));
    expect(rows).not.toMatch(/passwordHash|\$2b\$/i);
    expect(rows).not.toContain(PASSWORD);
  });

  it.each([
    ['a password of 14 characters', { password: 'aaaaaaabcdefgh' }, '/password'],
    ['a password that is guessed first', { password: 'passwordpassword' }, '/password'],
    ['one repeated character', { password: 'z'.repeat(20) }, '/password'],
    [
      'the own address as a password',
      { email: 'nora.newcomer@example.org', password: 'nora.newcomer@example.org' },
      '/password',
    ],
    ['no e-mail address', { email: 'nora' }, '/email'],
    ['an unknown role', { role: 'owner' }, '/role'],
    ['a byline with invisible characters', { byline: 'Nora\u200b' }, '/byline'],
    ['a field of ours', { tokenVersion: 7 }, '/tokenVersion'],
  ])('with %s is refused', async (_what, more, pointer) => {
    await expect(users.create({ body: newcomer(more) as never })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer })] },
    });
  });

  it('of one address by twenty at once happens once', async () => {
    const body = newcomer();

    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => users.create({ body })));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      new Set(outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.status] : []))),
    ).toEqual(new Set([409]));
  });

  it.each(['editor', 'author', 'moderator'] as const)('is not for an %s', async (role) => {
    const other = (await app.as(role)).editorial.users;

    await expect(other.create({ body: newcomer() })).rejects.toMatchObject({ status: 403 });
    await expect(other.list()).rejects.toMatchObject({ status: 403 });
  });
});

describe('changing a member of staff', () => {
  it('shows at the next request with the old token', async () => {
    const { id, client } = await app.person('author', 'promoted');
    await expect(client.editorial.tags.create({ body: { name: 'Mine' } })).rejects.toMatchObject({
      status: 403,
    });

    const changed = await users.change({ params: { id }, ifMatch: 1, body: { role: 'editor' } });

    expect(changed).toMatchObject({ role: 'editor', version: 2 });
    expect(await client.editorial.tags.create({ body: { name: 'Mine' } })).toMatchObject({ name: 'Mine' });
    expect((await auditOf(app, 'user', id)).at(-1)).toMatchObject({
      action: 'user.change',
      before: { role: 'author' },
      after: { role: 'editor' },
    });
  });

  it('refuses stale versions, unknown fields and what is not there', async () => {
    const { id } = await users.create({ body: newcomer() });

    await expect(users.change({ params: { id }, ifMatch: 4, body: { name: 'X' } })).rejects.toMatchObject({
      status: 412,
    });
    await expect(
      users.change({ params: { id }, ifMatch: 1, body: { email: 'a@example.org' } as never }),
    ).rejects.toMatchObject({ status: 422 });
    await expect(users.change({ params: { id: NOWHERE }, ifMatch: 1, body: {} })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('deactivating a member of staff', () => {
  it('ends their access at the next request, and activating lets them sign in again', async () => {
    const { id, email, client } = await app.person('editor', 'leaver');
    await client.editorial.auth.me();

    const gone = await users.deactivate({ params: { id }, ifMatch: 1 });

    expect(gone).toMatchObject({ active: false, version: 2 });
    await expect(client.editorial.auth.me()).rejects.toMatchObject({ status: 401 });
    const login = () => signInPlainly(app.anonymous, { email, password: PASSWORD });
    await expect(login()).rejects.toMatchObject({ status: 401 });
    await users.activate({ params: { id }, ifMatch: 2 });
    expect((await login()).user.active).toBe(true);
    await expect(client.editorial.auth.me()).rejects.toMatchObject({ status: 401 });
    expect((await auditOf(app, 'user', id)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['user.deactivate', 'user.activate', 'session.sign_in_failed']),
    );
  });

  it('ends their refresh tokens for good: activating brings no old session back', async () => {
    const { id, email } = await app.person('author', 'returning');
    const { auth } = app.anonymous.editorial;
    const { refreshToken = '' } = await signInPlainly(app.anonymous, {
      email,
      password: PASSWORD,
      tokenDelivery: 'body',
    });

    await users.deactivate({ params: { id }, ifMatch: 1 });
    await users.activate({ params: { id }, ifMatch: 2 });

    await expect(auth.refresh({ body: { refreshToken } })).rejects.toMatchObject({ status: 401 });
  });

  it('never leaves the newsroom without an admin, also when two requests race', async () => {
    const first = await app.person('admin');
    const second = await app.person('admin', 'second');
    const admins = [first, second];
    await Promise.allSettled(
      admins.map((admin, index) =>
        admin.client.editorial.users.deactivate({ params: { id: admins[1 - index]?.id ?? '' }, ifMatch: 1 }),
      ),
    );

    const active = await app.db.collection('users').countDocuments({ role: 'admin', active: true });
    expect(active).toBe(1);
    const survivor = (await first.client.editorial.auth.me().catch(() => null)) ? first : second;
    const { version } = await survivor.client.editorial.users.read({ params: { id: survivor.id } });
    const { users: admins_ } = survivor.client.editorial;
    for (const attempt of [
      () => admins_.deactivate({ params: { id: survivor.id }, ifMatch: version }),
      () => admins_.change({ params: { id: survivor.id }, ifMatch: version, body: { role: 'author' } }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ status: 409, code: 'conflict' });
    }
  });
});

describe('the list of staff', () => {
  it('is filtered by role and state, page by page', async () => {
    const admin = (await app.db.collection('users').findOne({ role: 'admin', active: true })) as {
      email: string;
    } | null;
    const { accessToken } = await signInPlainly(app.anonymous, {
      email: admin?.email ?? '',
      password: PASSWORD,
    });
    const list = async (query: string) => {
      const response = await fetch(`${app.url}/editorial/v1/users?${query}`, {
        headers: { Authorization: `Bearer ${accessToken}` },
      });
      return {
        link: response.headers.get('link'),
        ...((await response.json()) as { data: { role: string }[]; page: { total: number } }),
      };
    };

    const authors = await list('role=author&count=true&limit=2');

    expect(authors.data.map(({ role }) => role)).toEqual(['author', 'author']);
    expect(authors.page.total).toBeGreaterThan(2);
    expect(authors.link).toMatch(
      /^<\/editorial\/v1\/users\?role=author&count=true&limit=2&after=[^>]+>; rel="next"$/,
    );
  });

  it('is searched by what stands in names and addresses, as it is written', async () => {
    const desk = (await app.as('admin', 'searching')).editorial.users;
    await app.db.collection('users').updateMany({ role: 'admin' }, { $set: { active: true } });
    const made = await desk.create({
      body: newcomer({ name: 'Zoë Ångström (zo.e)', email: 'z.a+desk@example.org' }) as never,
    });
    const idsOf = async (query: object) => (await desk.list({ query })).data.map(({ id }) => id);

    for (const q of ['zoë', 'ÅNGSTRÖM', '(zo.e)', 'z.a+desk', 'A+DESK@EXAMPLE'])
      expect(await idsOf({ q })).toEqual([made.id]);
    for (const q of ['.*', '^z', 'z.o', '(z|a)', 'z%', '\\', '$', 'zoë ångström ['])
      expect(await idsOf({ q })).toEqual([]);
    expect(await idsOf({ q: 'zoë', role: 'editor' })).toEqual([]);
  });

  it('tells who was invited, who has a second factor and who signed in last, and filters by it', async () => {
    const desk = (await app.as('admin', 'searching')).editorial.users;
    const people = app.db.collection('users');
    const [invited, factored, plain] = [
      await app.person('author', 'asked'),
      await app.person('author', 'careful'),
      await app.person('author', 'plain'),
    ];
    await people.updateOne({ email: invited.email }, { $set: { joinedAt: null, lastSignInAt: null } });
    await people.updateOne(
      { email: factored.email },
      { $set: { secondFactor: true, timeZone: 'Europe/Dublin' } },
    );
    const list = async (query: object) => (await desk.list({ query: { limit: '100', ...query } })).data;

    expect(await list({ invited: 'true' })).toMatchObject([
      { id: invited.id, joinedAt: null, lastSignInAt: null },
    ]);
    expect(await list({ secondFactor: 'true' })).toMatchObject([
      { id: factored.id, secondFactor: true, timeZone: 'Europe/Dublin', lastSignInAt: expect.any(String) },
    ]);
    const others = await list({ invited: 'false', secondFactor: 'false', active: 'true' });
    expect(others.map(({ id }) => id)).toContain(plain.id);
    expect(others.map(({ id }) => id)).not.toContain(invited.id);
    await expect(desk.list({ query: { q: '' } })).rejects.toMatchObject({ status: 400 });
  });
});
