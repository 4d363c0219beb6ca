import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { paragraphs, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { until } from '../../support/records.ts';
import { ENGINES, searchingBy } from './engines.ts';

/** For what follows a change by itself, on a slow machine. */
const PATIENCE = 15_000;

describe.each(ENGINES)('search by readers, %s', (engine) => {
  let app: TestApp;
  let editor: Client;
  let reader: Client['content'];
  let wall: Article;

  beforeAll(async () => {
    app = await createTestApp(searchingBy(engine));
    app.start('sequencer');
    editor = await app.as('editor');
    reader = app.anonymous.content;
    const section = await editor.editorial.sections.create({ body: { name: 'Coast' } });
    const tag = await editor.editorial.tags.create({ body: { name: 'Breakwater' } });
    wall = await published(editor, {
      headline: 'Harbour <wall> to be raised',
      standfirst: 'After the spring tides.',
      section: section.id,
      tags: [tag.id],
      body: paragraphs('The council said "yes" & <b>paid</b>: the harbours are theirs.'),
    });
    // What was there before the index is found as well as what comes after it.
    await app.start('search feed').ready;
    await published(editor, { headline: 'Council votes', body: paragraphs('On the harbour, late.') });
  }, 60_000);
  afterAll(() => app.close());

  const headlines = async (q: string) => {
    const { data } = await reader.search.search({ query: { q, fields: 'headline' } });
    return data.map(({ headline }) => headline);
  };

  it('finds with highlights, as lists have it', async () => {
    await until(async () => (await headlines('harbour')).length === 2, PATIENCE);
    const { data, page } = await reader.search.search({ query: { q: 'harbour tides', count: 'true' } });

    expect(page).toMatchObject({ total: 1, next: null, prev: null });
    expect(data).toEqual([
      expect.objectContaining({
        id: wall.id,
        section: expect.objectContaining({ slug: 'coast' }),
        highlights: {
          headline: '<mark>Harbour</mark> &lt;wall&gt; to be raised',
          text: 'After the spring <mark>tides</mark>. The council said &quot;yes&quot; &amp; &lt;b&gt;paid&lt;/b&gt;: the <mark>harbours</mark> are theirs.',
        },
      }),
    ]);
    expect(data[0]).not.toHaveProperty('body');
  });

  it('counts by section, tag, type and month', async () => {
    const { facets } = await reader.search.search({ query: { q: 'harbour' } });

    expect(facets).toEqual({
      section: [{ slug: 'coast', name: 'Coast', count: 1 }],
      tag: [{ slug: 'breakwater', name: 'Breakwater', count: 1 }],
      type: [{ value: 'news', count: 2 }],
      month: [{ value: expect.stringMatching(/^\d{4}-\d\d$/), count: 2 }],
    });
  });

  it('narrows as lists do, and pages', async () => {
    const narrow = await reader.search.search({
      query: { q: 'harbour', section: 'coast', tag: 'breakwater' },
    });
    expect(narrow.data.map(({ id }) => id)).toEqual([wall.id]);
    expect((await reader.search.search({ query: { q: 'harbour', tag: 'nothing' } })).data).toEqual([]);

    const first = await reader.search.search({ query: { q: 'harbour', limit: '1' } });
    const second = await reader.search.search({
      query: { q: 'harbour', limit: '1', after: first.page.next ?? '' },
    });
    expect(new Set([first.data[0]?.id, second.data[0]?.id]).size).toBe(2);
    expect(second.page.next).toBeNull();
  });

  it('is a filter of the list, newest first, forward and back', async () => {
    const { data, page } = await reader.articles.list({ query: { q: 'harbour', limit: '1', count: 'true' } });
    expect(data.map(({ headline }) => headline)).toEqual(['Council votes']);
    expect(page).toMatchObject({ total: 2, prev: null });
    const next = await reader.articles.list({ query: { q: 'harbour', limit: '1', after: page.next ?? '' } });
    expect(next.data.map(({ id }) => id)).toEqual([wall.id]);
    const back = await reader.articles.list({
      query: { q: 'harbour', limit: '1', before: next.page.prev ?? '' },
    });
    expect(back.data).toEqual(data);
  });

  it.each([
    ['an empty question', 'q='],
    ['no question', 'limit=5'],
    ['a question of two kilobytes', `q=${'(a+)+$'.repeat(400)}`],
    ['an unknown parameter', 'q=a&status=draft'],
    ['a cursor of another list', 'q=a&after=WyJwdWJsaXNoZWRBdCJd'],
    ['a way back', 'q=a&before=x'],
    ['an operator', 'q[$ne]=a'],
  ])('is 400 for %s', async (_what, query) => {
    expect((await send(app, `/content/v1/search?${query}`)).status).toBe(400);
  });

  it('is asked for anew each time, and says when nothing has changed', async () => {
    const path = '/content/v1/search?q=harbour';
    const first = await send(app, path);

    expect(first.headers.get('cache-control')).toBe('no-cache');
    const etag = first.headers.get('etag') ?? '';
    expect((await send(app, path, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  it('follows a rename, and forgets at once what is unpublished and killed', async () => {
    const { data } = await editor.editorial.tags.list({ query: { limit: '1' } });
    const { id = '', version = 0 } = data[0] ?? {};
    await editor.editorial.tags.change({ params: { id }, ifMatch: version, body: { name: 'Mole' } });
    await until(async () => (await headlines('mole')).length === 1, PATIENCE);

    const one = await published(editor, { headline: 'A quokka', body: paragraphs('Quokka.') });
    const two = await published(editor, { headline: 'Two quokkas', body: paragraphs('Quokkas.') });
    await until(async () => (await headlines('quokka')).length === 2, PATIENCE);
    await editor.editorial.articles.unpublish({ params: { id: one.id }, ifMatch: one.version, body: {} });
    const after = await reader.search.search({ query: { q: 'quokka', count: 'true' } });
    expect(after.data.map(({ id: found }) => found)).toEqual([two.id]);
    expect(after.page.total).toBe(1);
    await editor.editorial.articles.kill({
      params: { id: two.id },
      ifMatch: two.version,
      body: { reason: 'Wrong.' },
    });
    const gone = await reader.search.search({ query: { q: 'quokka', count: 'true' } });
    expect(gone).toMatchObject({ data: [], page: { total: 0 }, facets: { section: [], tag: [], type: [] } });
    const { data: never } = await reader.search.search({ query: { q: 'quokka' } });
    expect(never).toEqual([]);
  });

  it('counts a story once under a tag that two of its tags were merged into', async () => {
    const { tags } = editor.editorial;
    const [one, two] = [
      await tags.create({ body: { name: 'Bilges' } }),
      await tags.create({ body: { name: 'Bilge' } }),
    ];
    await published(editor, { headline: 'A numbat', tags: [one.id, two.id] });
    await until(async () => (await headlines('numbat')).length === 1, PATIENCE);
    await tags.merge({ params: { id: one.id }, ifMatch: one.version, body: { into: two.id } });

    await until(async () => {
      const { facets } = await reader.search.search({ query: { q: 'numbat' } });
      return JSON.stringify(facets.tag) === JSON.stringify([{ slug: two.slug, name: 'Bilge', count: 1 }]);
    }, PATIENCE);
    const { data } = await reader.search.search({ query: { q: 'numbat', tag: two.slug } });
    expect(data).toHaveLength(1);
  });

  it('never finds what readers do not have', async () => {
    await editor.editorial.articles.create({ body: { headline: 'A wombat in a draft' } });
    const edited = await published(editor, { headline: 'Plain', body: paragraphs('As it was.') });
    await editor.editorial.articles.change({
      params: { id: edited.id },
      ifMatch: edited.version,
      body: { standfirst: 'A wombat before it is published' },
    });

    const found = await reader.search.search({ query: { q: 'wombat', count: 'true' } });
    expect(found).toMatchObject({ data: [], page: { total: 0 } });
  });
});
