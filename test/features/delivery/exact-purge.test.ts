import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../../src/api.ts';
import type { Client } from '../../../src/client/index.ts';
import { operationsOf } from '../../../src/contract/surface.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, paragraphs, published } from '../../support/factories.ts';
import { document } from '../../support/films.ts';
import { fileOf, uploaded } from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';

/**
 * Every page of a small newsroom before and after each kind of change: those whose bytes differ are those that carry a
 * cache tag that the change announced.
 */

let app: TestApp;
let editor: Client;
let desk: Client['editorial'];

interface Crawled {
  readonly status: number;
  readonly etag: string | null;
  readonly keys: readonly string[];
}
type Crawl = ReadonlyMap<string, Crawled>;

const made: Record<string, { id: string; slug: string; version: number }> = {};
const of = (name: string) => made[name] ?? { id: '', slug: '', version: 0 };
const at = (name: string) => ({ params: { id: of(name).id }, ifMatch: of(name).version });
async function keep(name: string, work: Promise<{ id: string; slug: string; version: number }>) {
  made[name] = await work;
}
const body = { type: 'doc', content: [...paragraphs('The ferry leaves at noon.').content] };
const naming = (...names: string[]) => ({
  ...body,
  content: [
    ...body.content,
    ...names.map((name) => ({ type: 'relatedArticle', attrs: { article: of(name).id } })),
  ],
});

const linking = (media: string) => {
  const marks = [{ type: 'link', attrs: { href: `media:${media}` } }];
  return {
    type: 'doc',
    content: [{ type: 'paragraph', content: [{ type: 'text', text: 'The minutes', marks }] }],
  };
};

beforeAll(async () => {
  // Nothing is kept here: what is asked for is what there is.
  app = await createTestApp({ PAGE_CACHE_MB: '0' });
  editor = await app.as('editor');
  desk = editor.editorial;
  for (const name of ['harbour', 'ferries', 'council', 'quiet'])
    await keep(name, desk.tags.create({ body: { name } }));
  for (const name of ['Ada Quill', 'Bo Ink']) await keep(name, desk.authors.create({ body: { name } }));
  await keep('news', desk.sections.create({ body: { name: 'News' } }));
  await keep('local', desk.sections.create({ body: { name: 'Local', parent: of('news').id } }));
  await keep('sport', desk.sections.create({ body: { name: 'Sport' } }));
  const picture = await uploaded(editor);
  made.picture = { ...picture, slug: '' };
  made.paper = { ...(await uploaded(editor, document('first'), 'minutes.pdf')), slug: '' };
  const tags = (...names: string[]) => names.map((name) => of(name).id);
  const story = (name: string, more: object) => keep(name, published(editor, { headline: name, ...more }));
  await story('one', { tags: tags('harbour'), authors: tags('Ada Quill'), section: of('local').id });
  await story('two', {
    tags: tags('harbour', 'ferries'),
    section: of('news').id,
    hero: { media: picture.id },
  });
  await story('three', { tags: tags('ferries'), authors: tags('Bo Ink'), type: 'opinion' });
  await story('four', { section: of('sport').id, language: 'ga', body: naming('one') });
  await story('five', {
    body: linking(of('paper').id),
    tags: tags('harbour'),
    authors: tags('Ada Quill', 'Bo Ink'),
    section: of('sport').id,
  });
  await keep('waiting', draft(editor, { headline: 'waiting', tags: tags('quiet', 'harbour') }));
  for (const name of ['one', 'two', 'three', 'waiting', 'two'])
    await app.anonymous.content.mostRead.read({ params: { slug: of(name).slug } });
  await app.services.readCounting.write();
  // An hour ago is long enough for the past to be kept.
  const earlier = (path: string) => ({ $subtract: [path, 3_600_000] });
  await app.db
    .collection('publications')
    .updateMany({}, [{ $set: { at: earlier('$at'), 'story.publishedAt': earlier('$story.publishedAt') } }]);
  await front('top', [{ cards: cards('one', 'waiting'), backfill: { tag: of('ferries').id }, limit: 3 }]);
  await front('side', [
    { backfill: { section: of('news').id }, limit: 2 },
    { backfill: { type: 'opinion' } },
  ]);
});
afterAll(() => app.close());

const cards = (...names: string[]) => names.map((name) => ({ article: of(name).id }));
async function front(name: string, containers: object[]) {
  const { id } = await desk.fronts.create({ body: { name, containers } });
  await keep(name, desk.fronts.publish({ params: { id }, ifMatch: 1 }));
}

const NAMES = {
  articles: ['one', 'two', 'three', 'four', 'five', 'waiting'],
  tags: ['harbour', 'ferries', 'council', 'quiet'],
  sections: ['news', 'local', 'sport'],
  authors: ['Ada Quill', 'Bo Ink'],
  fronts: ['top', 'side'],
} as const;
const PAST = encodeURIComponent(new Date(Date.now() - 1_800_000).toISOString());

/** Every route of the content surface that is kept, with every parameter that it takes. */
function addresses(): string[] {
  const slugs = (kind: keyof typeof NAMES) => NAMES[kind].map((name) => of(name).slug);
  const ask = (path: string, queries: readonly string[] = ['']) =>
    queries.map((query) => `/content/v1${path}${query === '' ? '' : `?${query}`}`);
  return [
    ...ask('/articles', [
      ...['', 'limit=2&count=true', 'tag=harbour&limit=2', 'tag=harbour&count=true'],
      ...['tag=ferries,quiet&limit=2', 'section=news', 'section=sport', 'author=ada-quill'],
      ...['type=opinion&limit=1', 'language=ga', 'fields=headline,tags', 'include=body,related'],
      ...['tag=harbour&section=news', 'tag=harbour&author=bo-ink&count=true', 'author=bo-ink&type=opinion'],
      ...['section=news&limit=1&publishedAfter=2020-01-01T00:00:00Z'],
      ...[`asOf=${PAST}&limit=3`, `asOf=${PAST}&count=true&limit=2`, `asOf=${PAST}&tag=harbour`],
    ]),
    ...slugs('articles').flatMap((slug) => ask(`/articles/${slug}`)),
    ...ask(`/articles/${of('five').slug}/history`),
    ...ask(`/articles/${of('one').slug}`, ['include=related', 'format=html']),
    ...ask(`/articles/${of('four').slug}`, ['include=related', `asOf=${PAST}`]),
    ...ask('/corrections', ['', 'tag=harbour', 'section=sport']),
    ...ask('/tags', ['', 'limit=2']),
    ...(['tags', 'sections', 'authors', 'fronts'] as const).flatMap((kind) =>
      slugs(kind).flatMap((slug) => ask(`/${kind}/${slug}`)),
    ),
    ...ask('/sections'),
    ...ask('/redirects'),
    ...ask('/most-read', ['', 'limit=1', 'fields=headline']),
  ];
}

async function look(path: string): Promise<Crawled & { next: string | null }> {
  const answer = await send(app, path);
  // A machine that could not answer is no page that changed.
  if (answer.status >= 500) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  const isKept = answer.headers.get('cache-control')?.startsWith('public') ?? false;
  const next = answer.headers.get('link')?.match(/<([^>]+)>; rel="next"/)?.[1] ?? null;
  await answer.arrayBuffer();
  const keys = isKept ? (answer.headers.get('surrogate-key') ?? '').split(' ') : [];
  return { status: answer.status, etag: answer.headers.get('etag'), keys, next };
}

/** All pages with those that follow them now, and those that followed them before. */
async function crawl(known: Iterable<string> = []): Promise<{ pages: Crawl; reached: Set<string> }> {
  const pages = new Map<string, Crawled>();
  const reached = new Set(addresses());
  let paths = [...new Set([...reached, ...known])];
  while (paths.length > 0) {
    const found = await Promise.all(paths.map(async (path) => [path, await look(path)] as const));
    for (const [path, page] of found) pages.set(path, page);
    paths = [];
    for (const [path, { next }] of found) {
      if (!next || !reached.has(path)) continue;
      reached.add(next);
      if (!pages.has(next)) paths.push(next);
    }
  }
  return { pages, reached };
}

async function announcedSince(seen: ReadonlySet<string>): Promise<Set<string>> {
  const events = await app.db.collection('outbox').find({}).toArray();
  return new Set(
    events
      .filter(({ _id }) => !seen.has(String(_id)))
      .flatMap(({ data }) => (data as { surrogateKeys?: string[] }).surrogateKeys ?? []),
  );
}

let before: Crawl | undefined;

/** What a change made otherwise and did not announce, and what it announced and left as it was. */
async function compare(change: () => Promise<unknown>) {
  const was = before ?? (await crawl()).pages;
  const seen = new Set((await app.db.collection('outbox').find({}).toArray()).map(({ _id }) => String(_id)));
  await change();
  const announced = await announcedSince(seen);
  const { pages, reached } = await crawl(was.keys());
  before = new Map([...pages].filter(([path]) => reached.has(path)));
  const kept = [...was].filter(([, { keys }]) => keys.length > 0);
  const differs = (path: string, page: Crawled) => pages.get(path)?.etag !== page.etag;
  const isTold = ({ keys }: Crawled) => keys.some((key) => announced.has(key));
  const which = (is: (path: string, page: Crawled) => boolean) =>
    kept.filter(([path, page]) => is(path, page)).map(([path]) => path.replace('/content/v1', ''));
  return {
    changed: which(differs),
    silent: which((path, page) => differs(path, page) && !isTold(page)),
    idle: which((path, page) => !differs(path, page) && isTold(page)),
  };
}

/** Where a page may be announced and be as before: why, which pages, and by which changes. Everywhere else it may not. */
const IDLE: readonly (readonly [why: string, pages: RegExp, changes: RegExp])[] = [
  ['fields that were not asked for changed', /fields=/, /^a story/],
  [
    'a story came in under one condition, and does not meet the other',
    /=harbour&(section|author)=|&type=/,
    /./,
  ],
  [
    'a story came in, or went, further down than the page',
    /articles\?.*limit=/,
    /gets|loses|moves|killed|merged/,
  ],
  ['a name stands on another page of the list of tags', /^\/tags\?/, /^a tag|published|tag that nothing/],
  ['a story left a tag that others have', /^\/tags(\?|$)/, /loses|killed|unpublished/],
  ['a story came back that nobody had read', /^\/most-read/, /published again/],
  ['the story had not come by then', /asOf=/, /unpublished|again/],
  ['the correction is filed under neither', /^\/corrections\?/, /moves|gets|loses/],
  [
    'what will stand in the new section is heard of from then on',
    /section=sport|\/sections\/sport/,
    /section is made/,
  ],
];

const edit =
  (name: string, changes: object, change: 'update' | 'correction' | 'minor' = 'update') =>
  async () => {
    await keep(name, desk.articles.change({ ...at(name), body: changes }));
    const note = change === 'correction' ? { note: 'The time was wrong.' } : {};
    await keep(name, desk.articles.publish({ ...at(name), body: { change, ...note } }));
  };
const tag = (name: string, changes: object) => () =>
  keep(name, desk.tags.change({ ...at(name), body: changes }));

const CHANGES: readonly [string, () => Promise<unknown>][] = [
  ['a story is published', () => keep('waiting', desk.articles.publish(at('waiting')))],
  ['a story has another standfirst', edit('one', { standfirst: 'Earlier boats.' })],
  ['a story has another headline', edit('one', { headline: 'One, again' })],
  ['a story is corrected', edit('five', { standfirst: 'At one.' }, 'correction')],
  [
    'a story gets a tag that others have',
    () => edit('three', { tags: [of('ferries').id, of('harbour').id] })(),
  ],
  ['a story loses a tag', () => edit('two', { tags: [of('ferries').id] })()],
  ['a story moves to another section', () => edit('five', { section: of('local').id })()],
  ['a story gets an author', () => edit('two', { authors: [of('Bo Ink').id] })()],
  ['a story gets a tag that nothing had', () => edit('four', { tags: [of('council').id] })()],
  ['a story is unpublished', () => keep('waiting', desk.articles.unpublish(at('waiting')))],
  ['and published again', () => keep('waiting', desk.articles.publish(at('waiting')))],
  [
    'a story is killed',
    () => keep('three', desk.articles.kill({ ...at('three'), body: { reason: 'Wrong.' } })),
  ],
  ['a tag is renamed', tag('harbour', { name: 'Port' })],
  ['a tag is described', tag('ferries', { description: 'Boats that carry cars.' })],
  ['a tag is made', () => keep('new', desk.tags.create({ body: { name: 'New' } }))],
  ['a tag is merged', () => desk.tags.merge({ ...at('council'), body: { into: of('ferries').id } })],
  [
    'a section is renamed',
    () => keep('local', desk.sections.change({ ...at('local'), body: { name: 'Nearby' } })),
  ],
  [
    'a section is moved',
    () => keep('local', desk.sections.change({ ...at('local'), body: { parent: of('sport').id } })),
  ],
  ['a section is made', () => desk.sections.create({ body: { name: 'Inner', parent: of('local').id } })],
  [
    'an author is renamed',
    () => keep('Bo Ink', desk.authors.change({ ...at('Bo Ink'), body: { name: 'Bo Pen' } })),
  ],
  [
    'an author is described',
    () => keep('Bo Ink', desk.authors.change({ ...at('Bo Ink'), body: { bio: 'Writes.' } })),
  ],
  ['a picture is described', () => desk.media.change({ ...at('picture'), body: { alt: 'A boat.' } })],
  [
    'a document that a story links to gets another file',
    () =>
      desk.media.replaceFile({
        ...{ ...at('paper'), body: {} as never },
        ...{ file: fileOf(document('second')), fileName: 'minutes.pdf' },
      }),
  ],
  [
    'a front is changed',
    async () => {
      await keep('side', desk.fronts.change({ ...at('side'), body: { name: 'Aside' } }));
      await keep('side', desk.fronts.publish(at('side')));
    },
  ],
  ['a front is unpublished', () => keep('side', desk.fronts.unpublish(at('side')))],
];

describe('the pages that change, and the pages that a change announces, when', () => {
  it.each(CHANGES)('%s', async (what, change) => {
    const { silent, idle } = await compare(change);

    const isAllowed = (path: string) =>
      IDLE.some(([, pages, changes]) => pages.test(path) && changes.test(what));
    expect({ silent, idle: idle.filter((path) => !isAllowed(path)) }).toEqual({ silent: [], idle: [] });
  });

  it('of all routes that are kept', () => {
    const kept = operationsOf(api).filter(
      ({ surface, route }) => surface === 'content' && route.cacheable && !route.binary,
    );
    const asked = addresses();
    const missing = kept.filter(({ path, route, name }) => {
      const pattern = new RegExp(`^${path.replace(/:\w+/g, '[^/?]+')}(\\?|$)`);
      return name !== 'search' && route.method === 'get' && !asked.some((one) => pattern.test(one));
    });
    expect(missing.map(({ path }) => path)).toEqual([]);
  });
});
