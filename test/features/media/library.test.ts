import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import { systemContext } from '../../../src/core/context.ts';
import { MediaQuery } from '../../../src/features/media/library.contract.ts';
import { filterOf } from '../../../src/features/media/library.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { fileOf, picture, uploaded } from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let desk: Client;
let author: Client;
let editor: Client['editorial'];
let side = 0;

beforeAll(async () => {
  app = await createTestApp();
  [desk, author] = await Promise.all([app.as('editor'), app.as('author')]);
  editor = desk.editorial;
});
afterAll(() => app.close());

const inMs = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

async function newPicture(facts: object = {}, kind: 'jpeg' | 'png' = 'jpeg', by: Client = desk) {
  side += 1;
  const bytes = await picture(kind, { width: 40 + side, height: 30 });
  const { id } = await by.editorial.media.create({
    body: {},
    file: fileOf(bytes),
    fileName: `p${side}.${kind}`,
  });
  return by.editorial.media.change({ params: { id }, ifMatch: 1, body: facts });
}
const listed = async (
  query: NonNullable<Parameters<typeof editor.media.list>[0]>['query'],
  by: Client = desk,
) => {
  const { data } = await by.editorial.media.list({ query: { limit: '100', ...query } });
  return data.map(({ id }) => id);
};

describe('looking through the library', () => {
  it('finds words and their beginnings in what is said, whatever the case and the accents', async () => {
    const quay = await newPicture({ caption: 'Båtar vid kajen', keywords: ['Hamn, Öresund'] });
    const chapel = await newPicture({ alt: 'Séipéal na hAbhann', place: 'Gaillimh' });
    const script = await newPicture({ headline: 'ميناء في الصباح' });

    expect(await listed({ q: 'batar' })).toEqual([quay.id]);
    expect(await listed({ q: 'ORESU haMN' })).toEqual([quay.id]);
    expect(await listed({ q: 'séipéal gail' })).toEqual([chapel.id]);
    expect(await listed({ q: 'seipeal kajen' })).toEqual([]);
    expect(await listed({ q: 'الصباح' })).toEqual([script.id]);
    expect(await listed({ q: '.*' + 'kajen' })).toEqual([quay.id]);
  });

  it('follows what is corrected', async () => {
    const { id } = await newPicture({ caption: 'Lifeboat launch' });
    expect(await listed({ q: 'lifeboat' })).toEqual([id]);

    await editor.media.change({ params: { id }, ifMatch: 2, body: { caption: 'Trawler launch' } });

    expect(await listed({ q: 'lifeboat' })).toEqual([]);
    expect(await listed({ q: 'trawler' })).toEqual([id]);
  });

  it('narrows by credit, which is not what the caption says', async () => {
    const credited = await newPicture({ credit: 'Siobhán Ní Bhriain / Meitheal' });
    const named = await newPicture({ caption: 'Siobhán opens the fair' });

    expect(await listed({ credit: 'siobhan' })).toEqual([credited.id]);
    expect(await listed({ q: 'siobhan' })).toEqual([named.id, credited.id]);
  });

  it('narrows by type, uploader and day', async () => {
    const before = inMs(0);
    const png = await newPicture({}, 'png');
    const theirs = await newPicture({}, 'jpeg', author);
    const { id: uploader } = await app.person('author');

    expect(await listed({ type: 'image/png' })).toEqual([png.id]);
    expect(await listed({ type: 'video,image/png' })).toEqual([png.id]);
    expect(await listed({ type: 'video' })).toEqual([]);
    expect(await listed({ type: 'image', uploadedAfter: before })).toEqual([theirs.id, png.id]);
    expect(await listed({ uploader })).toEqual([theirs.id]);
    expect(await listed({ mine: 'true' }, author)).toEqual([theirs.id]);
    expect((await listed({ uploadedBefore: before })).includes(png.id)).toBe(false);
  });

  it('narrows by how the rights stand', async () => {
    const day = 86_400_000;
    const since = inMs(0);
    const kept: [string, object][] = [
      ['unrestricted', { allowedUses: ['hero'] }],
      ['upcoming', { allowedFrom: inMs(day) }],
      ['upcoming', { allowedFrom: inMs(day), allowedUntil: inMs(2 * day) }],
      ['current', { allowedFrom: inMs(-day) }],
      ['current', { allowedUntil: inMs(30 * day) }],
      ['lapsing', { allowedFrom: inMs(-day), allowedUntil: inMs(day) }],
      ['lapsed', { allowedUntil: inMs(-1) }],
    ];
    const made = [];
    for (const [state, rights] of kept) made.push({ state, item: await newPicture({ rights }) });

    for (const { state, item } of made) expect(item.rights.state).toBe(state);
    for (const rights of ['unrestricted', 'upcoming', 'current', 'lapsing', 'lapsed'] as const) {
      const wanted = made.filter(({ state }) => state === rights).map(({ item }) => item.id);
      expect((await listed({ rights, uploadedAfter: since })).sort()).toEqual(wanted.sort());
    }
  });

  it('narrows by use, page by page, with a count', async () => {
    const since = inMs(0);
    const [hero, shown, free, free2] = await Promise.all([1, 2, 3, 4].map(() => newPicture()));
    await draft(desk, { hero: { media: hero?.id ?? '' } });
    const { id, version } = await published(desk, { hero: { media: shown?.id ?? '' } });
    await editor.articles.change({ params: { id }, ifMatch: version, body: { hero: null } });

    const query = { uploadedAfter: since, limit: '1', count: 'true' } as const;
    const unused = await editor.media.list({ query: { ...query, used: 'false' } });
    const next = await editor.media.list({
      query: { ...query, used: 'false', after: unused.page.next ?? '' },
    });

    expect((await listed({ used: 'true', uploadedAfter: since })).sort()).toEqual(
      [hero?.id, shown?.id].sort(),
    );
    expect(unused.page.total).toBe(2);
    expect([unused, next].flatMap(({ data }) => data.map((one) => one.id)).sort()).toEqual(
      [free?.id, free2?.id].sort(),
    );
    expect(next.page.next).toBeNull();
  });

  it.each([
    ['q=%20.%20', 'q'],
    ['credit=-', 'credit'],
    ['type=text/html', 'type'],
    ['rights=gone', 'rights'],
    ['collection=x', 'collection'],
    ['sort=name', 'sort'],
  ])('refuses %s', async (query, parameter) => {
    const { token } = await app.person('editor');
    const answer = await send(app, `/editorial/v1/media?${query}`, { token });

    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ parameter }] }]);
  });

  it.each([
    ['words', { q: 'harbour' }],
    ['words', { credit: 'ada' }],
    ['type', { type: 'image/png' }],
    ['createdBy', { uploader: NOWHERE }],
    ['rightsUntil', { rights: 'lapsed' }],
    ['rightsFrom', { rights: 'upcoming' }],
    ['collections', { collection: NOWHERE }],
  ])('by the index %s: %j', async (index, query) => {
    const filter = filterOf(systemContext('seed', 'test'), MediaQuery.parse(query));
    const plan = await app.db
      .collection('media')
      .find(filter)
      .hint(index)
      .sort({ createdAt: -1, _id: -1 })
      .explain('queryPlanner');
    const free = await app.db.collection('media').find(filter).explain('queryPlanner');

    expect(JSON.stringify(plan.queryPlanner.winningPlan)).toContain(`"indexName":"${index}"`);
    expect(JSON.stringify(free.queryPlanner)).toContain(`"indexName":"${index}"`);
  });
});

describe('where a picture is used', () => {
  const uses = (id: string, by: Client = desk) => by.editorial.media.uses({ params: { id }, query: {} });

  it('names stories and places, apart for the working copy and what readers have', async () => {
    const { id: media } = await newPicture();
    const { content } = paragraphs('Text') as { content: object[] };
    const gallery = { type: 'gallery', attrs: { id: 'g1', items: [{ media }] } };
    const story = await published(desk, {
      headline: 'Shown twice',
      hero: { media },
      body: { type: 'doc', content: [...content, gallery] } as never,
    });
    await editor.articles.change({
      params: { id: story.id },
      ifMatch: story.version,
      body: {
        hero: null,
        headline: 'Shown once',
        body: { type: 'doc', content: [...content, { type: 'image', attrs: { id: 'i', media } }] } as never,
      },
    });
    const plain = await draft(desk, { headline: 'Not out yet', hero: { media } });

    const { data, hidden, page } = await uses(media);

    expect(data).toEqual([
      {
        ...{ id: plain.id, headline: 'Not out yet', slug: plain.slug, status: 'draft' },
        ...{ workingCopy: ['hero'], published: null },
      },
      {
        ...{ id: story.id, headline: 'Shown once', slug: story.slug, status: 'published' },
        ...{ workingCopy: ['body'], published: ['hero', 'gallery'] },
      },
    ]);
    expect([hidden, page.next]).toEqual([0, null]);
  });

  it('shows authors their own and what is public, and counts the rest', async () => {
    const { id: media } = await newPicture();
    const hero = { media };
    const mine = await draft(author, { hero });
    const out = await published(desk, { headline: 'As readers have it', hero });
    await editor.articles.change({
      params: { id: out.id },
      ifMatch: out.version,
      body: { headline: 'What the desk works on' },
    });
    await draft(desk, { hero });
    const held = await published(desk, { hero });
    await app.db
      .collection('published')
      .updateOne({ _id: new Types.ObjectId(held.id) }, [
        { $set: { embargoUntil: { $add: ['$$NOW', 3_600_000] } } },
      ]);

    const seen = await uses(media, author);
    const moderated = await uses(media, await app.as('moderator'));

    expect(seen.hidden).toBe(2);
    expect(seen.data.map(({ id, headline, workingCopy }) => [id, headline, workingCopy])).toEqual([
      [out.id, 'As readers have it', null],
      [mine.id, mine.headline, ['hero']],
    ]);
    expect(moderated).toMatchObject({ hidden: 3, data: [{ id: out.id, status: null }] });
  });

  it('is asked of a picture that is there', async () => {
    await expect(uses(NOWHERE)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a collection of pictures', () => {
  const make = (name: string) => editor.mediaCollections.create({ body: { name } });
  const collect = (id: string, ifMatch: number, collections: string[], by: Client = desk) =>
    by.editorial.media.change({ params: { id }, ifMatch, body: { collections } });

  it('is made, filled, looked through, renamed and deleted; its pictures stay', async () => {
    const summer = await make('Summer 2026');
    const { id } = await newPicture();
    await newPicture();

    expect(await collect(id, 2, [summer.id])).toMatchObject({ version: 3, collections: [summer.id] });
    expect(await listed({ collection: summer.id })).toEqual([id]);
    const params = { id: summer.id };
    const renamed = await editor.mediaCollections.change({
      params,
      ifMatch: 1,
      body: { name: 'Summer', description: 'Beaches' },
    });
    expect(renamed).toMatchObject({ version: 2, name: 'Summer', description: 'Beaches' });
    const { data } = await author.editorial.mediaCollections.list({ query: {} });
    expect(data.map(({ name }) => name)).toContain('Summer');
    await editor.mediaCollections.remove({ params, ifMatch: 2 });

    expect(await editor.media.read({ params: { id } })).toMatchObject({ collections: [] });
    expect((await auditOf(app, 'media_collection', summer.id)).map(({ action }) => action)).toEqual([
      'media_collection.create',
      'media_collection.change',
      'media_collection.delete',
    ]);
    await expect(editor.mediaCollections.read({ params })).rejects.toMatchObject({ status: 404 });
  });

  it('has a name of its own', async () => {
    await make('Élections');
    const other = await make('Ports');

    await expect(make('élections')).rejects.toMatchObject({ status: 409, code: 'conflict' });
    await expect(
      editor.mediaCollections.change({ params: { id: other.id }, ifMatch: 1, body: { name: 'ÉLECTIONS' } }),
    ).rejects.toMatchObject({ status: 409 });
    await expect(make('')).rejects.toMatchObject({ status: 422 });
  });

  it('is the desk’s to make and delete, at the version that was read', async () => {
    const { id } = await make('Courts');
    const params = { id };

    await expect(author.editorial.mediaCollections.create({ body: { name: 'x' } })).rejects.toMatchObject({
      status: 403,
    });
    await expect(author.editorial.mediaCollections.remove({ params, ifMatch: 1 })).rejects.toMatchObject({
      status: 403,
    });
    await expect(editor.mediaCollections.remove({ params, ifMatch: 9 })).rejects.toMatchObject({
      status: 412,
    });
    await expect(
      editor.mediaCollections.change({ params: { id: NOWHERE }, ifMatch: 1, body: { name: 'y' } }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('takes an author’s own pictures, and must be there', async () => {
    const { id } = await make('Readers’ pictures');
    const own = await newPicture({}, 'jpeg', author);
    const other = await uploaded(desk, await picture('jpeg', { width: 500, height: 30 }));

    expect(await collect(own.id, 2, [id], author)).toMatchObject({ collections: [id] });
    await expect(collect(other.id, 1, [id], author)).rejects.toMatchObject({ status: 403 });
    await expect(collect(other.id, 1, [id, NOWHERE])).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/collections/1', code: 'no_such_id' }] },
    });
  });
});
