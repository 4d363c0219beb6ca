import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { BulkJob } from '../../../src/features/bulk/bulk.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf, eventsOf, until } from '../../support/records.ts';

let app: TestApp;
let second: TestApp;
let editor: Client;
let author: Client;

beforeAll(async () => {
  app = await createTestApp();
  second = await createTestApp({}, { beside: app });
  editor = await app.as('editor');
  author = await app.as('author');
});
afterAll(async () => {
  await second.close();
  await app.close();
});

const PATIENCE = 20_000;
const HOUR = 3_600_000;
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
type Body = Parameters<Client['editorial']['bulk']['start']>[0]['body'];

const start = (body: Body, desk = editor) => desk.editorial.bulk.start({ body });
const drafts = (count: number, more = {}) =>
  Promise.all(Array.from({ length: count }, () => draft(editor, more)));
const targets = (stories: readonly { id: string; version: number }[]) =>
  stories.map(({ id, version }) => ({ id, version }));
const read = (id: string) => editor.editorial.articles.read({ params: { id } });
const job = (id: string, desk = editor) => desk.editorial.bulk.read({ params: { id } });

/** Has one worker carry everything out. */
async function finished(id: string, desk = editor): Promise<BulkJob> {
  const worker = app.start('bulk actions');
  await until(async () => (await job(id, desk)).status === 'done', PATIENCE);
  await worker.stop();
  return job(id, desk);
}

describe('a bulk action', () => {
  it('does one thing to many stories and says what became of each', async () => {
    const stories = await drafts(3);
    const stale = await editor.editorial.articles.change({
      params: { id: stories[1]?.id ?? '' },
      ifMatch: 1,
      body: { kicker: 'Changed meanwhile' },
    });
    const begun = await start({
      action: 'publish',
      articles: [...targets(stories), { id: NOWHERE, version: 1 }],
    });
    expect(begun).toMatchObject({ status: 'waiting', total: 4, succeeded: 0, failed: 0 });

    const done = await finished(begun.id);

    expect(done).toMatchObject({ action: 'publish', status: 'done', succeeded: 2, failed: 2 });
    expect(done.items).toMatchObject([
      { id: stories[0]?.id, status: 'done', newVersion: 2, error: null },
      { id: stale.id, status: 'failed', newVersion: null, error: { code: 'stale_version' } },
      { id: stories[2]?.id, status: 'done', newVersion: 2 },
      { id: NOWHERE, status: 'failed', error: { code: 'not_found' } },
    ]);
    expect(await read(stories[0]?.id ?? '')).toMatchObject({ status: 'published' });
    expect((await auditOf(app, 'article', stories[0]?.id ?? '')).at(-1)).toMatchObject({
      action: 'article.publish',
      actor: { kind: 'user', id: (await app.person('editor')).id },
    });
    expect(await auditOf(app, 'bulk', begun.id)).toMatchObject([
      { action: 'bulk.start', after: { action: 'publish', stories: 4 } },
    ]);
  }, 60_000);

  it('schedules, assigns, and bins by the verbs of the stories', async () => {
    const [first, other] = await drafts(2);
    if (!first || !other) throw new Error('two were made');
    const { id: assignee } = await app.person('author');
    const publishAt = ahead(HOUR);
    const jobs = [
      await start({ action: 'change', articles: targets([first]), changes: { assignee, urgency: 2 } }),
      await start({ action: 'schedule', articles: [{ id: first.id, version: 2 }], schedule: { publishAt } }),
      await start({ action: 'bin', articles: targets([other]) }),
    ];

    for (const { id } of jobs) expect(await finished(id)).toMatchObject({ succeeded: 1, failed: 0 });

    expect(await read(first.id)).toMatchObject({ status: 'scheduled', assignee, urgency: 2, publishAt });
    expect((await read(other.id)).binnedAt).not.toBeNull();
    const list = await editor.editorial.bulk.list({ query: { limit: '2' } });
    expect(list.data.map(({ action }) => action)).toEqual(['bin', 'schedule']);
  }, 60_000);

  it('shows nothing that is under embargo, and schedules nothing before', async () => {
    const stories = await drafts(2, { embargoUntil: ahead(2 * HOUR) });
    const schedule = { publishAt: ahead(HOUR) };

    const publishing = await finished((await start({ action: 'publish', articles: targets(stories) })).id);
    const scheduling = await finished(
      (await start({ action: 'schedule', articles: targets(stories), schedule })).id,
    );

    expect(publishing.items.map(({ error }) => error?.code)).toEqual(['checks_failed', 'checks_failed']);
    expect(scheduling.items.map(({ error }) => error?.code)).toEqual(['invalid_input', 'invalid_input']);
    expect(await eventsOf(app, 'article', stories[0]?.id ?? '')).toEqual([]);
  }, 60_000);

  it('gives nobody a right that they lack: an author can submit their own, and nothing of others', async () => {
    const own = await draft(author);
    const others = await draft(editor);
    const articles = targets([own, others]);

    const publishing = await finished((await start({ action: 'publish', articles }, author)).id, author);
    const submitting = await finished((await start({ action: 'submit', articles }, author)).id, author);

    expect(publishing.items.map(({ error }) => error?.code)).toEqual(['forbidden', 'not_found']);
    expect(submitting.items.map(({ error }) => error?.code ?? 'done')).toEqual(['done', 'not_found']);
  }, 60_000);

  it('stops where whoever ordered it loses the right', async () => {
    const person = await app.person('editor', 'leaving');
    const admin = await app.as('admin');
    const stories = await drafts(2);
    const { id } = await start({ action: 'publish', articles: targets(stories) }, person.client);
    await admin.editorial.users.deactivate({ params: { id: person.id }, ifMatch: 1 });

    const worker = app.start('bulk actions');
    const open = () => app.db.collection('bulkJobs').countDocuments({ open: true });
    await until(async () => (await open()) === 0, PATIENCE);
    await worker.stop();

    expect(
      (await app.db.collection('bulkSteps').find({ article: stories[0]?.id }).toArray())[0],
    ).toMatchObject({ status: 'failed', error: { code: 'forbidden' } });
    expect(await read(stories[0]?.id ?? '')).toMatchObject({ status: 'draft', version: 1 });
    await expect(job(id)).rejects.toMatchObject({ status: 404 });
  }, 60_000);
});

describe('ordering one', () => {
  it.each([
    ['no stories', { action: 'publish', articles: [] }, '/articles'],
    [
      'a correction of nothing',
      { action: 'publish', articles: [{ id: NOWHERE, version: 1 }], change: 'correction' },
      '/note',
    ],
    ['an action that is none', { action: 'kill', articles: [{ id: NOWHERE, version: 1 }] }, '/action'],
    ['no changes', { action: 'change', articles: [{ id: NOWHERE, version: 1 }], changes: {} }, '/changes'],
    [
      'a version that is none',
      { action: 'bin', articles: [{ id: NOWHERE, version: 0 }] },
      '/articles/0/version',
    ],
    [
      'a story twice',
      { action: 'bin', articles: [1, 2].map((version) => ({ id: NOWHERE, version })) },
      '/articles',
    ],
    [
      'more than three hundred',
      {
        action: 'bin',
        articles: Array.from({ length: 301 }, (_, n) => ({
          id: n.toString(16).padStart(24, '0'),
          version: 1,
        })),
      },
      '/articles',
    ],
  ])('refuses %s', async (_what, body, pointer) => {
    await expect(start(body as never)).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer }] },
    });
  });

  it('is for those who write stories, and each follows their own', async () => {
    const moderator = await app.as('moderator');
    const articles = targets([await draft(editor)]);
    const { id } = await start({ action: 'submit', articles });

    await expect(start({ action: 'submit', articles }, moderator)).rejects.toMatchObject({ status: 403 });
    await expect(job(id, author)).rejects.toMatchObject({ status: 404 });
    await expect(job(NOWHERE)).rejects.toMatchObject({ status: 404 });
    expect(await finished(id)).toMatchObject({ succeeded: 1 });
  }, 60_000);

  it('with an Idempotency-Key is one, however often it is sent', async () => {
    const { token } = await app.person('editor');
    const body = JSON.stringify({ action: 'submit', articles: targets([await draft(editor)]) });
    const again = () =>
      send(app, '/editorial/v1/bulk-jobs', { token, body, headers: { 'Idempotency-Key': 'bulk-once' } });

    const answers = [await again(), await again()];

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    const [first, replay] = await Promise.all(answers.map(async (one) => (await one.json()) as BulkJob));
    expect(replay?.id).toBe(first?.id);
    expect(await finished(first?.id ?? '')).toMatchObject({ succeeded: 1, failed: 0 });
  }, 60_000);
});

describe('a worker that ends', () => {
  it('gives back what it had, and another goes on: each story once', async () => {
    const stories = await drafts(12);
    const { id } = await start({ action: 'publish', articles: targets(stories) });
    const worker = app.start('bulk actions');
    await until(async () => (await job(id)).succeeded > 0, PATIENCE);
    await worker.stop();

    const other = second.start('bulk actions');
    await until(async () => (await job(id)).status === 'done', PATIENCE);
    await other.stop();

    expect(await job(id)).toMatchObject({ total: 12, succeeded: 12, failed: 0 });
    for (const story of stories) {
      expect((await eventsOf(app, 'article', story.id)).map(({ type }) => type)).toEqual([
        'article.published',
      ]);
      expect((await read(story.id)).version).toBe(2);
    }
  }, 60_000);

  it('by dying is overtaken when its claim lapses, and can write nothing afterwards', async () => {
    const stories = await drafts(2);
    const { id } = await start({ action: 'submit', articles: targets(stories) });
    const steps = app.services.bulkSteps;
    const dead = await steps.claim();
    if (!dead) throw new Error('there was a job');
    expect(await second.services.bulkSteps.claim()).toBeNull();
    await app.db.collection('bulkJobs').updateOne({ open: true }, { $set: { 'claim.until': new Date(0) } });
    const heir = await second.services.bulkSteps.claim();
    if (!heir) throw new Error('it was to be taken over');

    await expect(steps.next(dead)).rejects.toThrow();
    expect((await job(id)).items.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
    while (await second.services.bulkSteps.next(heir));

    expect(await job(id)).toMatchObject({ status: 'done', succeeded: 2 });
    expect(await read(stories[0]?.id ?? '')).toMatchObject({ status: 'in_review', version: 2 });
  }, 60_000);
});
