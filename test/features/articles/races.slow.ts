import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf, eventsOf } from '../../support/records.ts';

/** Three servers of one newsroom, each with clients who do the same thing at the same time. */
let apps: TestApp[];
let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await createTestApp();
  apps = [app, await createTestApp({}, { beside: app }), await createTestApp({}, { beside: app })];
  token = (await app.person('editor')).token;
});
afterAll(async () => {
  for (const one of [...apps].reverse()) await one.close();
});

interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly retryAfter: string | null;
  readonly body: Article & { code?: string; current?: Article; base?: Article };
}

interface Ask {
  readonly method?: string;
  readonly body?: object;
  readonly version?: number | undefined;
  readonly key?: string;
}

/** The same request by `times` clients at once, spread over the servers; `each` may make them differ. */
async function atOnce(times: number, path: string, each: (at: number) => Ask): Promise<Answer[]> {
  const asks = Array.from({ length: times }, async (_, at) => {
    const { method = 'POST', body, version, key } = each(at);
    const server = apps[at % apps.length] ?? app;
    const answer = await send(server, `/editorial/v1${path}`, {
      ...{ method, token },
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: {
        ...(version === undefined ? {} : { 'If-Match': `"${version}"` }),
        ...(key ? { 'Idempotency-Key': key } : {}),
      },
    });
    return {
      status: answer.status,
      replayed: answer.headers.get('idempotency-replayed') === 'true',
      retryAfter: answer.headers.get('retry-after'),
      body: (await answer.json()) as Answer['body'],
    };
  });
  return Promise.all(asks);
}

/** How many answers of each status there are. */
function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const ofArticle = (id: string) => ({ $expr: { $eq: [{ $toString: '$article' }, id] } });
const revisionsOf = (id: string) =>
  app.db.collection('revisions').find(ofArticle(id)).sort({ version: 1 }).toArray();
const publicationsOf = (id: string) =>
  app.db.collection('publications').find(ofArticle(id)).sort({ number: 1 }).toArray();

describe('D19 twenty clients, one story', () => {
  const ROUNDS = 5;
  const CLIENTS = 20;

  it('one wins each version, the others get both texts, and what was acknowledged is in the history', async () => {
    const { id } = await draft(await app.as('editor'));
    const acknowledged = new Map<number, string>([[1, '']]);

    for (let version = 1; version <= ROUNDS; version += 1) {
      const answers = await atOnce(CLIENTS, `/articles/${id}`, (at) => ({
        method: 'PATCH',
        version,
        body: { kicker: `round ${version}, client ${at}` },
      }));

      expect(tally(answers)).toEqual({ 200: 1, 412: CLIENTS - 1 });
      const won = answers.find(({ status }) => status === 200)?.body;
      acknowledged.set(version + 1, won?.kicker ?? '');
      for (const { body } of answers.filter(({ status }) => status === 412)) {
        expect(body).toMatchObject({
          code: 'stale_version',
          current: { version: version + 1, kicker: won?.kicker },
          base: { version, kicker: acknowledged.get(version) },
        });
      }
    }

    const history = (await revisionsOf(id)).map(({ version, snapshot }) => [version, snapshot.kicker]);
    expect(history).toEqual([...acknowledged]);
  }, 60_000);

  it('those who do not say what they have read are refused, and change nothing', async () => {
    const { id } = await draft(await app.as('editor'));

    const answers = await atOnce(CLIENTS, `/articles/${id}`, (at) => ({
      method: 'PATCH',
      version: at % 4 === 0 ? 1 : undefined,
      body: { kicker: `client ${at}` },
    }));

    expect(tally(answers)).toEqual({ 200: 1, 412: 4, 428: 15 });
    expect(answers.filter(({ status }) => status === 428)[0]?.body.code).toBe('precondition_required');
    expect(await revisionsOf(id)).toHaveLength(2);
  });
});

describe('D21 uniqueness', () => {
  it('a hundred stories of one headline have a hundred addresses', async () => {
    const answers = await atOnce(100, '/articles', () => ({ body: { headline: 'Bridge closed' } }));

    expect(tally(answers)).toEqual({ 201: 100 });
    const slugs = answers.map(({ body }) => body.slug);
    expect(new Set(slugs).size).toBe(100);
    expect(slugs).toContain('bridge-closed');
    const kept = await app.db.collection('slugs').countDocuments({ _id: /^bridge-closed/ as never });
    expect(kept).toBe(100);
  }, 120_000);

  it.each([
    ['story', '/articles', { headline: 'Lock gate', slug: 'lock-gate' }],
    ['tag', '/tags', { name: 'Lock gate', slug: 'lock-gate' }],
    ['section', '/sections', { name: 'Lock gate', slug: 'lock-gate' }],
    ['author', '/authors', { name: 'Lock gate', slug: 'lock-gate' }],
  ])(
    'of thirty who want one slug for a %s one has it',
    async (_what, path, body) => {
      const answers = await atOnce(30, path, () => ({ body }));

      expect(tally(answers)).toEqual({ 201: 1, 409: 29 });
    },
    120_000,
  );
});

describe('D22 double clicks and retries', () => {
  const CLICKS = 50;

  it('fifty publications with one key are one: the answer again, or come back', async () => {
    const { id } = await draft(await app.as('editor'));
    const key = randomUUID();
    const click = () => ({ version: 1, key });

    const answers = await atOnce(CLICKS, `/articles/${id}/publish`, click);
    const later = await atOnce(3, `/articles/${id}/publish`, click);

    const fresh = answers.filter(({ status, replayed }) => status === 200 && !replayed);
    expect(fresh).toHaveLength(1);
    for (const one of answers.filter((answer) => !fresh.includes(answer))) {
      if (one.status === 200) expect([one.replayed, one.body]).toEqual([true, fresh[0]?.body]);
      else expect([one.status, one.retryAfter !== null]).toEqual([409, true]);
    }
    expect(later.map(({ status, replayed }) => [status, replayed])).toEqual(Array(3).fill([200, true]));
    const [other] = await atOnce(1, `/articles/${id}/publish`, () => ({ ...click(), body: { note: 'x' } }));
    expect([other?.status, other?.body.code]).toEqual([422, 'idempotency_key_reused']);
    await expectOnce(id, 1);
  }, 60_000);

  it('fifty publications with fifty keys are one, and 49 that come too late', async () => {
    const { id } = await draft(await app.as('editor'));

    const answers = await atOnce(CLICKS, `/articles/${id}/publish`, () => ({
      version: 1,
      key: randomUUID(),
    }));

    expect(tally(answers)).toEqual({ 200: 1, 412: CLICKS - 1 });
    await expectOnce(id, 1);
  }, 60_000);

  it('publishing and unpublishing in turn, by many at once, is one event for each change', async () => {
    const { id } = await draft(await app.as('editor'));
    const turns = 6;

    for (let version = 1; version <= turns; version += 1) {
      const action = version % 2 === 1 ? 'publish' : 'unpublish';
      const answers = await atOnce(10, `/articles/${id}/${action}`, () => ({ version }));
      expect(tally(answers)).toEqual({ 200: 1, 412: 9 });
    }

    expect((await eventsOf(app, 'article', id)).map(({ type }) => type)).toEqual(
      Array.from({ length: turns }, (_, at) => (at % 2 === 0 ? 'article.published' : 'article.unpublished')),
    );
    expect(await publicationsOf(id)).toHaveLength(turns / 2);
    expect(await revisionsOf(id)).toHaveLength(turns + 1);
  }, 60_000);

  /** One step of the story, one event, one audit row and one publication. */
  async function expectOnce(id: string, times: number): Promise<void> {
    const audit = (await auditOf(app, 'article', id)).filter(({ action }) => action === 'article.publish');
    expect([
      (await publicationsOf(id)).length,
      (await eventsOf(app, 'article', id)).length,
      audit.length,
      (await revisionsOf(id)).length,
    ]).toEqual([times, times, times, times + 1]);
  }
});
