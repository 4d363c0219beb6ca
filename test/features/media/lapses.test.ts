import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';
import { picture, uploaded } from '../../support/pictures.ts';
import { auditOf, eventsOf, until } from '../../support/records.ts';

let app: TestApp;
let second: TestApp;
let desk: Client;
let editor: Client['editorial'];
let side = 0;

beforeAll(async () => {
  app = await createTestApp();
  second = await createTestApp({}, { beside: app });
  desk = await app.as('editor');
  editor = desk.editorial;
});
afterAll(async () => {
  await second.close();
  await app.close();
});

const inMs = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
const newPicture = async () => {
  side += 1;
  return uploaded(desk, await picture('jpeg', { width: 40 + side, height: 30 }));
};
const end = (id: string, ifMatch: number, allowedUntil: string | null) =>
  editor.media.change({ params: { id }, ifMatch, body: { rights: { allowedUntil } } });
const read = (id: string) => editor.articles.read({ params: { id } });
const live = (media: string) => published(desk, { hero: { media } });

/** Both processes look until neither finds anything. */
async function sweep(): Promise<void> {
  for (;;) {
    const found = await Promise.all([app, second].map((one) => one.services.noteLapse()));
    if (!found.includes(true)) return;
  }
}

/** What a second look would find, without waiting for it. */
const lookAgain = (id: string) =>
  app.db.collection('media').updateOne({ _id: new Types.ObjectId(id) }, [{ $set: { lapseDue: '$$NOW' } }]);

const listed = async () => {
  const { data } = await editor.articles.list({ query: { lapsedMedia: 'true', limit: '100' } });
  return data.map(({ id }) => id).sort();
};

describe('a picture whose rights end', () => {
  it('marks the live stories that show it, and only those, once over all processes', async () => {
    const { id: media } = await newPicture();
    const stories = await Promise.all([live(media), live(media)]);
    const other = await live((await newPicture()).id);
    const unseen = await draft(desk, { hero: { media } });
    await end(media, 1, inMs(-1));

    await sweep();

    const ids = stories.map(({ id }) => id).sort();
    expect(await listed()).toEqual(ids);
    for (const { id, version } of stories)
      expect(await read(id)).toMatchObject({ version, lapsedMedia: [media] });
    for (const { id } of [other, unseen]) expect(await read(id)).toMatchObject({ lapsedMedia: [] });
    const rows = (await auditOf(app, 'media', media)).filter(({ action }) => action === 'media.lapse');
    expect(rows).toHaveLength(1);
    const told = rows[0]?.after as { stories: string[] };
    expect([...told.stories].sort()).toEqual(ids);
    const events = await app.db
      .collection('outbox')
      .find({ type: 'media.lapsed', 'data.id': media })
      .toArray();
    expect(events).toMatchObject([{ data: { stories: expect.arrayContaining(ids) } }]);
    // Staff alone: the picture itself has not changed for readers.
    expect((await eventsOf(app, 'media', media)).map(({ type }) => type)).not.toContain('media.lapsed');
  });

  it('is looked at a second time, for what was published in the same moment', async () => {
    const { id: media } = await newPicture();
    await end(media, 1, inMs(-1));
    await sweep();
    expect(await app.db.collection('media').findOne({ _id: new Types.ObjectId(media) })).toMatchObject({
      lapseDue: expect.any(Date),
    });
    const { id } = await live((await newPicture()).id);
    await app.db
      .collection('published')
      .updateOne({ _id: new Types.ObjectId(id) }, { $set: { media: [new Types.ObjectId(media)] } });

    await lookAgain(media);
    await sweep();

    expect(await read(id)).toMatchObject({ lapsedMedia: [media] });
    const kept = await app.db.collection('media').findOne({ _id: new Types.ObjectId(media) });
    expect(kept).not.toHaveProperty('lapseDue');
    const rows = (await auditOf(app, 'media', media)).filter(({ action }) => action === 'media.lapse');
    expect(rows.map(({ after }) => (after as { stories: string[] }).stories)).toEqual([[], [id]]);
  });

  it('is marked no more once its rights are renewed, and again when they end again', async () => {
    const { id: media } = await newPicture();
    const { id } = await live(media);
    await end(media, 1, inMs(-1));
    await sweep();
    expect(await listed()).toContain(id);

    await end(media, 2, null);
    expect(await listed()).not.toContain(id);
    await sweep();
    expect(await read(id)).toMatchObject({ lapsedMedia: [] });

    await end(media, 3, inMs(-1));
    await sweep();
    expect(await listed()).toContain(id);
  });

  it('is marked no more in a story that goes up without it, or is taken down', async () => {
    const { id: media } = await newPicture();
    const [mended, hidden, waived] = await Promise.all([live(media), live(media), live(media)]);
    await end(media, 1, inMs(-1));
    await sweep();

    const { version } = await editor.articles.change({
      params: { id: mended.id },
      ifMatch: mended.version,
      body: { hero: null },
    });
    expect(await listed()).toContain(mended.id);
    await editor.articles.publish({ params: { id: mended.id }, ifMatch: version });
    await editor.articles.unpublish({ params: { id: hidden.id }, ifMatch: hidden.version });
    await editor.articles.publish({
      params: { id: waived.id },
      ifMatch: waived.version,
      body: { waive: [{ code: 'media_rights', reason: 'Settled with the agency.' }] },
    });

    const now = await listed();
    expect([mended, hidden, waived].map(({ id }) => now.includes(id))).toEqual([false, false, true]);
  });

  it('goes on where a process died between two batches of stories', async () => {
    const { id: media } = await newPicture();
    const { id } = await live(media);
    const _id = new Types.ObjectId(media);
    const copies = Array.from({ length: 250 }, (_, index) => ({
      ...{ _id: new Types.ObjectId(), slug: `copy-${index}`, media: [_id] },
      ...{ status: 'published', version: 1, rightsLapsedAt: null },
    }));
    await app.db.collection('published').insertMany(copies);
    await app.db.collection('articles').insertMany(copies);
    await end(media, 1, inMs(-1));

    expect(await app.services.noteLapse()).toBe(true);
    const marked = () => app.db.collection('articles').countDocuments({ lapsedMedia: _id });
    expect(await marked()).toBe(200);
    second.start('picture rights');
    await until(async () => (await marked()) === 251);

    const rows = (await auditOf(app, 'media', media)).filter(({ action }) => action === 'media.lapse');
    const told = rows.flatMap(({ after }) => (after as { stories: string[] }).stories);
    expect(told).toHaveLength(251);
    expect(new Set(told).size).toBe(251);
    expect(told).toContain(id);
  });
});
