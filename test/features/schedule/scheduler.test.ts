import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Client } from '../../../src/client/index.ts';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import { startScheduler } from '../../../src/features/schedule/scheduler.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';
import { auditOf, eventsOf, until } from '../../support/records.ts';

/** Three servers of one newsroom; whichever comes first does what is due. */
let apps: TestApp[];
let app: TestApp;
let editor: Client;

beforeAll(async () => {
  app = await createTestApp();
  apps = [app, await createTestApp({}, { beside: app }), await createTestApp({}, { beside: app })];
  editor = await app.as('editor');
});
afterAll(async () => {
  for (const one of [...apps].reverse()) await one.close();
});

/** A moment by the database's clock. */
async function databaseTime(ms: number): Promise<Date> {
  const hello = await app.db.db?.admin().command({ hello: 1 });
  return new Date(Number(hello?.localTime) + ms);
}
const inFuture = async (ms: number) => (await databaseTime(ms)).toISOString();

async function scheduled(publishAt: string, more: object = {}, desk = editor): Promise<Article> {
  const { id } = await draft(editor, more);
  return desk.editorial.articles.schedule({ params: { id }, ifMatch: 1, body: { publishAt } });
}
const read = (id: string) => editor.editorial.articles.read({ params: { id } });
const statusIs = (id: string, status: string) => async () => (await read(id)).status === status;
const hasFailed = (id: string) => async () => (await read(id)).scheduleError !== null;
const stillScheduled = () => app.db.collection('articles').countDocuments({ status: 'scheduled' });
const PATIENCE = 20_000;

/** Sets a stored time: what no request may make the past, and none makes the same second for many stories. */
const setTime = async (id: string, field: string, at: Date) =>
  app.db
    .collection('articles')
    .updateOne({ _id: (await stored(id))?._id as never }, { $set: { [field]: at } });
const stored = (id: string) =>
  app.db.collection('articles').findOne({ $expr: { $eq: [{ $toString: '$_id' }, id] } });

/** Everything that one publication leaves: a version step, an event, an audit row, a revision, a publication. */
async function traces(id: string) {
  const of = { $expr: { $eq: [{ $toString: '$article' }, id] } };
  const published = (await auditOf(app, 'article', id)).filter(({ action }) => action === 'article.publish');
  return {
    version: (await read(id)).version,
    events: (await eventsOf(app, 'article', id)).map(({ type }) => type),
    audit: published.length,
    revisions: await app.db.collection('revisions').countDocuments(of),
    publications: await app.db.collection('publications').countDocuments(of),
  };
}
const ONCE = { version: 3, events: ['article.published'], audit: 1, revisions: 3, publications: 1 };

describe('drill 17: many instances, one due second', () => {
  it('publishes each of forty stories once, none early, told as the scheduler by order of a person', async () => {
    const hour = await inFuture(3_600_000);
    const stories = await Promise.all(Array.from({ length: 40 }, () => scheduled(hour)));
    const due = await databaseTime(1_000);
    await Promise.all(stories.map(({ id }) => setTime(id, 'publishAt', due)));
    const publishAt = due.toISOString();
    const schedulers = apps.map((one) => one.start('scheduler'));

    // Asked of the database and not over HTTP: forty who ask all the time are a load of their own.
    await until(async () => (await stillScheduled()) === 0, PATIENCE);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));

    for (const { id } of stories) expect(await traces(id)).toEqual(ONCE);
    const after = await Promise.all(stories.map(({ id }) => read(id)));
    expect(after.every((story) => (story.publishedAt ?? '') >= publishAt)).toBe(true);
    expect(after[0]).toMatchObject({ publishAt: null, scheduleError: null, modifiedBy: null });
    expect((await auditOf(app, 'article', stories[0]?.id ?? '')).at(-1)).toMatchObject({
      actor: { kind: 'system', name: 'scheduler' },
      after: { scheduledBy: (await app.person('editor')).id, due: new Date(publishAt), status: 'published' },
    });
  }, 60_000);
});

describe('drill 18: change and restart around the due moment', () => {
  it('later, earlier and called off just before: each at the time that was set last, or never', async () => {
    const hour = await inFuture(3_600_000);
    const [putOff, calledOff] = [await scheduled(hour), await scheduled(hour)];
    const broughtForward = await scheduled(hour);
    const { articles } = editor.editorial;
    const [soon, later] = [await databaseTime(4_000), await inFuture(6_000)];
    for (const { id } of [putOff, calledOff]) await setTime(id, 'publishAt', soon);
    const schedulers = apps.map((one) => one.start('scheduler'));

    await articles.change({ params: { id: putOff.id }, ifMatch: 2, body: { publishAt: later } });
    await articles.unschedule({ params: { id: calledOff.id }, ifMatch: 2 });
    const moved = { publishAt: await inFuture(1_000) };
    await articles.change({ params: { id: broughtForward.id }, ifMatch: 2, body: moved });
    await until(statusIs(broughtForward.id, 'published'), PATIENCE);
    await until(statusIs(putOff.id, 'published'), PATIENCE);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));

    expect(((await read(putOff.id)).publishedAt ?? '') >= later).toBe(true);
    expect(await read(calledOff.id)).toMatchObject({ status: 'approved', version: 3, publishAt: null });
    expect(await traces(putOff.id)).toEqual({ ...ONCE, version: 4, revisions: 4 });
  }, 60_000);

  it('what was missed goes out in the order of its times, once, marked as late', async () => {
    const stories = await Promise.all([1, 2, 3, 4, 5].map(async () => scheduled(await inFuture(3_600_000))));
    const ids = stories.map(({ id }) => id);
    const minutesAgo = [10, 50, 20, 40, 30];
    for (const [place, id] of ids.entries())
      await setTime(id, 'publishAt', await databaseTime(-(minutesAgo[place] ?? 0) * 60_000));
    const schedulers = apps.map((one) => one.start('scheduler'));

    for (const id of ids) await until(statusIs(id, 'published'), PATIENCE);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));

    const after = await Promise.all(ids.map(read));
    const byPublication = [...after].sort((a, b) => ((a.publishedAt ?? '') < (b.publishedAt ?? '') ? -1 : 1));
    expect(byPublication.map(({ id }) => minutesAgo[ids.indexOf(id)])).toEqual([50, 40, 30, 20, 10]);
    expect(after.every(({ scheduleLate }) => scheduleLate)).toBe(true);
    expect((await auditOf(app, 'article', ids[0] ?? '')).at(-1)).toMatchObject({ after: { late: true } });
    for (const id of ids) expect(await traces(id)).toEqual(ONCE);
  }, 60_000);

  it('the claim of a holder that died is taken over when it lapses, not before', async () => {
    const { due } = app.services.articles;
    const { id } = await scheduled(await inFuture(3_600_000));
    await setTime(id, 'publishAt', await databaseTime(-1_000));
    const { next } = await due.upcoming();
    const [dead, second] = await Promise.all(next.flatMap((one) => [due.claim(one), due.claim(one)]));
    const claimed = dead ?? second;
    expect([dead, second].filter((one) => one !== null)).toHaveLength(1);
    expect((await due.upcoming()).next).toEqual([]);

    await setTime(id, 'scheduleClaim.until', await databaseTime(-1));
    const scheduler = app.start('scheduler');
    await until(statusIs(id, 'published'), PATIENCE);
    await scheduler.stop();

    expect(await traces(id)).toEqual(ONCE);
    if (!claimed) throw new Error('nobody held the claim');
    expect(
      await due.carryOut({ actor: { kind: 'system', name: 'scheduler' }, requestId: 'x' }, claimed),
    ).toBeNull();
    expect(await traces(id)).toEqual(ONCE);
  }, 60_000);

  it.each([
    [
      'deactivated',
      async (id: string, version: number, admin: Client) =>
        admin.editorial.users.deactivate({ params: { id }, ifMatch: version }),
    ],
    [
      'demoted',
      async (id: string, version: number, admin: Client) =>
        admin.editorial.users.change({ params: { id }, ifMatch: version, body: { role: 'author' } }),
    ],
  ])(
    'the order of somebody who was %s since is refused, and told',
    async (what, act) => {
      const person = await app.person('editor', `${what}-later`);
      const admin = await app.as('admin');
      const story = await scheduled(await inFuture(3_600_000), {}, person.client);
      const { version } = await admin.editorial.users.read({ params: { id: person.id } });
      await act(person.id, version, admin);
      await setTime(story.id, 'publishAt', await databaseTime(-1_000));

      const scheduler = app.start('scheduler');
      await until(hasFailed(story.id), PATIENCE);
      await scheduler.stop();

      expect(await read(story.id)).toMatchObject({ status: 'scheduled', version: 3, publishedAt: null });
      expect((await read(story.id)).scheduleError).toContain('may not publish any more');
      expect(await eventsOf(app, 'article', story.id)).toMatchObject([
        { type: 'schedule.failed', data: { duty: 'publish', scheduledBy: person.id } },
      ]);
      expect((await auditOf(app, 'article', story.id)).at(-1)).toMatchObject({
        action: 'article.schedule_failed',
        after: { why: expect.stringContaining('may not publish') },
      });
    },
    60_000,
  );
});

describe('what stands against it when it is due', () => {
  it('is told and not tried again, until the time is set anew', async () => {
    const { id } = await scheduled(await inFuture(3_600_000), { body: { type: 'doc', content: [] } });
    await setTime(id, 'publishAt', await databaseTime(-1_000));
    const scheduler = app.start('scheduler');
    await until(hasFailed(id), PATIENCE);
    const failed = await read(id);
    const other = await scheduled(await inFuture(500));
    await until(statusIs(other.id, 'published'), PATIENCE);
    expect((await read(id)).version).toBe(failed.version);
    expect(failed.scheduleError).toContain('no text');

    const { articles } = editor.editorial;
    const body = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Now.' }] }] };
    const mended = await articles.change({
      params: { id },
      ifMatch: failed.version,
      body: { body } as never,
    });
    expect(mended).toMatchObject({ status: 'scheduled', scheduleError: failed.scheduleError });
    const publishAt = await inFuture(500);
    await articles.change({ params: { id }, ifMatch: mended.version, body: { publishAt } });
    await until(statusIs(id, 'published'), PATIENCE);
    await scheduler.stop();

    expect(await read(id)).toMatchObject({ scheduleError: null, scheduleLate: false });
  }, 60_000);

  it('a required sign-off for another text keeps it back, and says what has changed', async () => {
    const { settings, signOffs, articles } = (await app.as('admin')).editorial;
    const { version } = await settings.read();
    const required = { default: ['desk'] } as const;
    await settings.change({ ifMatch: version, body: { publishing: { signOffs: required } } as never });
    const story = await draft(editor);
    const params = { id: story.id };
    await signOffs.giveDesk({ params, ifMatch: 1, body: {} });
    const publishAt = await inFuture(3_600_000);
    await articles.schedule({ params, ifMatch: 1, body: { publishAt } });
    const changed = await articles.change({ params, ifMatch: 2, body: { headline: 'Quite another' } });
    expect(changed.signOffs).toMatchObject([{ kind: 'desk', stale: true }]);

    await setTime(story.id, 'publishAt', await databaseTime(-1_000));
    const scheduler = app.start('scheduler');
    await until(hasFailed(story.id), PATIENCE);
    await scheduler.stop();

    const failed = await read(story.id);
    expect(failed).toMatchObject({ status: 'scheduled', firstPublishedAt: null });
    expect(failed.scheduleError).toMatch(
      /^The headline changed after .+ gave the desk's sign-off .+not tried again by itself: settle it, then set the time anew/,
    );
    const reading = app.anonymous.content.articles.read({ params: { slug: failed.slug } });
    await expect(reading).rejects.toMatchObject({ status: 404 });
    expect((await eventsOf(app, 'article', story.id)).map(({ type }) => type)).toEqual(['schedule.failed']);
    await settings.change({ ifMatch: version + 1, body: { publishing: { signOffs: {} } } });
  }, 60_000);

  it('an embargo that was raised since holds, against everybody', async () => {
    const story = await scheduled(await inFuture(3_600_000));
    const embargoUntil = await inFuture(7_200_000);
    const raised = editor.editorial.articles.change({
      params: { id: story.id },
      ifMatch: 2,
      body: { embargoUntil },
    });
    await expect(raised).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/embargoUntil', code: 'scheduled' }] },
    });

    // No verb leads here any more; it is held all the same.
    await setTime(story.id, 'embargoUntil', await databaseTime(7_200_000));
    await setTime(story.id, 'publishAt', await databaseTime(-1_000));

    const scheduler = app.start('scheduler');
    await until(hasFailed(story.id), PATIENCE);
    await scheduler.stop();

    expect((await read(story.id)).scheduleError).toContain('under embargo');
    const reading = app.anonymous.content.articles.read({ params: { slug: story.slug } });
    await expect(reading).rejects.toMatchObject({ status: 404 });
  }, 60_000);
});

describe('an end that was set', () => {
  it('takes the story from readers then, once', async () => {
    const { id, version, slug } = await published(editor);
    const unpublishAt = await inFuture(1_500);
    await editor.editorial.articles.change({ params: { id }, ifMatch: version, body: { unpublishAt } });

    const schedulers = apps.map((one) => one.start('scheduler'));
    await until(statusIs(id, 'unpublished'), PATIENCE);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));

    const story = await read(id);
    expect(story).toMatchObject({ version: version + 2, unpublishAt: null, scheduleError: null });
    expect(story.modifiedAt >= unpublishAt).toBe(true);
    expect((await eventsOf(app, 'article', id)).map(({ type }) => type)).toEqual([
      'article.published',
      'article.unpublished',
    ]);
    const reading = app.anonymous.content.articles.read({ params: { slug } });
    await expect(reading).rejects.toMatchObject({ status: 404 });
  }, 60_000);
});

describe('drill 15: a server whose clock is wrong', () => {
  it('publishes at the true time all the same, and says so', async () => {
    const wrong = apps[1];
    if (!wrong) throw new Error('there are three servers');
    wrong.clock.advance(-30 * 24 * 3_600_000);
    const publishAt = await inFuture(1_500);
    const { id } = await scheduled(publishAt);
    wrong.clock.advance(31 * 24 * 3_600_000);

    const said: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(line) });
    const { due } = wrong.services.articles;
    const scheduler = startScheduler({ due, clock: wrong.clock, log });
    await until(statusIs(id, 'published'), PATIENCE);
    await scheduler.stop();

    const { publishedAt } = await read(id);
    expect((publishedAt ?? '') >= publishAt && (publishedAt ?? '') < (await inFuture(0))).toBe(true);
    expect(await traces(id)).toEqual(ONCE);
    expect(said.filter((line) => line.includes('the clock of this machine differs'))).toHaveLength(1);
  }, 60_000);
});
