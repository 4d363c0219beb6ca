import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from '../../src/client/index.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../support/app.ts';
import { draft, NOWHERE } from '../support/factories.ts';
import { keyWith } from '../support/keys.ts';
import { linkTo } from '../support/mails.ts';
import { send } from '../support/raw.ts';
import { auditOf } from '../support/records.ts';
import { signInPlainly } from '../support/sign-in.ts';

/** Checks 20 to 22 and 42 of the security bar over two servers, and how accounts end. */

let app: TestApp;
/** A second server of the same newsroom. */
let other: TestApp;
let users: Client['editorial']['users'];

beforeAll(async () => {
  app = await createTestApp();
  other = await createTestApp({}, { beside: app });
  users = (await app.as('admin')).editorial.users;
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const me = async (token: string, at = app) => (await send(at, '/editorial/v1/auth/me', { token })).status;
const content = async (key: string, at = app) =>
  (await send(at, '/content/v1/articles', { token: key })).status;
const stories = async (token: string, at = app) =>
  (await send(at, '/editorial/v1/articles', { token })).status;
const reset = (token: string, at = app) =>
  send(at, `/editorial/v1/auth/password-reset/${token}`, {
    body: JSON.stringify({ password: 'another sentence of mine, rather long' }),
  });

describe('S20 a role that is taken away', () => {
  it('is gone at the next request on every server', async () => {
    const { id, token } = await app.person('admin', 'demoted');
    const list = (at: TestApp) => send(at, '/editorial/v1/users', { token });
    expect([(await list(app)).status, (await list(other)).status]).toEqual([200, 200]);

    await users.change({ params: { id }, ifMatch: 1, body: { role: 'author', duties: ['fact'] } });

    expect([(await list(app)).status, (await list(other)).status]).toEqual([403, 403]);
  });
});

describe('S21 somebody who is deactivated', () => {
  it('is out at the next request on every server: sessions, tokens, keys, links', async () => {
    const person = await app.person('admin', 'leaver');
    const key = await keyWith(app, ['articles:read', 'content:read'], { owner: 'leaver' });
    const signedIn = await signInPlainly(app.anonymous, {
      email: person.email,
      password: PASSWORD,
      tokenDelivery: 'body',
    });
    const link = await linkTo(app, person, 'password_reset');
    expect([await stories(key.key, other), await me(person.token, other)]).toEqual([200, 200]);

    await users.deactivate({ params: { id: person.id }, ifMatch: 1 });

    for (const at of [app, other]) {
      expect([await me(person.token, at), await me(signedIn.accessToken, at)]).toEqual([401, 401]);
      const body = JSON.stringify({ refreshToken: signedIn.refreshToken });
      expect((await send(at, '/editorial/v1/auth/refresh', { body })).status).toBe(401);
      expect([await stories(key.key, at), await content(key.key, at)]).toEqual([401, 401]);
      expect((await reset(link, at)).status).toBe(404);
    }
    await users.activate({ params: { id: person.id }, ifMatch: 2 });
    expect([await me(signedIn.accessToken, other), (await reset(link)).status]).toEqual([401, 404]);
  });

  it('who signs in at that moment stays out', async () => {
    const { id, email } = await app.person('author', 'quick');
    const signIns = Array.from({ length: 8 }, () =>
      signInPlainly(other.anonymous, { email, password: PASSWORD }).catch(() => null),
    );

    await Promise.all([...signIns, users.deactivate({ params: { id }, ifMatch: 1 })]);
    await users.activate({ params: { id }, ifMatch: 2 });

    for (const granted of await Promise.all(signIns))
      if (granted) expect(await me(granted.accessToken)).toBe(401);
  });
});

describe('S22 signing out', () => {
  it('holds on every server', async () => {
    const { token } = await app.person('editor', 'two-servers');
    expect(await me(token, other)).toBe(200);

    await send(app, '/editorial/v1/auth/logout', { method: 'POST', token });

    expect([await me(token), await me(token, other)]).toEqual([401, 401]);
  });
});

describe('S42 the last active admin', () => {
  type Act = (by: Client, at: { id: string; version: number }) => Promise<unknown>;
  const acts: Record<string, Act> = {
    demote: (by, { id, version }) =>
      by.editorial.users.change({ params: { id }, ifMatch: version, body: { role: 'editor' } }),
    deactivate: (by, { id, version }) => by.editorial.users.deactivate({ params: { id }, ifMatch: version }),
    delete: (by, { id, version }) => by.editorial.users.remove({ params: { id }, ifMatch: version }),
  };
  const pairs = Object.keys(acts).flatMap((one) => Object.keys(acts).map((two) => [one, two] as const));

  it.each(pairs)('stays when %s and %s race on two servers', async (one, two) => {
    const people = app.db.collection('users');
    const [first, second] = [await admin(`${one}-${two}-1`), await admin(`${one}-${two}-2`)];
    await people.updateMany({ email: { $nin: [first.email, second.email] } }, { $set: { active: false } });

    await Promise.allSettled([
      acts[one]?.(first.client, { id: second.id, version: 1 }),
      acts[two]?.(clientAt(other, second), { id: first.id, version: 1 }),
    ]);

    const left = await people.find({ role: 'admin', active: true }).toArray();
    expect(left).toHaveLength(1);
    const last = String(left[0]?._id) === first.id ? first : second;
    const { version } = await last.client.editorial.users.read({ params: { id: last.id } });
    for (const act of Object.values(acts))
      await expect(act(last.client, { id: last.id, version })).rejects.toMatchObject({ status: 409 });
    await people.updateMany({}, { $set: { active: true } });
  });

  it('is not somebody who was invited only', async () => {
    const people = app.db.collection('users');
    const [invited, only] = [await admin('invited'), await admin('only')];
    await people.updateOne({ email: invited.email }, { $set: { joinedAt: null } });
    await people.updateMany({ email: { $nin: [invited.email, only.email] } }, { $set: { active: false } });

    for (const act of Object.values(acts))
      await expect(act(only.client, { id: only.id, version: 1 })).rejects.toMatchObject({ status: 409 });
    await users_(only).change({ params: { id: invited.id }, ifMatch: 1, body: { role: 'author' } });
    await people.updateMany({}, { $set: { active: true } });
  });

  const admin = (name: string) => app.person('admin', name);
  const users_ = ({ client }: Person) => client.editorial.users;
  const clientAt = ({ url }: TestApp, { token }: Person) => createClient(url, { token });
});

describe('deleting an account', () => {
  it('without work takes it away, with all that opens it', async () => {
    const person = await app.person('author', 'mistake');
    const link = await linkTo(app, person, 'password_reset');

    await users.remove({ params: { id: person.id }, ifMatch: 1 });

    await expect(users.read({ params: { id: person.id } })).rejects.toMatchObject({ status: 404 });
    expect([await me(person.token), await me(person.token, other)]).toEqual([401, 401]);
    expect((await reset(link)).status).toBe(404);
    await expect(
      signInPlainly(app.anonymous, { email: person.email, password: PASSWORD }),
    ).rejects.toMatchObject({ status: 401 });
    expect((await auditOf(app, 'user', person.id)).at(-1)).toMatchObject({
      action: 'user.delete',
      before: { email: person.email },
    });
  });

  it('with work is refused, and says where it is', async () => {
    const writer = await app.person('author', 'writer');
    const { id, version } = await draft(writer.client);
    const assigned = await app.person('author', 'assigned');
    await (await app.as('editor')).editorial.articles.change({
      params: { id },
      ifMatch: version,
      body: { assignee: assigned.id },
    });
    const named = await app.person('author', 'named');
    await (await app.as('editor')).editorial.authors.create({ body: { name: 'Named', user: named.id } });
    const keeper = await app.person('admin', 'keeper');
    await keyWith(app, ['articles:read'], { owner: 'keeper' });

    for (const [person, usedBy] of [
      [writer, { articles: 1, auditEvents: 1 }],
      [assigned, { articles: 1 }],
      [named, { bylines: 1 }],
      [keeper, { apiKeys: 1, auditEvents: 1 }],
    ] as const)
      await expect(users.remove({ params: { id: person.id }, ifMatch: 1 })).rejects.toMatchObject({
        status: 409,
        problem: { usedBy },
      });
    expect(await me(writer.token)).toBe(200);
  });

  it('refuses stale versions, what is not there, and everybody but admins', async () => {
    const { id } = await app.person('author', 'kept');
    const editor = (await app.as('editor')).editorial.users;

    await expect(users.remove({ params: { id }, ifMatch: 9 })).rejects.toMatchObject({ status: 412 });
    await expect(users.remove({ params: { id: NOWHERE }, ifMatch: 1 })).rejects.toMatchObject({
      status: 404,
    });
    await expect(editor.remove({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({ status: 403 });
  });
});
