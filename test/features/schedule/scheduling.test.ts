import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let editor: Client;
let author: Client;

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
  author = await app.as('author');
});
afterAll(() => app.close());

type Schedule = Parameters<Client['editorial']['articles']['schedule']>[0]['body'];

const HOUR = 3_600_000;
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
const schedule = (id: string, ifMatch: number, body: Schedule) =>
  editor.editorial.articles.schedule({ params: { id }, ifMatch, body });
const patch = (id: string, ifMatch: number, body: object) =>
  editor.editorial.articles.change({ params: { id }, ifMatch, body });
const refusedAt = (pointer: string, code?: string) => ({
  status: 422,
  problem: { errors: [{ pointer, ...(code ? { code } : {}) }] },
});

describe('scheduling', () => {
  it('keeps the moment, its zone and who set it', async () => {
    const { id } = await draft(editor);
    const [publishAt, unpublishAt] = [ahead(HOUR), ahead(2 * HOUR)];

    const story = await schedule(id, 1, { publishAt, unpublishAt, zone: 'Europe/Dublin' });

    expect(story).toMatchObject({
      ...{ status: 'scheduled', version: 2, publishAt, unpublishAt, scheduleZone: 'Europe/Dublin' },
      scheduledBy: (await app.person('editor')).id,
      scheduleError: null,
    });
    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      action: 'article.schedule',
      before: { status: 'draft' },
      after: { publishAt: new Date(publishAt), zone: 'Europe/Dublin', status: 'scheduled' },
    });
  });

  it('takes a local time with its zone, and documents the hours that clocks skip and repeat', async () => {
    const year = new Date().getUTCFullYear() + 1;
    const { id } = await draft(editor);
    const homeless = schedule(id, 1, {
      publishAt: `${year}-07-01T09:30`,
      unpublishAt: `${year}-07-02T09:30`,
    });
    await expect(homeless).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/publishAt' }, { pointer: '/unpublishAt' }] },
    });

    const story = await schedule(id, 1, { publishAt: `${year}-07-01T09:30`, zone: 'Europe/Dublin' });

    expect(story).toMatchObject({ publishAt: `${year}-07-01T08:30:00.000Z`, scheduleZone: 'Europe/Dublin' });
    const text = await (await fetch(`${app.url}/openapi.json`)).text();
    expect(text).toContain('one that the clocks skip is moved on');
  });

  it('refuses the past, what is before the embargo, and an end before the beginning', async () => {
    const { id } = await draft(editor, { embargoUntil: ahead(2 * HOUR) });

    await expect(schedule(id, 1, { publishAt: ahead(-1_000) })).rejects.toMatchObject({
      status: 422,
      problem: {
        errors: [
          { pointer: '/publishAt', code: 'in_the_past' },
          { pointer: '/publishAt', code: 'embargo' },
        ],
      },
    });
    await expect(schedule(id, 1, { publishAt: ahead(HOUR) })).rejects.toMatchObject(
      refusedAt('/publishAt', 'embargo'),
    );
    await expect(
      schedule(id, 1, { publishAt: ahead(4 * HOUR), unpublishAt: ahead(3 * HOUR) }),
    ).rejects.toMatchObject(refusedAt('/unpublishAt', 'before_publishing'));
    expect(await schedule(id, 1, { publishAt: ahead(3 * HOUR) })).toMatchObject({ status: 'scheduled' });
  });

  it.each([
    ['nothing', {}, '/publishAt'],
    ['no time', { publishAt: 'tomorrow' }, '/publishAt'],
    ['a local time of an offset', { publishAt: '2126-11-26T09:00', zone: '+02:00' }, '/zone'],
    [
      'a moment of the year 2200',
      { publishAt: '2199-12-31T23:59:59', zone: 'America/Los_Angeles' },
      '/publishAt',
    ],
    ['a zone that is an offset', { publishAt: ahead(HOUR), zone: '+01:00' }, '/zone'],
    ['an unknown field', { publishAt: ahead(HOUR), status: 'published' }, '/status'],
  ])('refuses %s', async (_what, body, pointer) => {
    const { id } = await draft(editor);

    await expect(schedule(id, 1, body as never)).rejects.toMatchObject(refusedAt(pointer));
  });

  it('is for the desk, on what is there, as it was read, in the states of the table', async () => {
    const { id } = await draft(author);
    const own = author.editorial.articles.schedule({
      params: { id },
      ifMatch: 1,
      body: { publishAt: ahead(HOUR) },
    });
    const live = await published(editor);

    await expect(own).rejects.toMatchObject({ status: 403 });
    await expect(schedule(NOWHERE, 1, { publishAt: ahead(HOUR) })).rejects.toMatchObject({ status: 404 });
    await expect(schedule(id, 9, { publishAt: ahead(HOUR) })).rejects.toMatchObject({ status: 412 });
    await expect(schedule(live.id, live.version, { publishAt: ahead(HOUR) })).rejects.toMatchObject({
      code: 'wrong_state',
      problem: { allowedFrom: ['draft', 'in_review', 'approved'] },
    });
  });

  it('is called off again: approved, and nothing of the schedule is left', async () => {
    const { id } = await draft(editor);
    await schedule(id, 1, { publishAt: ahead(HOUR), unpublishAt: ahead(2 * HOUR), zone: 'UTC' });

    const story = await editor.editorial.articles.unschedule({ params: { id }, ifMatch: 2 });

    expect(story).toMatchObject({
      ...{ status: 'approved', version: 3, publishAt: null, unpublishAt: null, scheduleZone: null },
      scheduledBy: null,
    });
    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({ action: 'article.unschedule' });
    await expect(editor.editorial.articles.unschedule({ params: { id }, ifMatch: 3 })).rejects.toMatchObject({
      code: 'wrong_state',
      problem: { allowedFrom: ['scheduled'] },
    });
    await expect(author.editorial.articles.unschedule({ params: { id }, ifMatch: 3 })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('ends when somebody publishes by hand', async () => {
    const { id } = await draft(editor);
    await schedule(id, 1, { publishAt: ahead(HOUR), unpublishAt: ahead(2 * HOUR) });

    const live = await editor.editorial.articles.publish({ params: { id }, ifMatch: 2 });

    expect(live).toMatchObject({ status: 'published', publishAt: null, scheduleLate: false });
    expect(live.unpublishAt).not.toBeNull();
  });
});

describe('moving the times of a story', () => {
  it('moves a publication that is scheduled, and nothing that is not', async () => {
    const { id } = await draft(editor);
    const early = patch(id, 1, { publishAt: ahead(HOUR) });
    await expect(early).rejects.toMatchObject(refusedAt('/publishAt', 'not_scheduled'));
    const first = await schedule(id, 1, { publishAt: ahead(HOUR), zone: 'Europe/Dublin' });
    const publishAt = ahead(3 * HOUR);

    const moved = await patch(id, 2, { publishAt });

    expect(moved).toMatchObject({ status: 'scheduled', publishAt, scheduleZone: 'Europe/Dublin' });
    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      action: 'article.change',
      before: { publishAt: new Date(first.publishAt ?? 0) },
      after: { publishAt: new Date(publishAt) },
    });
    await expect(patch(id, 3, { publishAt: ahead(-HOUR) })).rejects.toMatchObject(
      refusedAt('/publishAt', 'in_the_past'),
    );
  });

  it('gives a published story an end, without anything to publish, and takes it back', async () => {
    const { id, version } = await published(editor);
    const unpublishAt = ahead(HOUR);

    const ending = await patch(id, version, { unpublishAt });
    const staying = await patch(id, ending.version, { unpublishAt: null });

    expect(ending).toMatchObject({ status: 'published', unpublishAt, hasUnpublishedChanges: false });
    expect(ending.scheduledBy).toBe((await app.person('editor')).id);
    expect(staying).toMatchObject({ unpublishAt: null, hasUnpublishedChanges: false });
    await expect(patch(id, staying.version, { unpublishAt: ahead(-HOUR) })).rejects.toMatchObject(
      refusedAt('/unpublishAt', 'in_the_past'),
    );
  });
});

describe('what the desk plans', () => {
  it('is kept with a story, sorted by and not for readers', async () => {
    const soon = ahead(HOUR);
    const { id, version } = await published(editor, { dueAt: ahead(2 * HOUR), urgency: 4 });
    const sooner = await draft(editor, { dueAt: soon, urgency: 1 });

    const moved = await patch(id, version, { urgency: 9, dueAt: null });
    const list = await editor.editorial.articles.list({ query: { sort: '-dueAt', limit: '1' } });

    expect(moved).toMatchObject({ urgency: 9, dueAt: null, hasUnpublishedChanges: false });
    const wanted = await editor.editorial.articles.list({
      query: { sort: 'dueAt', dueBefore: ahead(1.5 * HOUR) },
    });
    expect(wanted.data.map((one) => one.id)).toEqual([sooner.id]);
    expect(list.data[0]).toMatchObject({ id: sooner.id, dueAt: soon, urgency: 1 });
    await expect(patch(id, moved.version, { urgency: 10 })).rejects.toMatchObject(refusedAt('/urgency'));
    await expect(patch(id, moved.version, { dueAt: 'soon' })).rejects.toMatchObject({ status: 422 });
  });
});
