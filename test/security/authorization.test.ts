import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../src/api.ts';
import { type Client, createClient } from '../../src/client/index.ts';
import type { RouteContract } from '../../src/contract/route.ts';
import { type Operation, operationsOf } from '../../src/contract/surface.ts';
import { POLICY } from '../../src/core/policy.ts';
import { addressOf, parametersOf } from '../support/addresses.ts';
import { createTestApp, type Person, type TestApp } from '../support/app.ts';
import { almightyOf, callWith, named, partsOf } from '../support/calls.ts';
import { draft, NOWHERE, paragraphs } from '../support/factories.ts';
import { send } from '../support/raw.ts';

/**
 * Checks 30 to 33 and 42 of the security bar. 29: test/http/access-matrix.test.ts, 34 to 38: exposure.test.ts,
 * 39 and 40: foreign-ids.test.ts, 41: test/features/media.
 */

let app: TestApp;
let author: Person;
let stranger: Person;
let moderator: Person;
let editor: Client;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.person('author', 'ada');
  stranger = await app.person('author', 'grace');
  moderator = await app.person('moderator');
  editor = await app.as('editor');
});
afterAll(() => app.close());

const operations = operationsOf(api);
const ofFeature = (feature: string) =>
  operations.filter((one) => one.surface === 'editorial' && one.feature === feature);
/** The kind of thing that a path begins with: `/articles/:id/lock` is about a story, whatever feature has it. */
const kindOf = ({ route }: Operation) => route.path.split('/')[1];
const ofKind = (kind: string) =>
  operations.filter((one) => one.surface === 'editorial' && kindOf(one) === kind);

describe('S30 a story of somebody else', () => {
  const doors = named(ofKind('articles').filter(({ route }) => route.params));

  it.each(doors)('is hidden from another author: %s', async (_name, operation) => {
    const { id } = await draft(author.client);
    const given = parametersOf(operation).length > 1 ? await partsOf(app, id) : id;

    const answer = await callWith(app, operation, stranger.token, given);

    expect([403, 404]).toContain(answer.status);
    expect(await author.client.editorial.articles.read({ params: { id } })).toMatchObject({
      version: 1,
      status: 'draft',
      headline: expect.not.stringContaining('Taken'),
    });
  });

  it('is in no list and no count of another author', async () => {
    await draft(author.client, { headline: 'A very private scoop' });

    const list = await stranger.client.editorial.articles.list({ query: { count: 'true', limit: '100' } });

    expect(JSON.stringify(list)).not.toContain('private scoop');
    expect(list.page.total).toBe(0);
  });

  it('opens when it is assigned, and closes when it is taken away', async () => {
    const { id } = await draft(author.client);
    await editor.editorial.articles.change({ params: { id }, ifMatch: 1, body: { assignee: stranger.id } });
    expect(await stranger.client.editorial.articles.read({ params: { id } })).toMatchObject({ version: 2 });

    await editor.editorial.articles.change({ params: { id }, ifMatch: 2, body: { assignee: null } });

    const reading = stranger.client.editorial.articles.read({ params: { id } });
    await expect(reading).rejects.toMatchObject({ status: 404 });
  });
});

describe('S31 what only the desk does', () => {
  const deskOnly = ofFeature('articles').filter(
    ({ route }) => route.access !== 'public' && !('author' in POLICY[route.access].roles),
  );

  it('has doors', () => {
    expect(deskOnly.map(({ name }) => name).sort()).toEqual(
      ['approve', 'archive', 'kill', 'publish', 'return', 'schedule', 'unpublish', 'unschedule'].sort(),
    );
  });

  it.each(named(deskOnly))('is refused to an author on their own story: %s', async (_name, operation) => {
    const { id } = await draft(author.client, { body: paragraphs('Ready to go.') });

    const answer = await callWith(app, operation, author.token, id);

    expect(answer.status).toBe(403);
    expect(await author.client.editorial.articles.read({ params: { id } })).toMatchObject({ version: 1 });
  });

  it.each(['status', 'publishAt', 'publishedAt', 'firstPublishedAt', 'unpublishAt', 'featured'])(
    'has no side door through the field "%s", when starting a story or changing one',
    async (field) => {
      const { id } = await draft(author.client);
      const value = field === 'status' ? 'published' : '2026-11-24T10:00:00.000Z';
      const given = JSON.stringify({ headline: 'X', [field]: value });

      const answers = [
        await send(app, '/editorial/v1/articles', { token: author.token, body: given }),
        await send(app, `/editorial/v1/articles/${id}`, {
          method: 'PATCH',
          token: author.token,
          body: given,
          headers: { 'If-Match': '"1"' },
        }),
      ];

      // The desk moves the times of a story by PATCH: there they are known, and refused.
      const known = ['publishAt', 'unpublishAt'].includes(field);
      expect(answers.map(({ status }) => status)).toEqual([422, known ? 403 : 422]);
    },
  );

  it('has no side door through the bin', async () => {
    const { id } = await draft(author.client);
    await author.client.editorial.articles.submit({ params: { id }, ifMatch: 1 });

    const binning = author.client.editorial.articles.bin({ params: { id }, ifMatch: 2 });

    await expect(binning).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
  });
});

describe('fields with a rule of their own', () => {
  it('let an author raise the mark "sensitive", and only the desk lower it', async () => {
    const { id } = await draft(author.client);
    const change = (client: Client, ifMatch: number, sensitive: boolean) =>
      client.editorial.articles.change({ params: { id }, ifMatch, body: { sensitive } });
    await change(author.client, 1, true);

    await expect(change(author.client, 2, false)).rejects.toMatchObject({
      status: 403,
      problem: { field: 'sensitive', permission: 'articles:clear-sensitive' },
    });
    expect(await change(editor, 2, false)).toMatchObject({ sensitive: false, version: 3 });
  });

  it('let an author set an embargo, and only the desk lift it', async () => {
    const { id } = await draft(author.client, { embargoUntil: '2031-01-01T00:00:00Z' });

    const lifting = author.client.editorial.articles.change({
      params: { id },
      ifMatch: 1,
      body: { embargoUntil: null },
    });

    await expect(lifting).rejects.toMatchObject({ problem: { permission: 'articles:lift-embargo' } });
  });
});

describe('S32 a moderator', () => {
  const foreign = operations.filter(
    ({ surface, route }) =>
      surface === 'editorial' &&
      route.method !== 'get' &&
      route.access !== 'public' &&
      route.access !== 'session:own',
  );

  it.each(named(foreign))('touches nothing of the desk: %s', async (_name, operation) => {
    const { access } = operation.route;
    // What one has signed one may withdraw, whatever the role: here there is nothing of the kind.
    const isHeld = access !== 'public' && 'moderator' in POLICY[access].roles;

    expect((await callWith(app, operation, moderator.token, NOWHERE)).status).toBe(isHeld ? 404 : 403);
  });
});

describe('S33 properties that the server owns', () => {
  const OWNED = [
    'role_',
    'status',
    'publishedAt',
    'author',
    'createdBy',
    'modifiedBy',
    'version',
    '_id',
    'id',
    '__v',
    'passwordHash',
    'tokenVersion',
    'approved',
    'ipHash',
    'secondFactor',
    'joinedAt',
    'active',
  ];
  const takers = operations.filter(({ route }) => route.body !== undefined && !route.upload);

  it.each(named(takers))('are unknown fields of %s', async (_name, operation) => {
    const owned = Object.fromEntries(OWNED.map((name) => [name, 'x']));
    // Which fields there are depends on what is to be done: that much must be said.
    const given = { ...owned, ...(operation.feature === 'bulk' ? { action: 'submit' } : {}) };
    const { token } = await almightyOf(app);
    const answer = await send(app, addressOf(operation), {
      method: operation.route.method.toUpperCase(),
      ...(operation.route.access === 'public' ? {} : { token }),
      body: JSON.stringify(given),
      headers: operation.route.ifMatch ? { 'If-Match': '"1"' } : {},
    });
    const { errors = [] } = (await answer.json()) as { errors?: { pointer: string; code: string }[] };

    expect(answer.status).toBe(422);
    const unknown = errors.filter(({ code }) => code === 'unknown_field').map(({ pointer }) => pointer);
    expect(unknown).toEqual(expect.arrayContaining(['/_id', '/__v', '/passwordHash', '/tokenVersion']));
  });

  it('stay as they were', async () => {
    const { id } = await draft(author.client);

    await send(app, `/editorial/v1/articles/${id}`, {
      method: 'PATCH',
      token: author.token,
      body: JSON.stringify({ headline: 'New', createdBy: stranger.id, version: 9, status: 'published' }),
      headers: { 'If-Match': '"1"' },
    });

    expect(await author.client.editorial.articles.read({ params: { id } })).toMatchObject({
      createdBy: author.id,
      version: 1,
      status: 'draft',
    });
  });
});

describe('S42 one’s own role', () => {
  it('is raised by no door that one has', async () => {
    const { id, token } = await app.person('author', 'climber');
    const raise = JSON.stringify({ role: 'admin' });
    const headers = { 'If-Match': '"1"' };

    const answers = await Promise.all([
      send(app, `/editorial/v1/users/${id}`, { method: 'PATCH', token, body: raise, headers }),
      send(app, '/editorial/v1/users', {
        token,
        body: JSON.stringify({ email: 'x@example.org', name: 'X', role: 'admin' }),
      }),
      send(app, '/editorial/v1/auth/me', { method: 'PATCH', token, body: raise, headers }),
    ]);

    for (const { status } of answers) expect([403, 404, 405, 422]).toContain(status);
    const me = await createClient(app.url, { token }).editorial.auth.me();
    expect(me.role).toBe('author');
  });

  it('of the last active admin stays, also when two demotions race', async () => {
    const own = await createTestApp();
    try {
      const [one, other] = await Promise.all([own.person('admin', 'one'), own.person('admin', 'other')]);
      const demote = (by: Person, id: string) =>
        by.client.editorial.users.change({ params: { id }, ifMatch: 1, body: { role: 'editor' } });

      const results = await Promise.allSettled([demote(one, other.id), demote(other, one.id)]);

      const left = await own.db.collection('users').countDocuments({ role: 'admin', active: true });
      expect(left).toBeGreaterThanOrEqual(1);
      expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    } finally {
      await own.close();
    }
  });
});

/** So that a route which is added later is in the sets above. */
describe('the sets of this file', () => {
  it('hold every route of the desk', () => {
    const writing = (route: RouteContract) => route.method !== 'get' && route.access !== 'public';
    const desk = operations.filter(({ surface, route }) => surface === 'editorial' && writing(route));

    expect(desk.length).toBeGreaterThan(25);
    expect(ofFeature('articles').length).toBeGreaterThan(10);
  });
});
