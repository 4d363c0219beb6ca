import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { askedFor } from '../../support/asked.ts';
import { published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { until } from '../../support/records.ts';

const UNKEPT = { PAGE_CACHE_MB: '0' };

let app: TestApp;
let other: TestApp;
let editor: Client;
let desk: Client['editorial'];
let maker: ReturnType<TestApp['start']>;
let tags: { readonly id: string; readonly slug: string }[];

beforeAll(async () => {
  app = await createTestApp(UNKEPT);
  other = await createTestApp(UNKEPT, { beside: app });
  editor = await app.as('editor');
  desk = editor.editorial;
  app.start('sequencer');
  maker = app.start('story pages');
  const create = (name: string) => desk.tags.create({ body: { name } });
  tags = [await create('Boats'), await create('Ferries')];
  for (const n of [1, 2, 3]) await publish(`Boat ${n}`, 0);
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const publish = (headline: string, tag: number) =>
  published(editor, { headline, tags: [tags[tag]?.id ?? ''] });
const pathOf = (query: string): string => `/content/v1/articles?${query}`;
const listed = async (query: string, at = app): Promise<string> => {
  const { data } = (await (await send(at, pathOf(query))).json()) as { data: { headline: string }[] };
  return data.map(({ headline }) => headline).join(', ');
};
async function isAlone(query: string, at: TestApp): Promise<boolean> {
  const questions = await askedFor(app, () => listed(query, at));
  return questions.length === 1 && questions.every((one) => one.startsWith('find story_pages'));
}

/** Both processes read lists from the pages alone, and nobody makes pages from here on. */
async function stoppedWhenComplete(): Promise<void> {
  for (const at of [app, other]) await until(() => isAlone('tag=boats', at));
  await maker.stop();
}

/** What this process answers at once, and the other one soon. */
async function expectBoth(query: string, headlines: string): Promise<void> {
  expect(await listed(query)).toBe(headlines);
  await until(async () => (await listed(query, other)) === headlines);
}

describe('a list that is read from the finished pages alone', () => {
  beforeEach(async () => {
    await stoppedWhenComplete();
  });
  afterEach(() => {
    maker = app.start('story pages');
  });

  it.each([
    ['', 'publishedAt: -1, _id: -1'],
    ['tag=boats', 'tags: 1, publishedAt: -1, _id: -1'],
    ['type=news', 'type: 1, publishedAt: -1, _id: -1'],
    ['language=en', 'language: 1, publishedAt: -1, _id: -1'],
  ])('uses the index that it would use among what is published: %s', async (query, index) => {
    const questions = await askedFor(app, () => listed(query));

    expect(questions).toEqual([`find story_pages IXSCAN { ${index} }`]);
  });

  it('is the same as one that is put together, page by page', async () => {
    const answersOf = async (after = ''): Promise<string[]> => {
      const answer = await send(app, pathOf(`tag=boats&limit=1&count=true${after}`));
      const text = await answer.text();
      const { next } = (JSON.parse(text) as { page: { next: string | null } }).page;
      const own = [...answer.headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
      return [text, JSON.stringify(own), ...(next ? await answersOf(`&after=${next}`) : [])];
    };
    const alone = await answersOf();
    app.services.shownPages.watched('blind');
    const together = await answersOf();
    app.services.shownPages.watched('live');

    expect(alone).toEqual(together);
    expect(alone).toHaveLength(6);
  });

  it('has what comes in, what leaves and what moves, before anybody has made a page of it', async () => {
    const { id, version } = await publish('Boat 4', 0);
    await expectBoth('tag=boats', 'Boat 4, Boat 3, Boat 2, Boat 1');
    await expectBoth('limit=2', 'Boat 4, Boat 3');
    await expectBoth('tag=ferries', '');

    const moved = await desk.articles.change({
      ...{ params: { id }, ifMatch: version },
      body: { tags: [tags[1]?.id ?? ''] },
    });
    const again = await desk.articles.publish({ params: { id }, ifMatch: moved.version, body: {} });
    await expectBoth('tag=boats', 'Boat 3, Boat 2, Boat 1');
    await expectBoth('tag=ferries', 'Boat 4');

    await desk.articles.unpublish({ params: { id }, ifMatch: again.version, body: {} });
    await expectBoth('tag=ferries', '');
    await expectBoth('limit=1', 'Boat 3');
    await expectBoth('tag=boats&limit=1', 'Boat 3');
    // What is finished of other stories is shown on meanwhile.
    expect([app, other].map(({ services }) => services.shownPages.isReady())).toEqual([true, true]);
  });

  it('says that it ends there once what came after it is gone', async () => {
    const first = async (at = app) => {
      const answer = await send(at, pathOf('tag=boats&limit=2'));
      return ((await answer.json()) as { page: { next: string | null } }).page.next;
    };
    const { data } = await editor.content.articles.list({ query: { tag: 'boats' } });
    const last = data.at(-1)?.id ?? '';
    expect([data.length, await first()]).toEqual([3, expect.any(String)]);
    const { version } = await desk.articles.read({ params: { id: last } });
    await desk.articles.unpublish({ params: { id: last }, ifMatch: version, body: {} });

    expect(await first()).toBeNull();
    await until(async () => (await first(other)) === null);
  });
});

describe('the hits of a search', () => {
  const found = (at: TestApp, query = 'q=barge*') => listedAt(at, `/content/v1/search?${query}`);
  const listedAt = async (at: TestApp, path: string): Promise<string[]> => {
    const { data } = (await (await send(at, path)).json()) as { data: { headline: string }[] };
    return data.map(({ headline }) => headline).sort();
  };

  it('are read from the finished pages, under the filter of the question, and never what left readers meanwhile', async () => {
    const feed = app.start('search feed');
    await publish('Barge 1', 0);
    const { id, version } = await publish('Barge 2', 1);
    await until(async () => (await found(app)).length === 2);
    const hits = ['find story_pages IXSCAN { _id: 1 }'];
    for (const at of [app, other])
      await until(async () => String(await askedFor(app, () => found(at))) === String(hits));
    expect(await found(app, 'q=barge*&tag=ferries')).toEqual(['Barge 2']);
    await feed.stop();
    await maker.stop();

    // The index has it still, and so have the pages.
    await desk.articles.unpublish({ params: { id }, ifMatch: version, body: {} });

    expect(await found(app)).toEqual(['Barge 1']);
    await until(async () => String(await found(other)) === 'Barge 1');
    expect((await askedFor(app, () => found(app))).at(-1)).toBe('find published IXSCAN { _id: 1 }');
  });
});
