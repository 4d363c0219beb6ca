import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import type { StoryPageRecord } from '../../../src/features/story-pages/story-pages.model.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { askedFor } from '../../support/asked.ts';
import { paragraphs, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { until } from '../../support/records.ts';

/** Nothing is kept in memory here: what comes quickly comes from the finished pages. */
const UNKEPT = { PAGE_CACHE_MB: '0' };

let app: TestApp;
let editor: Client;
let desk: Client['editorial'];
let maker: ReturnType<TestApp['start']>;

beforeAll(async () => {
  app = await createTestApp(UNKEPT);
  editor = await app.as('editor');
  desk = editor.editorial;
  app.start('sequencer');
  app.start('search feed');
  maker = app.start('story pages');
});
afterAll(() => app.close());

/** As the driver gives them. */
type Row = Omit<StoryPageRecord, 'body'> & { body?: mongo.Binary };
const rows = () => app.db.collection<Row>('story_pages');
const rowOf = (slug: string) => rows().findOne({ slug });
/** Whether everything that has happened is in the pages. */
async function isCaughtUp(): Promise<boolean> {
  const events = app.db.collection('outbox');
  const [pending, stale, position] = await Promise.all([
    events.countDocuments({ pending: true }),
    rows().countDocuments({ stale: true }),
    app.db.collection<{ _id: string; seq: number }>('story_pages_position').findOne({}),
  ]);
  return pending + stale === 0 && position?.seq === (await events.countDocuments());
}
const isFinished = async (slug: string): Promise<boolean> => {
  const row = await rowOf(slug);
  return row?.body !== undefined && !row.stale;
};
const pathOf = (slug: string): string => `/content/v1/articles/${slug}`;
const textOf = async (slug: string, at = app): Promise<string> => (await send(at, pathOf(slug))).text();

const MARK = '"from the finished page"';
/** Writes something into a finished page that only that page has: whoever is answered with it got it from there. */
async function mark(slug: string): Promise<void> {
  await until(isCaughtUp);
  const length = (await rowOf(slug))?.body?.length() ?? 0;
  await rows().updateOne({ slug }, { $set: { body: new mongo.Binary(Buffer.from(MARK.padEnd(length))) } });
}
const isShown = async (slug: string, at = app): Promise<boolean> => (await textOf(slug, at)).trim() === MARK;

const headersOf = ({ headers, status }: Response) => {
  const own = new Set(['x-request-id', 'date', 'connection', 'keep-alive']);
  return { status, ...Object.fromEntries([...headers].filter(([name]) => !own.has(name))) };
};

describe('the finished page of a story', () => {
  let slug: string;
  let story: { id: string; version: number };

  beforeAll(async () => {
    const tag = await desk.tags.create({ body: { name: 'Harbour' } });
    const made = await published(editor, { headline: 'The harbour wall', tags: [tag.id] });
    ({ slug } = made);
    story = made;
  });

  it('is what readers were answered before, byte for byte and header for header', async () => {
    await maker.stop();
    const path = pathOf(slug);
    const together = await send(app, path);
    const text = await together.text();
    maker = app.start('story pages');
    await until(() => isFinished(slug));
    const row = await rowOf(slug);

    const lines = row?.lines ?? [];
    const kept = Object.fromEntries(
      lines.flatMap((name, at) => (at % 2 ? [] : [[name.toLowerCase(), lines[at + 1]]])),
    );
    expect({ status: 200, ...kept }).toEqual(headersOf(together));
    expect(String(row?.body)).toBe(text);
  });

  it('is sent without the story being put together, also to HEAD, and as 304 to whom has it', async () => {
    await mark(slug);
    await until(() => isShown(slug));
    const etag = `"${(await rowOf(slug))?.tag}"`;

    const head = await send(app, pathOf(slug), { method: 'HEAD' });
    const fresh = await send(app, pathOf(slug), { headers: { 'If-None-Match': etag } });

    expect([head.status, head.headers.get('ETag'), await head.text()]).toEqual([200, etag, '']);
    expect([fresh.status, fresh.headers.get('ETag'), fresh.headers.get('Content-Length')]).toEqual([
      304,
      etag,
      null,
    ]);
    expect(fresh.headers.get('X-Request-Id')).toBeTruthy();
  });

  it('is what is sent at its address with letters escaped that need not be', async () => {
    await mark(slug);
    await until(() => isShown(slug));

    expect(await isShown(slug.replace('h', '%68').replace('-', '%2D'))).toBe(true);
    expect((await send(app, pathOf(`${slug}%2f`))).status).toBe(404);
  });

  it.each([
    ['a query', () => send(app, `${pathOf(slug)}?format=blocks`)],
    ['credentials', async () => send(app, pathOf(slug), { token: (await app.person('editor')).token })],
  ])('is not for a request with %s', async (_what, ask) => {
    expect(await (await ask()).text()).toContain('The harbour wall');
  });

  it('is not shown once the story has changed, and made anew', async () => {
    await mark(slug);
    await until(() => isShown(slug));
    const { version } = await desk.articles.change({
      ...{ params: { id: story.id }, ifMatch: story.version },
      body: { headline: 'The harbour wall falls' },
    });
    await desk.articles.publish({ params: { id: story.id }, ifMatch: version, body: {} });

    expect(await textOf(slug)).toContain('The harbour wall falls');
    await until(async () => String((await rowOf(slug))?.body).includes('The harbour wall falls'));
  });

  it('is not shown by another process either that was changed by this one', async () => {
    const other = await createTestApp(UNKEPT, { beside: app });
    try {
      await mark(slug);
      await until(() => isShown(slug, other));
      const { id, version } = (await desk.tags.list({ query: {} })).data[0] ?? { id: '', version: 0 };
      await maker.stop();
      await desk.tags.change({ params: { id }, ifMatch: version, body: { name: 'Port' } });

      expect(await textOf(slug)).toContain('Port');
      await until(async () => (await textOf(slug, other)).includes('Port'));
    } finally {
      await other.close();
      maker = app.start('story pages');
    }
  });

  it('is not shown by a process that starts before it has been made anew', async () => {
    await mark(slug);
    await until(() => isShown(slug));
    await maker.stop();
    const { id, version } = (await desk.tags.list({ query: {} })).data[0] ?? { id: '', version: 0 };
    await desk.tags.change({ params: { id }, ifMatch: version, body: { name: 'Quay' } });

    const late = await createTestApp(UNKEPT, { beside: app });
    try {
      for (let ask = 0; ask < 5; ask += 1) expect(await textOf(slug, late)).toContain('Quay');
      maker = app.start('story pages');
      await mark(slug);
      await until(() => isShown(slug, late));
    } finally {
      await late.close();
    }
  });

  it('is gone with the story', async () => {
    await until(() => isFinished(slug));
    const { version } = await desk.articles.read({ params: { id: story.id } });
    await desk.articles.unpublish({ params: { id: story.id }, ifMatch: version, body: {} });

    expect((await send(app, pathOf(slug))).status).toBe(404);
    await until(async () => (await rowOf(slug)) === null);
  });
});

describe('a list', () => {
  const LISTS = [
    ...['articles', 'articles?limit=2', 'articles?tag=lists&limit=2&count=true', 'articles?tag=nowhere'],
    ...['search?q=listed&count=true', 'search?q=listed%201&sort=-publishedAt', 'search?q=nothing'],
    ...['search?q=%22listed%202%22', 'search?q=list*'],
  ];
  const searched = () => app.anonymous.content.search.search({ query: { q: 'listed' } });
  const answersOf = () =>
    Promise.all(
      LISTS.map(async (query) => {
        const answer = await send(app, `/content/v1/${query}`);
        return { ...headersOf(answer), text: await answer.text() };
      }),
    );

  beforeAll(async () => {
    const tag = await desk.tags.create({ body: { name: 'Lists' } });
    for (const n of [1, 2, 3]) await published(editor, { headline: `Listed ${n}`, tags: [tag.id] });
    await until(isCaughtUp);
  });

  it('is made of what is finished of its stories: byte for byte and header for header as before', async () => {
    await until(() => Promise.resolve(app.services.shownPages.isReady()));
    await until(async () => (await searched()).data.length >= 3);
    const finished = await answersOf();
    app.services.shownPages.watched('blind');
    const together = await answersOf();
    app.services.shownPages.watched('live');

    expect(finished).toEqual(together);
    expect(finished.map(({ status }) => status)).toEqual(LISTS.map(() => 200));
    expect(finished[4]?.text).toContain('<mark>Listed</mark>');
  });

  it('is marked in words that a search reads once for each publication', async () => {
    const { id, slug, version } = await published(editor, { headline: 'The lone lighthouse' });
    const found = async () =>
      (await app.anonymous.content.search.search({ query: { q: 'lighthouse' } })).data[0]?.highlights;
    const MARKED = 'The lone <mark>lighthouse</mark>';
    await until(async () => (await isCaughtUp()) && app.services.shownPages.isReady());
    await until(async () => (await found())?.headline === MARKED);

    await rows().updateOne({ slug }, { $set: { 'words.headline': 'A ship lighthouse' } });
    const asked = await askedFor(app, async () => expect(await found()).toMatchObject({ headline: MARKED }));
    expect(asked.filter((one) => /^find (?:story_pages|published) /.test(one))).toHaveLength(1);

    const body = { headline: 'The last lighthouse', body: paragraphs('A lighthouse that turns.') };
    const changed = await desk.articles.change({ params: { id }, ifMatch: version, body });
    await desk.articles.publish({ params: { id }, ifMatch: changed.version, body: {} });
    await until(async () => (await found())?.headline === 'The last <mark>lighthouse</mark>');
    await until(isCaughtUp);
    expect(await found()).toMatchObject({
      text: expect.stringContaining('A <mark>lighthouse</mark> that turns.'),
    });
  });

  it('is put together where anything finished of it is not right any more', async () => {
    await until(isCaughtUp);
    await rows().updateMany({}, { $set: { 'listed.json': Buffer.from('{"id":"finished"}') } });
    await until(async () =>
      (await (await send(app, '/content/v1/articles?limit=3')).text()).includes('"finished"'),
    );
    const { id, version } = (await desk.tags.list({ query: { limit: '100' } })).data.find(
      ({ name }) => name === 'Lists',
    ) ?? { id: '', version: 0 };
    await desk.tags.change({ params: { id }, ifMatch: version, body: { name: 'Tables' } });

    const answer = await (await send(app, '/content/v1/articles?tag=lists&limit=3')).text();

    expect(answer).toContain('"name":"Tables"');
    expect(answer).not.toContain('"finished"');
  });
});

describe('the settings', () => {
  it('are in every page: all are made anew', async () => {
    const { slug } = await published(editor, { headline: 'Set anew' });
    await mark(slug);
    const admin = (await app.as('admin')).editorial.settings;
    const { version } = await admin.read({});
    await admin.change({ ifMatch: version, body: { publishing: { articlePath: '/stories/{slug}' } } });

    expect(await textOf(slug)).toContain(`/stories/${slug}`);
    await until(async () => String((await rowOf(slug))?.body).includes(`/stories/${slug}`));
  });

  it('may close the surface: nobody is shown a page without a key', async () => {
    const { slug } = await published(editor, { headline: 'For those with a key' });
    await mark(slug);
    await until(() => isShown(slug));
    const admin = (await app.as('admin')).editorial.settings;
    const { version } = await admin.read({});
    const closed = await admin.change({ ifMatch: version, body: { security: { contentNeedsKey: true } } });

    expect((await send(app, pathOf(slug))).status).toBe(401);
    await admin.change({ ifMatch: closed.version, body: { security: { contentNeedsKey: false } } });
    expect((await send(app, pathOf(slug))).status).toBe(200);
  });
});

describe('an edition that comes back', () => {
  it('brings back nothing that was taken down meanwhile', async () => {
    const { id, slug } = await published(editor, { headline: 'Taken down meanwhile' });
    await until(isCaughtUp);
    await maker.stop();
    const before = await rowOf(slug);
    const { version } = await desk.articles.read({ params: { id } });
    await desk.articles.unpublish({ params: { id }, ifMatch: version, body: {} });
    const position = app.db.collection<{ _id: string; edition: string }>('story_pages_position');
    await position.updateOne({}, { $set: { edition: 'of a deployment that was undone' } });

    maker = app.start('story pages');
    const late = await createTestApp(UNKEPT, { beside: app });
    try {
      await until(isCaughtUp);
      await until(() => Promise.resolve(late.services.shownPages.isReady()));

      expect([before?.slug, (await send(late, pathOf(slug))).status]).toEqual([slug, 404]);
      await until(async () => (await rowOf(slug)) === null);
    } finally {
      await late.close();
    }
  });
});

describe('whoever makes the pages', () => {
  it('goes on where another was stopped', async () => {
    const tag = await desk.tags.create({ body: { name: 'Ferries' } });
    const slugs: string[] = [];
    for (let n = 0; n < 8; n += 1) slugs.push((await published(editor, { tags: [tag.id] })).slug);
    for (const slug of slugs) await until(() => isFinished(slug));
    await desk.tags.change({ params: { id: tag.id }, ifMatch: tag.version, body: { name: 'Boats' } });
    await maker.stop();
    const marked = await rows().updateMany({ slug: { $in: slugs } }, { $set: { stale: true } });

    maker = app.start('story pages');

    await until(async () => (await rows().countDocuments({ stale: true })) === 0);
    const bodies = await rows()
      .find({ slug: { $in: slugs } })
      .toArray();
    expect([marked.matchedCount, bodies.every(({ body }) => String(body).includes('Boats'))]).toEqual([
      8,
      true,
    ]);
  });

  it('makes the words of a story anew with its text alone', async () => {
    const tag = await desk.tags.create({ body: { name: 'Buoys' } });
    const story = await published(editor, { headline: 'The old buoy', tags: [tag.id] });
    const { slug } = story;
    await until(() => isFinished(slug));
    await rows().updateOne({ slug }, { $set: { 'words.text': 'kept as it was' } });

    await desk.tags.change({ params: { id: tag.id }, ifMatch: tag.version, body: { name: 'Beacons' } });
    await until(async () => String((await rowOf(slug))?.body).includes('Beacons'));
    expect((await rowOf(slug))?.words).toMatchObject({ headline: 'The old buoy', text: 'kept as it was' });

    const { version } = await desk.articles.change({
      ...{ params: { id: story.id }, ifMatch: story.version },
      body: { headline: 'The new buoy' },
    });
    await desk.articles.publish({ params: { id: story.id }, ifMatch: version, body: {} });
    await until(async () => (await rowOf(slug))?.words?.headline === 'The new buoy');
    expect((await rowOf(slug))?.words?.text).not.toBe('kept as it was');
  });
});
