import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { AuditEvent } from '../../../src/features/audit/audit.contract.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { keyWith } from '../../support/keys.ts';
import { until } from '../../support/records.ts';

let app: TestApp;
let admin: Person;
let editor: Person;
let story: string;
let robot: string;

type Query = NonNullable<Parameters<Client['editorial']['audit']['list']>[0]>['query'];
const listed = async (query: Query = {}): Promise<AuditEvent[]> =>
  (await admin.client.editorial.audit.list({ query: { limit: '100', ...query } })).data;
const actions = (events: readonly AuditEvent[]) => events.map(({ action }) => action);

beforeAll(async () => {
  app = await createTestApp();
  admin = await app.person('admin');
  editor = await app.person('editor');
  story = (await published(editor.client, { headline: 'Harbour wall' })).id;
  await editor.client.editorial.tags.create({ body: { name: 'Harbour' } });
  const key = await keyWith(app, ['articles:write'], { name: 'Wire robot' });
  robot = key.id;
  await draft(key.client, { headline: 'From the wire' });
  const wrong = { email: editor.email, password: 'not the password at all' };
  await app.anonymous.editorial.auth.login({ body: wrong }).catch(() => undefined);
  app.start('sequencer');
  await until(async () => (await app.db.collection('audit').countDocuments({ pending: true })) === 0);
});
afterAll(() => app.close());

describe('the audit log', () => {
  it('tells who did what to what, from where, with what changed, and where it stands in the chain', async () => {
    const params = { id: story };
    await editor.client.editorial.articles.change({ params, ifMatch: 2, body: { kicker: 'Port' } });

    const [event] = await listed({ target: `article:${story}`, action: 'article.change' });

    expect(event).toMatchObject({
      action: 'article.change',
      actor: { kind: 'user', id: editor.id, name: 'ada editor', role: 'editor' },
      target: { kind: 'article', id: story },
      requestId: expect.any(String),
      address: '127.0.0.1',
      device: expect.any(String),
    });
    await until(async () => (await listed({ target: `article:${story}` }))[0]?.seq !== null);
    const [later] = await listed({ target: `article:${story}` });
    const [before] = await listed({ seq: String((later?.seq ?? 0) - 1) });
    expect([later?.id, later?.prev]).toEqual([event?.id, before?.hash]);
  });

  it('has the newest first, page by page, without a gap or a double', async () => {
    const all = await listed();
    const seen: AuditEvent[] = [];
    let after: string | null | undefined;
    do {
      const page = await admin.client.editorial.audit.list({
        query: { limit: '3', ...(after ? { after } : {}) },
      });
      seen.push(...page.data);
      after = page.page.next;
    } while (after);

    expect(seen.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
  });

  it('goes back by "before"', async () => {
    const { audit } = admin.client.editorial;
    const first = await audit.list({ query: { limit: '2' } });
    const second = await audit.list({ query: { limit: '2', after: first.page.next ?? '' } });

    const back = await audit.list({ query: { limit: '2', before: second.page.prev ?? '' } });

    expect(back.data).toEqual(first.data);
  });

  it('is searched by who acted', async () => {
    expect(new Set((await listed({ actor: editor.id })).map(({ actor }) => actor.id))).toEqual(
      new Set([editor.id]),
    );
    expect(actions(await listed({ actor: robot }))).toEqual(['article.create']);
    expect(actions(await listed({ actorKind: 'key' }))).toEqual(['article.create']);
    expect(actions(await listed({ actorKind: 'anonymous', action: 'session.sign_in_failed' }))).toHaveLength(
      1,
    );
    expect(await listed({ actor: NOWHERE })).toEqual([]);
  });

  it('is searched by what was done: one act, several, or all of a kind', async () => {
    expect(actions(await listed({ action: 'tag.create' }))).toEqual(['tag.create']);
    expect(new Set(actions(await listed({ action: 'tag.create,key.create' })))).toEqual(
      new Set(['tag.create', 'key.create']),
    );
    const ofArticles = actions(await listed({ action: 'article' }));
    expect(ofArticles.length).toBeGreaterThan(2);
    expect(ofArticles.every((action) => action.startsWith('article.'))).toBe(true);
    expect(await listed({ action: 'art' })).toEqual([]);
  });

  it('is searched by what it was done to, and when', async () => {
    expect(new Set((await listed({ target: 'key' })).map(({ target }) => target.id))).toEqual(
      new Set([robot]),
    );
    const all = await listed();
    const middle = all[3]?.at ?? '';
    const [from, upTo] = [await listed({ from: middle }), await listed({ until: middle })];
    expect(from.length + upTo.length).toBe(all.length);
    expect(from.every(({ at }) => at >= middle)).toBe(true);
    expect(await listed({ from: '2199-01-01T00:00:00Z' })).toEqual([]);
  });

  it.each<Record<string, string>>([
    { actor: 'ada' },
    { actorKind: 'robot' },
    { action: '.*' },
    { action: '^article' },
    { target: 'article:$ne' },
    { from: 'yesterday' },
    { seq: '0' },
    { seq: '1e3' },
    { after: 'x' },
    { sort: 'at' },
  ])('refuses what it cannot search by: %j', async (query) => {
    await expect(listed(query as Query)).rejects.toMatchObject({ status: 400, code: 'invalid_input' });
  });

  it.each(['editor', 'author', 'moderator'] as const)('is not for a %s', async (role) => {
    const { editorial } = await app.as(role);

    await expect(editorial.audit.list()).rejects.toMatchObject({ status: 403, code: 'forbidden' });
  });

  it.each<Query>([
    {},
    { actor: NOWHERE },
    { action: 'tag.create' },
    { target: `article:${NOWHERE}` },
    { seq: '1' },
  ])('finds %j by an index', async (query) => {
    await app.db.db?.command({ profile: 2 });
    await listed(query);
    await app.db.db?.command({ profile: 0 });

    const [last] = await app.db
      .collection('system.profile')
      .find({ ns: `${app.db.name}.audit`, op: 'query' })
      .sort({ ts: -1 })
      .limit(1)
      .toArray();
    expect(last?.planSummary).toMatch(/^IXSCAN/);
  });
});
