import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { startScheduler } from '../../../src/features/schedule/scheduler.ts';
import { auditOf, until } from '../../support/records.ts';
import { type DueDesk, ONCE, openDueDesk } from './due-desk.ts';

let desk: DueDesk;
beforeAll(async () => {
  desk = await openDueDesk();
});
afterAll(() => desk.close());

const PATIENCE = 20_000;

describe('drill 17: many instances, one due second', () => {
  it('publishes each of forty stories once, none early, told as the scheduler by order of a person', async () => {
    const hour = await desk.inFuture(3_600_000);
    const stories = await Promise.all(Array.from({ length: 40 }, () => desk.scheduled(hour)));
    const due = await desk.databaseTime(1_000);
    await Promise.all(stories.map(({ id }) => desk.setTime(id, 'publishAt', due)));
    const publishAt = due.toISOString();
    const schedulers = desk.apps.map((one) => one.start('scheduler'));

    // Asked of the database and not over HTTP: forty who ask all the time are a load of their own.
    await until(async () => (await desk.stillScheduled()) === 0, PATIENCE);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));

    for (const { id } of stories) expect(await desk.traces(id)).toEqual(ONCE);
    const after = await Promise.all(stories.map(({ id }) => desk.read(id)));
    expect(after.every((story) => (story.publishedAt ?? '') >= publishAt)).toBe(true);
    expect(after[0]).toMatchObject({ publishAt: null, scheduleError: null, modifiedBy: null });
    expect((await auditOf(desk.app, 'article', stories[0]?.id ?? '')).at(-1)).toMatchObject({
      actor: { kind: 'system', name: 'scheduler' },
      after: {
        scheduledBy: (await desk.app.person('editor')).id,
        due: new Date(publishAt),
        status: 'published',
      },
    });
  }, 60_000);
});

describe('drill 18: change and restart around the due moment', () => {
  it('later, earlier and called off just before: each at the time that was set last, or never', async () => {
    const hour = await desk.inFuture(3_600_000);
    const [putOff, calledOff] = [await desk.scheduled(hour), await desk.scheduled(hour)];
    const broughtForward = await desk.scheduled(hour);
    const { articles } = desk.editor.editorial;
    const [soon, later] = [await desk.databaseTime(4_000), await desk.inFuture(6_000)];
    for (const { id } of [putOff, calledOff]) await desk.setTime(id, 'publishAt', soon);
    const schedulers = desk.apps.map((one) => one.start('scheduler'));

    await articles.change({ params: { id: putOff.id }, ifMatch: 2, body: { publishAt: later } });
    await articles.unschedule({ params: { id: calledOff.id }, ifMatch: 2 });
    const moved = { publishAt: await desk.inFuture(1_000) };
    await articles.change({ params: { id: broughtForward.id }, ifMatch: 2, body: moved });
    await until(desk.statusIs(broughtForward.id, 'published'), PATIENCE);
    await until(desk.statusIs(putOff.id, 'published'), PATIENCE);
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));

    expect(((await desk.read(putOff.id)).publishedAt ?? '') >= later).toBe(true);
    expect(await desk.read(calledOff.id)).toMatchObject({ status: 'approved', version: 3, publishAt: null });
    expect(await desk.traces(putOff.id)).toEqual({ ...ONCE, version: 4, revisions: 4 });
  }, 60_000);
});

describe('drill 15: a server whose clock is wrong', () => {
  it('publishes at the true time all the same, and says so', async () => {
    const wrong = desk.apps[1];
    wrong.clock.advance(-30 * 24 * 3_600_000);
    const publishAt = await desk.inFuture(1_500);
    const { id } = await desk.scheduled(publishAt);
    wrong.clock.advance(31 * 24 * 3_600_000);

    const said: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(line) });
    const { due } = wrong.services.articles;
    const scheduler = startScheduler({ due, clock: wrong.clock, log });
    await until(desk.statusIs(id, 'published'), PATIENCE);
    await scheduler.stop();

    const { publishedAt } = await desk.read(id);
    expect((publishedAt ?? '') >= publishAt && (publishedAt ?? '') < (await desk.inFuture(0))).toBe(true);
    expect(await desk.traces(id)).toEqual(ONCE);
    expect(said.filter((line) => line.includes('the clock of this machine differs'))).toHaveLength(1);
  }, 60_000);
});
