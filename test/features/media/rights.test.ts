import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs } from '../../support/factories.ts';
import { film } from '../../support/films.ts';
import { fileOf, picture, uploaded } from '../../support/pictures.ts';
import { auditOf, until } from '../../support/records.ts';

let app: TestApp;
let desk: Client;
let editor: Client['editorial'];

beforeAll(async () => {
  app = await createTestApp();
  desk = await app.as('editor');
  editor = desk.editorial;
});
afterAll(() => app.close());

const DAY = 24 * 3_600_000;
const inMs = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

/** A picture of its own bytes, with these rights. */
async function pictureWith(rights: object, by: Client = desk) {
  side += 1;
  const { id } = await uploaded(by, await picture('jpeg', { width: 40 + side, height: 30 }));
  return by.editorial.media.change({ params: { id }, ifMatch: 1, body: { rights } });
}
let side = 0;

const publish = (id: string, ifMatch: number, body: object = {}) =>
  editor.articles.publish({ params: { id }, ifMatch, body });
const withHero = (media: string) => draft(desk, { hero: { media } });
const codesOf = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);

describe('the rights to a picture', () => {
  it('set no bounds at first, change member by member, and are told in the audit log', async () => {
    const fresh = await uploaded(desk);
    expect(fresh).toMatchObject({
      source: '',
      rights: { allowedFrom: null, allowedUntil: null, allowedUses: null, state: 'unrestricted' },
    });
    const from = '2026-01-01T00:00:00.000Z';

    const params = { id: fresh.id };
    await editor.media.change({
      params,
      ifMatch: 1,
      body: { source: 'Handout, City Council', rights: { allowedFrom: from, allowedUses: ['hero'] } },
    });
    const changed = await editor.media.change({
      params,
      ifMatch: 2,
      body: { rights: { allowedUntil: inMs(30 * DAY) } },
    });

    expect(changed).toMatchObject({
      version: 3,
      source: 'Handout, City Council',
      rights: { allowedFrom: from, allowedUses: ['hero'], state: 'current' },
    });
    const rows = await auditOf(app, 'media', fresh.id);
    expect(rows.at(-1)).toMatchObject({
      action: 'media.change',
      before: { rights: { allowedUntil: null } },
      after: { source: 'Handout, City Council', rights: { allowedUntil: expect.any(Date) } },
    });
  });

  it.each([
    ['upcoming', { allowedFrom: inMs(DAY) }],
    ['lapsing', { allowedUntil: inMs(6 * DAY) }],
    ['current', { allowedUntil: inMs(8 * DAY) }],
    ['lapsed', { allowedUntil: inMs(-1000) }],
  ])('are told as %s', async (state, rights) => {
    expect((await pictureWith(rights)).rights.state).toBe(state);
  });

  it.each([
    [
      'a window that ends before it begins',
      { allowedFrom: inMs(DAY), allowedUntil: inMs(0) },
      '/rights/allowedUntil',
    ],
    ['an unknown use', { allowedUses: ['billboard'] }, '/rights/allowedUses/0'],
    ['no use at all', { allowedUses: [] }, '/rights/allowedUses'],
    ['a use twice', { allowedUses: ['hero', 'hero'] }, '/rights/allowedUses'],
    ['a time without a zone', { allowedUntil: '2027-01-01T00:00:00' }, '/rights/allowedUntil'],
    ['another member', { forever: true }, '/rights'],
  ])('refuse %s', async (_what, rights, pointer) => {
    await expect(pictureWith(rights)).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer: expect.stringContaining(pointer) })] },
    });
  });

  it('are for whoever may change the picture, at the version that was read', async () => {
    const { id } = await pictureWith({ allowedUses: ['body'] });
    const body = { rights: { allowedUses: null } };
    const author = await app.as('author');

    await expect(author.editorial.media.change({ params: { id }, ifMatch: 2, body })).rejects.toMatchObject({
      status: 403,
    });
    await expect(editor.media.change({ params: { id }, ifMatch: 1, body })).rejects.toMatchObject({
      status: 412,
    });
    await expect(editor.media.change({ params: { id: NOWHERE }, ifMatch: 1, body })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('publishing a story with a picture', () => {
  it.each([
    ['after its rights ended', { allowedUntil: inMs(-1000) }, 'ended on'],
    ['before its rights begin', { allowedFrom: inMs(DAY) }, 'not be shown before'],
    [
      'at the top when it may only stand in the text',
      { allowedUses: ['body', 'gallery'] },
      'in the text or in a gallery only',
    ],
  ])('%s is refused', async (_when, rights, words) => {
    const { id: media } = await pictureWith(rights);
    const { id, version } = await withHero(media);

    await expect(publish(id, version)).rejects.toMatchObject({
      status: 409,
      code: 'checks_failed',
      problem: {
        blocking: [{ code: 'media_rights', pointer: '/hero/media', message: expect.stringContaining(words) }],
      },
    });
    expect(await editor.articles.read({ params: { id } })).toMatchObject({ status: 'draft' });
  });

  it('within its window and for its use goes through', async () => {
    const bounds = { allowedFrom: inMs(-DAY), allowedUntil: inMs(30 * DAY), allowedUses: ['hero'] };
    const { id: media } = await pictureWith(bounds);
    const { id, version } = await withHero(media);

    expect(await publish(id, version)).toMatchObject({ status: 'published' });
  });

  it('looks at every place: text, galleries, posters', async () => {
    const [lapsed, heroOnly] = await Promise.all([
      pictureWith({ allowedUntil: inMs(-1000) }),
      pictureWith({ allowedUses: ['hero'] }),
    ]);
    const clip = await desk.editorial.media.create({ body: {}, file: fileOf(film()), fileName: 'quay.mp4' });
    await editor.media.change({
      ...{ params: { id: clip.id }, ifMatch: clip.version },
      body: { rights: { allowedUses: ['hero'] } },
    });
    const { content } = paragraphs('Pictures') as { content: object[] };
    const blocks = [
      { type: 'image', attrs: { id: 'i1', media: heroOnly.id } },
      { type: 'gallery', attrs: { id: 'g1', items: [{ media: heroOnly.id }, { media: lapsed.id }] } },
      { type: 'video', attrs: { id: 'v1', media: clip.id, poster: lapsed.id } },
    ];
    const { id } = await draft(desk, { body: { type: 'doc', content: [...content, ...blocks] } as never });

    const { blocking } = await editor.checks.read({ params: { id } });

    expect(blocking.map(({ pointer, block }) => [pointer, block])).toEqual([
      ['/body/content/1/attrs/media', 'i1'],
      ['/body/content/2/attrs/items/0/media', 'g1'],
      ['/body/content/2/attrs/items/1/media', 'g1'],
      ['/body/content/3/attrs/media', 'v1'],
      ['/body/content/3/attrs/poster', 'v1'],
    ]);
  });

  it('whose rights end soon is advised of it, also when that is before a time ahead', async () => {
    const [soon, later] = await Promise.all([
      pictureWith({ allowedUntil: inMs(DAY) }),
      pictureWith({ allowedUntil: inMs(20 * DAY) }),
    ]);
    const now = await withHero(soon.id);
    const ahead = await withHero(later.id);
    await editor.articles.schedule({
      params: { id: ahead.id },
      ifMatch: ahead.version,
      body: { publishAt: inMs(21 * DAY) },
    });

    const found = await Promise.all([now, ahead].map(({ id }) => editor.checks.read({ params: { id } })));

    for (const { blocking, advisory } of found) {
      expect(codesOf(blocking)).toEqual([]);
      expect(codesOf(advisory)).toContain('media_rights_lapsing');
    }
  });

  it('may be waived with a reason, which is kept', async () => {
    const { id: media } = await pictureWith({ allowedUntil: inMs(-1000) });
    const { id, version } = await withHero(media);
    const waive = [{ code: 'media_rights', reason: 'Renewed by phone with the agency.' }];

    await publish(id, version, { waive });

    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      after: { waived: [{ code: 'media_rights', pointer: '/hero/media', reason: waive[0]?.reason }] },
    });
  });

  it('that was scheduled in time is refused when it is due after the rights ended', async () => {
    const { id: media } = await pictureWith({ allowedUntil: inMs(60_000) });
    const story = await withHero(media);
    const { version } = await editor.articles.schedule({
      params: { id: story.id },
      ifMatch: story.version,
      body: { publishAt: inMs(900) },
    });
    // They end between the order and its time: in the database, since a test does not wait for a minute.
    await app.db
      .collection('media')
      .updateOne({ _id: new Types.ObjectId(media) }, [{ $set: { 'rights.allowedUntil': '$$NOW' } }]);

    app.start('scheduler');
    await until(
      async () => (await editor.articles.read({ params: { id: story.id } })).scheduleError !== null,
    );

    expect(await editor.articles.read({ params: { id: story.id } })).toMatchObject({
      status: 'scheduled',
      version: version + 1,
      scheduleError: expect.stringContaining('The rights to this picture ended on'),
    });
    expect(await app.db.collection('published').countDocuments({ slug: story.slug })).toBe(0);
  });
});
