import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { draft, published } from '../../support/factories.ts';
import { auditOf, eventsOf, until } from '../../support/records.ts';
import { type DueDesk, ONCE, openDueDesk } from './due-desk.ts';

let desk: DueDesk;
beforeAll(async () => {
  desk = await openDueDesk();
});
afterAll(() => desk.close());

const PATIENCE = 20_000;

describe('drill 18: what was missed, and whose order it was', () => {
  it('what was missed goes out in the order of its times, once, marked as late', async () => {
    const stories = await Promise.all(
      [1, 2, 3, 4, 5].map(async () => desk.scheduled(await desk.inFuture(3_600_000))),
    );
    const ids = stories.map(({ id }) => id);
    const minutesAgo = [10, 50, 20, 40, 30];
    for (const [place, id] of ids.entries())
      await desk.setTime(id, 'publishAt', await desk.databaseTime(-(minutesAgo[place] ?? 0) * 60_000));
    const schedulers = desk.apps.map((one) => one.start('scheduler'));

    for (const id of ids) await until(desk.statusIs(id, 'published'), PATIENCE);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));

    const after = await Promise.all(ids.map(desk.read));
    const byPublication = [...after].sort((a, b) => ((a.publishedAt ?? '') < (b.publishedAt ?? '') ? -1 : 1));
    expect(byPublication.map(({ id }) => minutesAgo[ids.indexOf(id)])).toEqual([50, 40, 30, 20, 10]);
    expect(after.every(({ scheduleLate }) => scheduleLate)).toBe(true);
    expect((await auditOf(desk.app, 'article', ids[0] ?? '')).at(-1)).toMatchObject({
      after: { late: true },
    });
    for (const id of ids) expect(await desk.traces(id)).toEqual(ONCE);
  }, 60_000);

  it('the claim of a holder that died is taken over when it lapses, not before', async () => {
    const { due } = desk.app.services.articles;
    const { id } = await desk.scheduled(await desk.inFuture(3_600_000));
    await desk.setTime(id, 'publishAt', await desk.databaseTime(-1_000));
    const { next } = await due.upcoming();
    const [dead, second] = await Promise.all(next.flatMap((one) => [due.claim(one), due.claim(one)]));
    const claimed = dead ?? second;
    expect([dead, second].filter((one) => one !== null)).toHaveLength(1);
    expect((await due.upcoming()).next).toEqual([]);

    await desk.setTime(id, 'scheduleClaim.until', await desk.databaseTime(-1));
    const scheduler = desk.app.start('scheduler');
    await until(desk.statusIs(id, 'published'), PATIENCE);
    await scheduler.stop();

    expect(await desk.traces(id)).toEqual(ONCE);
    if (!claimed) throw new Error('nobody held the claim');
    expect(
      await due.carryOut({ actor: { kind: 'system', name: 'scheduler' }, requestId: 'x' }, claimed),
    ).toBeNull();
    expect(await desk.traces(id)).toEqual(ONCE);
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
      const person = await desk.app.person('editor', `${what}-later`);
      const admin = await desk.app.as('admin');
      const story = await desk.scheduled(await desk.inFuture(3_600_000), {}, person.client);
      const { version } = await admin.editorial.users.read({ params: { id: person.id } });
      await act(person.id, version, admin);
      await desk.setTime(story.id, 'publishAt', await desk.databaseTime(-1_000));

      const scheduler = desk.app.start('scheduler');
      await until(desk.hasFailed(story.id), PATIENCE);
      await scheduler.stop();

      expect(await desk.read(story.id)).toMatchObject({ status: 'scheduled', version: 3, publishedAt: null });
      expect((await desk.read(story.id)).scheduleError).toContain('may not publish any more');
      expect(await eventsOf(desk.app, 'article', story.id)).toMatchObject([
        { type: 'schedule.failed', data: { duty: 'publish', scheduledBy: person.id } },
      ]);
      expect((await auditOf(desk.app, 'article', story.id)).at(-1)).toMatchObject({
        action: 'article.schedule_failed',
        after: { why: expect.stringContaining('may not publish') },
      });
    },
    60_000,
  );
});

describe('what stands against it when it is due', () => {
  it('is told and not tried again, until the time is set anew', async () => {
    const { id } = await desk.scheduled(await desk.inFuture(3_600_000), {
      body: { type: 'doc', content: [] },
    });
    await desk.setTime(id, 'publishAt', await desk.databaseTime(-1_000));
    const scheduler = desk.app.start('scheduler');
    await until(desk.hasFailed(id), PATIENCE);
    const failed = await desk.read(id);
    const other = await desk.scheduled(await desk.inFuture(500));
    await until(desk.statusIs(other.id, 'published'), PATIENCE);
    expect((await desk.read(id)).version).toBe(failed.version);
    expect(failed.scheduleError).toContain('no text');

    const { articles } = desk.editor.editorial;
    const body = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Now.' }] }] };
    const mended = await articles.change({
      params: { id },
      ifMatch: failed.version,
      body: { body } as never,
    });
    expect(mended).toMatchObject({ status: 'scheduled', scheduleError: failed.scheduleError });
    const publishAt = await desk.inFuture(500);
    await articles.change({ params: { id }, ifMatch: mended.version, body: { publishAt } });
    await until(desk.statusIs(id, 'published'), PATIENCE);
    await scheduler.stop();

    expect(await desk.read(id)).toMatchObject({ scheduleError: null, scheduleLate: false });
  }, 60_000);

  it('a required sign-off for another text keeps it back, and says what has changed', async () => {
    const { settings, signOffs, articles } = (await desk.app.as('admin')).editorial;
    const { version } = await settings.read();
    const required = { default: ['desk'] } as const;
    await settings.change({ ifMatch: version, body: { publishing: { signOffs: required } } as never });
    const story = await draft(desk.editor);
    const params = { id: story.id };
    await signOffs.giveDesk({ params, ifMatch: 1, body: {} });
    const publishAt = await desk.inFuture(3_600_000);
    await articles.schedule({ params, ifMatch: 1, body: { publishAt } });
    const changed = await articles.change({ params, ifMatch: 2, body: { headline: 'Quite another' } });
    expect(changed.signOffs).toMatchObject([{ kind: 'desk', stale: true }]);

    await desk.setTime(story.id, 'publishAt', await desk.databaseTime(-1_000));
    const scheduler = desk.app.start('scheduler');
    await until(desk.hasFailed(story.id), PATIENCE);
    await scheduler.stop();

    const failed = await desk.read(story.id);
    expect(failed).toMatchObject({ status: 'scheduled', firstPublishedAt: null });
    expect(failed.scheduleError).toMatch(
      /^The headline changed after .+ gave the desk's sign-off .+not tried again by itself: settle it, then set the time anew/,
    );
    const reading = desk.app.anonymous.content.articles.read({ params: { slug: failed.slug } });
    await expect(reading).rejects.toMatchObject({ status: 404 });
    expect((await eventsOf(desk.app, 'article', story.id)).map(({ type }) => type)).toEqual([
      'schedule.failed',
    ]);
    await settings.change({ ifMatch: version + 1, body: { publishing: { signOffs: {} } } });
  }, 60_000);

  it('an embargo that was raised since holds, against everybody', async () => {
    const story = await desk.scheduled(await desk.inFuture(3_600_000));
    const embargoUntil = await desk.inFuture(7_200_000);
    const raised = desk.editor.editorial.articles.change({
      params: { id: story.id },
      ifMatch: 2,
      body: { embargoUntil },
    });
    await expect(raised).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/embargoUntil', code: 'scheduled' }] },
    });

    // No verb leads here any more; it is held all the same.
    await desk.setTime(story.id, 'embargoUntil', await desk.databaseTime(7_200_000));
    await desk.setTime(story.id, 'publishAt', await desk.databaseTime(-1_000));

    const scheduler = desk.app.start('scheduler');
    await until(desk.hasFailed(story.id), PATIENCE);
    await scheduler.stop();

    expect((await desk.read(story.id)).scheduleError).toContain('under embargo');
    const reading = desk.app.anonymous.content.articles.read({ params: { slug: story.slug } });
    await expect(reading).rejects.toMatchObject({ status: 404 });
  }, 60_000);
});

describe('an end that was set', () => {
  it('takes the story from readers then, once', async () => {
    const { id, version, slug } = await published(desk.editor);
    const unpublishAt = await desk.inFuture(1_500);
    await desk.editor.editorial.articles.change({ params: { id }, ifMatch: version, body: { unpublishAt } });

    const schedulers = desk.apps.map((one) => one.start('scheduler'));
    await until(desk.statusIs(id, 'unpublished'), PATIENCE);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));

    const story = await desk.read(id);
    expect(story).toMatchObject({ version: version + 2, unpublishAt: null, scheduleError: null });
    expect(story.modifiedAt >= unpublishAt).toBe(true);
    expect((await eventsOf(desk.app, 'article', id)).map(({ type }) => type)).toEqual([
      'article.published',
      'article.unpublished',
    ]);
    const reading = desk.app.anonymous.content.articles.read({ params: { slug } });
    await expect(reading).rejects.toMatchObject({ status: 404 });
  }, 60_000);
});
