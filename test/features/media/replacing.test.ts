import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { fileOf, picture, storedFiles } from '../../support/pictures.ts';
import { auditOf, eventsOf } from '../../support/records.ts';

const PUBLIC_URL = 'https://news.example.org';

let app: TestApp;
let desk: Client;
let author: Client;
let editor: Client['editorial'];
let side = 0;

beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL });
  [desk, author] = await Promise.all([app.as('editor'), app.as('author')]);
  editor = desk.editorial;
});
afterAll(() => app.close());

const newBytes = () => {
  side += 1;
  return picture('jpeg', { width: 40 + side, height: 30 });
};
const newPicture = async (said: object = {}, by: Client = desk) =>
  by.editorial.media.create({ body: said, file: fileOf(await newBytes()), fileName: 'p.jpg' });
const remove = (id: string, ifMatch: number, replacement?: string, by: Client = desk) =>
  by.editorial.media.remove({ params: { id }, ifMatch, query: replacement ? { replacement } : {} });
const putFile = async (id: string, ifMatch: number, bytes?: Buffer, by: Client = desk) =>
  by.editorial.media.replaceFile({
    ...{ params: { id }, ifMatch, body: {} },
    ...{ file: fileOf(bytes ?? (await newBytes())), fileName: 'retouched.jpg' },
  });
const read = (slug: string) => app.anonymous.content.articles.read({ params: { slug } });
const get = (url: string) => fetch(url.replace(PUBLIC_URL, app.url));
const status = async (url: string) => (await get(url)).status;

const OLD = { alt: 'Old alt', caption: 'Old caption', credit: 'Old Agency' };
const NEW = { alt: 'New alt', caption: 'New caption', credit: 'New Agency' };

/** A live story with the picture at its top, in its text and in a gallery, each with words of the story's own. */
async function shownIn(media: string) {
  const { content } = paragraphs('Text') as { content: object[] };
  const own = { media, alt: 'Own alt', caption: 'Own caption', credit: 'Own credit' };
  const blocks = [
    { type: 'image', attrs: { id: 'i1', ...own } },
    { type: 'gallery', attrs: { id: 'g1', items: [own] } },
  ];
  const body = { type: 'doc', content: [...content, ...blocks] } as never;
  return published(desk, { hero: own, body });
}

describe('a picture in a story', () => {
  it('has the story’s words over its own, a colour and a placeholder, at the top, in the text and in galleries', async () => {
    const item = await newPicture(OLD);
    const { slug } = await shownIn(item.id);
    const bare = await published(desk, { hero: { media: item.id } });

    const { hero, body } = await read(slug);

    const { dominantColor, placeholder } = item;
    const figure = {
      ...{ alt: 'Own alt', caption: 'Own caption', credit: 'Own credit' },
      media: { id: item.id, dominantColor, placeholder, renditions: expect.any(Array) },
    };
    expect(hero).toMatchObject({
      alt: 'Own alt',
      caption: 'Own caption',
      credit: 'Own credit',
      dominantColor,
    });
    expect((body as unknown[]).slice(1)).toMatchObject([figure, { items: [figure] }]);
    expect((await read(bare.slug)).hero).toMatchObject({ ...OLD, placeholder });
  });
});

describe('deleting a picture with another in its place', () => {
  it('shows the other everywhere at once, with its own words, and writes to no story', async () => {
    const [old, fresh] = [await newPicture(OLD), await newPicture(NEW)];
    const story = await shownIn(old.id);
    const unseen = await draft(desk, { hero: { media: old.id, alt: 'Own alt' } });
    const before = await read(story.slug);
    const oldUrl = before.hero?.renditions[0]?.url ?? '';
    expect(await status(oldUrl)).toBe(200);

    await remove(old.id, 1, fresh.id);

    const after = await read(story.slug);
    expect(after.hero).toMatchObject(NEW);
    expect((after.body as unknown[]).slice(1)).toMatchObject([
      { ...NEW, media: { id: fresh.id } },
      { items: [{ ...NEW, media: { id: fresh.id } }] },
    ]);
    const url = after.hero?.renditions[0]?.url ?? '';
    expect([await status(url), await status(oldUrl)]).toEqual([200, 404]);
    expect(await editor.articles.read({ params: { id: story.id } })).toMatchObject({
      version: story.version,
    });
    expect(await editor.media.read({ params: { id: old.id } })).toMatchObject({ id: fresh.id, version: 2 });
    const used = await editor.media.uses({ params: { id: fresh.id }, query: {} });
    expect(used.data.map(({ id }) => id).sort()).toEqual([story.id, unseen.id].sort());
  });

  it('keeps what is delivered once the other changes or is replaced in its turn', async () => {
    const [first, second, third] = [await newPicture(OLD), await newPicture(NEW), await newPicture(NEW)];
    const { slug } = await shownIn(first.id);
    await remove(first.id, 1, second.id);
    await read(slug);

    await editor.media.change({ params: { id: second.id }, ifMatch: 2, body: { credit: 'Corrected' } });
    expect((await read(slug)).hero).toMatchObject({ credit: 'Corrected' });
    await remove(second.id, 3, third.id);

    expect((await read(slug)).hero?.renditions[0]?.url).toContain(
      third.renditions[0]?.url.replace(/\?.*$/, '') ?? 'x',
    );
    await expect(remove(third.id, 2)).rejects.toMatchObject({ status: 409, code: 'conflict' });
  });

  it('is told of once, with every page to purge, and takes the old files along', async () => {
    const [old, fresh] = [await newPicture(OLD), await newPicture(NEW)];
    await shownIn(old.id);
    const files = (await storedFiles(app)).length;

    await remove(old.id, 1, fresh.id);
    await expect(remove(old.id, 1, fresh.id)).rejects.toMatchObject({ status: 404 });

    expect((await auditOf(app, 'media', old.id)).at(-1)).toMatchObject({
      action: 'media.replace',
      before: { credit: 'Old Agency' },
    });
    expect((await auditOf(app, 'media', fresh.id)).at(-1)).toMatchObject({ after: { replaces: [old.id] } });
    const keys = (await eventsOf(app, 'media', fresh.id)).at(-1)?.data.surrogateKeys;
    expect(keys).toEqual(expect.arrayContaining([`media-${fresh.id}`, `media-${old.id}`]));
    expect(await storedFiles(app)).toHaveLength(files - 2);
  });

  it('keeps the words that an editor types afterwards, and no others', async () => {
    const [old, fresh] = [await newPicture(OLD), await newPicture()];
    const { id, version } = await shownIn(old.id);
    await remove(old.id, 1, fresh.id);
    const { hero, body } = await editor.articles.read({ params: { id } });
    const typed = JSON.parse(JSON.stringify(body).replaceAll('Own credit', 'Photo: Ada'));

    const saved = await editor.articles.change({
      ...{ params: { id }, ifMatch: version },
      body: { hero: { ...hero, credit: 'Photo: Grace' } as never, body: typed },
    });

    expect(saved.hero).toMatchObject({ media: fresh.id, alt: '', caption: '', credit: 'Photo: Grace' });
    const attrs = { media: fresh.id, alt: null, caption: null, credit: 'Photo: Ada' };
    expect(saved.body.content.slice(1)).toMatchObject([{ attrs }, { attrs: { items: [attrs] } }]);
  });

  it('lets nothing pass that readers would miss: a picture without a credit in the place of one that had it', async () => {
    const [old, fresh] = [await newPicture(), await newPicture()];
    const { id } = await shownIn(old.id);
    await remove(old.id, 1, fresh.id);

    const { advisory } = await editor.checks.read({ params: { id } });

    const missing = [
      'hero_credit_missing',
      'hero_alt_missing',
      'picture_credit_missing',
      'picture_alt_missing',
    ];
    expect(advisory.map(({ code }) => code)).toEqual(expect.arrayContaining(missing));
  });

  it('is refused with one that may not be shown now', async () => {
    const old = await newPicture(OLD);
    await shownIn(old.id);
    for (const rights of [
      { allowedUntil: '2026-01-01T00:00:00Z' },
      { allowedFrom: '2199-01-01T00:00:00Z' },
    ] as const) {
      const other = await newPicture(NEW);
      await editor.media.change({ params: { id: other.id }, ifMatch: 1, body: { rights } });

      await expect(remove(old.id, 1, other.id)).rejects.toMatchObject({ status: 409, code: 'conflict' });
    }
    expect(await editor.media.read({ params: { id: old.id } })).toMatchObject({ version: 1 });
  });

  it('names the other in a story that is saved afterwards, without the words for the old one', async () => {
    const [old, fresh] = [await newPicture(OLD), await newPicture(NEW)];
    const story = await shownIn(old.id);
    await remove(old.id, 1, fresh.id);
    const { body, hero } = await editor.articles.read({ params: { id: story.id } });
    expect(hero?.media).toBe(old.id);

    const saved = await editor.articles.change({
      params: { id: story.id },
      ifMatch: story.version,
      body: { body: body as never, hero: { media: old.id, alt: 'Own alt' } },
    });

    expect(saved.hero).toEqual({ media: fresh.id, alt: '', caption: '', credit: '' });
    expect(saved.body.content.slice(1)).toMatchObject([
      { attrs: { media: fresh.id, alt: null, credit: null } },
      { attrs: { items: [{ media: fresh.id, caption: null }] } },
    ]);
    expect(await draft(desk, { hero: { media: old.id } })).toMatchObject({ hero: { media: fresh.id } });
  });

  it('moves the rights with the picture', async () => {
    const [old, fresh] = [await newPicture(), await newPicture()];
    const lapsed = { allowedUntil: new Date(Date.now() - 1000).toISOString() };
    const story = await shownIn(old.id);
    await editor.media.change({ params: { id: old.id }, ifMatch: 1, body: { rights: lapsed } });
    while (await app.services.noteLapse());
    const marked = async () => (await editor.articles.read({ params: { id: story.id } })).lapsedMedia;
    expect(await marked()).toEqual([old.id]);

    await remove(old.id, 2, fresh.id);
    expect(await marked()).toEqual([]);
    await editor.media.change({ params: { id: fresh.id }, ifMatch: 2, body: { rights: lapsed } });
    while (await app.services.noteLapse());

    expect(await marked()).toEqual([old.id]);
    const { blocking } = await editor.checks.read({ params: { id: story.id } });
    expect(blocking.map(({ code }) => code)).toContain('media_rights');
  });

  it('is for the desk, at the version that was read, with another picture that is there', async () => {
    const [old, other] = [await newPicture({}, author), await newPicture()];

    await expect(remove(old.id, 1, other.id, author)).rejects.toMatchObject({ status: 403 });
    await expect(remove(old.id, 7, other.id)).rejects.toMatchObject({ status: 412 });
    for (const nonsense of [NOWHERE, old.id])
      await expect(remove(old.id, 1, nonsense)).rejects.toMatchObject({
        problem: { errors: [{ parameter: 'replacement' }] },
      });
    await expect(remove(NOWHERE, 1, other.id)).rejects.toMatchObject({ status: 404 });
    expect(await editor.media.read({ params: { id: old.id } })).toMatchObject({ version: 1 });
  });

  it('finds one of two that are deleted in favour of each other', async () => {
    const pair = [await newPicture(), await newPicture()] as const;

    const [a, b] = pair;
    const results = await Promise.allSettled([remove(a.id, 1, b.id), remove(b.id, 1, a.id)]);

    expect(results.filter(({ status: one }) => one === 'fulfilled')).toHaveLength(1);
    const left = await app.db
      .collection('media')
      .countDocuments({ _id: { $in: pair.map(({ id }) => new Types.ObjectId(id)) } });
    expect(left).toBe(1);
  });
});

describe('putting another file in the place of a picture', () => {
  it('changes what readers see under the same words, at new addresses', async () => {
    const item = await newPicture(OLD);
    const { slug } = await published(desk, { hero: { media: item.id } });
    const before = await read(slug);
    const files = (await storedFiles(app)).length;
    await editor.media.change({ params: { id: item.id }, ifMatch: 1, body: { focalPoint: { x: 0, y: 0 } } });

    const replaced = await putFile(item.id, 2);

    const after = await read(slug);
    expect(replaced).toMatchObject({
      ...OLD,
      version: 3,
      fileName: 'retouched.jpg',
      focalPoint: { x: 0.5, y: 0.5 },
    });
    expect(after.hero).toMatchObject(OLD);
    const [old, fresh] = [before, after].map(({ hero }) => hero?.renditions[0]?.url ?? '');
    expect([await status(old ?? ''), await status(fresh ?? '')]).toEqual([404, 200]);
    expect(await storedFiles(app)).toHaveLength(files);
    while (await app.services.makeRenditions());
    expect((await read(slug)).hero?.renditions.length).toBeGreaterThan(2);
    expect((await auditOf(app, 'media', item.id)).at(-1)).toMatchObject({
      action: 'media.replace_file',
      before: { fileName: 'p.jpg' },
      after: { fileName: 'retouched.jpg' },
    });
  });

  it('changes nothing when it is the same file, and refuses one that the library has as another', async () => {
    const bytes = await newBytes();
    const item = await editor.media.create({ body: {}, file: fileOf(bytes) });
    const other = await newPicture();
    const files = await storedFiles(app);

    expect(await putFile(item.id, 1, bytes)).toMatchObject({ version: 1 });
    await expect(putFile(other.id, 1, bytes)).rejects.toMatchObject({
      status: 409,
      problem: { media: item.id },
    });
    await expect(putFile(other.id, 1, Buffer.from('no picture'))).rejects.toMatchObject({ status: 415 });

    expect(await storedFiles(app)).toEqual(files);
  });

  it('is an author’s for what no story uses, else the desk’s, at the version that was read', async () => {
    const own = await newPicture({}, author);

    expect(await putFile(own.id, 1, undefined, author)).toMatchObject({ version: 2 });
    await draft(author, { hero: { media: own.id } });
    await expect(putFile(own.id, 2, undefined, author)).rejects.toMatchObject({ status: 403 });
    await expect(putFile((await newPicture()).id, 1, undefined, author)).rejects.toMatchObject({
      status: 403,
    });
    await expect(putFile(own.id, 1)).rejects.toMatchObject({ status: 412 });
    await expect(putFile(NOWHERE, 1)).rejects.toMatchObject({ status: 404 });
  });

  it('gives up renditions that were being made of the old file', async () => {
    const { id } = await newPicture(OLD);
    const making = app.services.makeRenditions();
    await putFile(id, 1);
    await making;
    while (await app.services.makeRenditions());

    const stored = await app.db.collection('media').findOne({ _id: new Types.ObjectId(id) });
    const { renditions } = await editor.media.read({ params: { id } });
    for (const { url } of renditions) expect(await status(url)).toBe(200);
    expect(stored).not.toHaveProperty('renditionsDue');
  });
});
