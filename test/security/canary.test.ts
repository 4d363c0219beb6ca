import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../src/api.ts';
import type { Client } from '../../src/client/index.ts';
import { type Operation, operationsOf } from '../../src/contract/surface.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { draft, paragraphs, published } from '../support/factories.ts';
import { send } from '../support/raw.ts';
import { until } from '../support/records.ts';

/**
 * Checks 37 and 65 of the security bar at once: six stories that are not public, in everything that a story may stand in,
 * and every route of readers with every parameter, before they have anything to hide and after.
 */

let app: TestApp;
let editor: Client;
let desk: Client['editorial'];
/** What stands for a parameter of a path, by the route it is in. */
const places: Record<string, string> = {};
let filed: { tags: string[]; section: string; authors: string[] };
const canaries: { id: string; slug: string; version: number }[] = [];

const STATES = ['embargoed', 'scheduled', 'drafted', 'unpublished', 'killed', 'binned'] as const;
const WORD = 'Kittiwakery';
const wordOf = (state: string) => `${WORD}${state}`;

beforeAll(async () => {
  // Nothing is kept in memory here: what is asked for is what there is, or was finished of it.
  app = await createTestApp({ PAGE_CACHE_MB: '0' });
  app.start('sequencer');
  app.start('story pages');
  await app.start('search feed').ready;
  editor = await app.as('editor');
  desk = editor.editorial;
  const tag = await desk.tags.create({ body: { name: 'Seabirds' } });
  const section = await desk.sections.create({ body: { name: 'Nature' } });
  const byline = await desk.authors.create({ body: { name: 'Ada Quill' } });
  filed = { tags: [tag.id], section: section.id, authors: [byline.id] };
  for (const state of STATES) canaries.push(await draft(editor, { headline: `Nothing yet ${state.length}` }));
  const named = canaries.map(({ id }) => ({ type: 'relatedArticle', attrs: { article: id } }));
  const body = { type: 'doc', content: [...paragraphs('Birds of the coast.').content, ...named] };
  const story = await published(editor, { headline: 'Birds of the coast', ...filed, body: body as never });
  await published(editor, { headline: 'Birds of the hills', ...filed });
  const cards = canaries.map(({ id: article }) => ({ article, overrides: { headline: WORD } }));
  const front = await desk.fronts.create({
    body: { name: 'Wild life', containers: [{ cards, backfill: { tag: tag.id }, limit: 20 }] },
  });
  await desk.fronts.publish({ params: { id: front.id }, ifMatch: 1 });
  Object.assign(places, {
    articles: story.slug,
    tags: tag.slug,
    sections: section.slug,
    authors: byline.slug,
    fronts: front.slug,
  });
  await until(async () => (await found('coast')) === 1);
  await wasRead(story.slug);
});
afterAll(() => app.close());

const found = async (q: string): Promise<number> =>
  (await app.anonymous.content.search.search({ query: { q } })).data.length;

/** Counted while readers may see it: a list of the most read must not tell of it afterwards. */
async function wasRead(slug: string): Promise<void> {
  await app.anonymous.content.mostRead.read({ params: { slug } });
  await app.services.readCounting.write();
}

const LONG_AGO = '2001-01-01T00:00:00Z';
/** Something to ask by every parameter that a route of readers may take. */
const asked = (): Readonly<Record<string, readonly string[]>> => ({
  q: ['coast', WORD.toLowerCase(), 'kitti*', ...STATES.map((state) => wordOf(state).toLowerCase())],
  tag: [String(places.tags)],
  section: [String(places.sections)],
  author: [String(places.authors)],
  type: ['news'],
  language: ['en'],
  publishedAfter: [LONG_AGO],
  publishedBefore: ['2150-01-01T00:00:00Z'],
  sort: ['-publishedAt'],
  fields: ['headline', 'slug,tags,section,authors,updatedAt'],
  include: ['related'],
  format: ['blocks', 'html', 'markdown', 'text'],
  asOf: [LONG_AGO],
  limit: ['1', '100'],
  count: ['true'],
  from: ['/kittiwakery'],
});
/** Positions are taken from answers; a preview has a test of its own (S38). */
const FROM_ANSWERS = ['after', 'before', 'preview'];

const routes = operationsOf(api).filter(
  ({ surface, route }) => surface === 'content' && route.method === 'get' && !route.binary,
);

/** Every parameter of a route by itself, and counts under what stories are filed under. */
function addressesOf({ path, route }: Operation): string[] {
  const kind = /\/v1\/(\w+)/.exec(path)?.[1] ?? '';
  const at = path.replace(/:\w+/g, places[kind] ?? 'nothing-of-that-name');
  const takes = Object.keys(route.query?.shape ?? {});
  const needed = route.query?.safeParse({}).success === false ? ['q=coast'] : [];
  const single = takes.flatMap((name) => (asked()[name] ?? []).map((value) => `${name}=${value}`));
  const filters = single.filter((one) => /^(?:tag|section|author|q)=/.test(one));
  const counted = takes.includes('count') ? filters.map((one) => `${one}&count=true`) : [];
  const queries = ['', ...single, ...counted].map((query) =>
    [query, ...(query.includes('q=') ? [] : needed)].filter(Boolean).join('&'),
  );
  return [...new Set(queries)].map((query) => (query === '' ? at : `${at}?${query}`));
}

interface Seen {
  readonly status: number;
  readonly etag: string | null;
  readonly text: string;
  readonly headers: string;
}

/** An answer without what belongs to one request, and without what a cache is told of what to listen for. */
async function look(path: string): Promise<Seen> {
  const { status, headers, ...answer } = await send(app, path).then(async (one) => ({
    status: one.status,
    headers: one.headers,
    text: (await one.text()).replace(/"(?:requestId|instance)":"[^"]+"/g, ''),
  }));
  return { status, etag: headers.get('etag'), text: answer.text, headers: JSON.stringify([...headers]) };
}

async function crawl(): Promise<Map<string, Seen>> {
  const paths = routes.flatMap(addressesOf);
  const seen = new Map<string, Seen>();
  for (let first = 0; first < paths.length; first += 24)
    for (const [path, one] of await Promise.all(
      paths.slice(first, first + 24).map(async (path) => [path, await look(path)] as const),
    ))
      seen.set(path, one);
  return seen;
}

/** Each canary full of its word, in everything that stories share, on its way to where readers may not see it. */
async function hide(): Promise<void> {
  for (const [at, state] of STATES.entries()) {
    const { id, version } = canaries[at] ?? { id: '', version: 0 };
    const word = wordOf(state);
    const words = { headline: word, kicker: word, standfirst: word, body: paragraphs(`${word} coast.`) };
    const params = { id };
    const full = await desk.articles.change({ params, ifMatch: version, body: { ...words, ...filed } });
    const next = { params, ifMatch: full.version };
    canaries[at] = full;
    if (state === 'embargoed')
      await desk.articles.change({ ...next, body: { embargoUntil: '2150-01-01T00:00:00Z' } });
    if (state === 'scheduled')
      await desk.articles.schedule({ ...next, body: { publishAt: '2150-01-01T00:00:00Z' } });
    if (state === 'binned') await desk.articles.bin(next);
    if (state === 'unpublished' || state === 'killed') {
      const live = await desk.articles.publish(next);
      // A search that has heard of it must not tell of it afterwards.
      await until(async () => (await found(word.toLowerCase())) === 1);
      await wasRead(live.slug);
      const gone = { params, ifMatch: live.version };
      if (state === 'killed') await desk.articles.kill({ ...gone, body: { reason: word } });
      else await desk.articles.unpublish(gone);
    }
  }
}

describe('S37 S65 six stories that are not public', () => {
  it('change no answer to readers: no word, no count, no ETag, on any route by any parameter', async () => {
    const before = await crawl();
    await hide();

    const after = await crawl();

    const changed = [...after].filter(([path, one]) => {
      const was = before.get(path);
      return was?.text !== one.text || was.etag !== one.etag || was.status !== one.status;
    });
    expect(changed.map(([path]) => path)).toEqual([]);
    const told = new RegExp([WORD, ...canaries.map(({ id }) => id)].join('|'), 'i');
    const spoken = [...after].filter(([path, { text, headers }]) => {
      // A question that is refused, or leads on, is said again in the answer.
      const own = path.toLowerCase().includes('kitti') ? '' : text;
      return told.test(own) || told.test(headers.replaceAll(path, ''));
    });
    expect(spoken.map(([path]) => path)).toEqual([]);
    expect([...after.values()].filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('are asked for by every parameter that there is', () => {
    const known = new Set([...Object.keys(asked()), ...FROM_ANSWERS]);
    const unknown = routes.flatMap(({ path, route }) =>
      Object.keys(route.query?.shape ?? {}).flatMap((name) => (known.has(name) ? [] : [`${path}?${name}`])),
    );

    expect(unknown).toEqual([]);
  });

  it('answer as what never was, after as many questions to the database', async () => {
    let questions = 0;
    app.db.getClient().on('connectionCheckedOut', () => {
      questions += 1;
    });
    const hidden = ['embargoed', 'scheduled', 'drafted', 'binned'] as const;
    const slugs = new Map<string, string>([
      ['never', 'nothing-of-that-name'],
      ...hidden.map((state) => [state, String(canaries[STATES.indexOf(state)]?.slug)] as const),
    ]);
    const least = new Map<string, number>();
    const answers = new Set<string>();
    // What runs beside it asks as well, for a while: the cheapest of tries that are spread out is the answer's own.
    for (let round = 0; round < 12; round += 1) {
      for (const [state, slug] of slugs) {
        const before = questions;
        const { status, text } = await look(`/content/v1/articles/${slug}`);
        least.set(state, Math.min(questions - before, least.get(state) ?? Number.POSITIVE_INFINITY));
        answers.add(`${status} ${text.replaceAll(slug, '…')}`);
      }
      await pause(5);
    }

    expect([...answers]).toEqual([expect.stringMatching(/^404 /)]);
    expect(least.get('never')).toBeGreaterThan(0);
    for (const state of hidden) expect([state, least.get(state)]).toEqual([state, least.get('never')]);
  });

  it('are gone under their addresses, with nothing of them in the answer', async () => {
    const answers = await Promise.all(
      canaries.map(({ slug }) => look(`/content/v1/articles/${slug}?include=related`)),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 410, 404]);
    const texts = answers.map(({ text }, at) => text.replaceAll(String(canaries[at]?.slug), ''));
    expect(texts.join('\n')).not.toMatch(new RegExp(WORD, 'i'));
  });
});
