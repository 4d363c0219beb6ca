import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, paragraphs, published } from '../../support/factories.ts';
import { until } from '../../support/records.ts';
import { ENGINES, searchingBy } from './engines.ts';

/** For what follows a save by itself, on a slow machine. */
const PATIENCE = 15_000;

type Query = NonNullable<Parameters<Client['editorial']['articles']['list']>[0]>['query'];

describe.each(ENGINES)('search by the desk, %s', (engine) => {
  let app: TestApp;
  let editor: Client;
  let author: Client;
  let wall: Article;
  let tag: string;

  const page = (q: string, more: Query = {}, desk = editor) =>
    desk.editorial.articles.list({ query: { q, ...more } });
  const headlines = async (q: string, more?: Query, desk?: Client) =>
    (await page(q, more, desk)).data.map(({ headline }) => headline);
  const finds = (q: string, ...expected: string[]) =>
    until(async () => JSON.stringify(await headlines(q)) === JSON.stringify(expected), PATIENCE);

  beforeAll(async () => {
    app = await createTestApp(searchingBy(engine));
    app.start('sequencer');
    editor = await app.as('editor');
    author = await app.as('author');
    tag = (await editor.editorial.tags.create({ body: { name: 'Breakwater' } })).id;
    wall = await draft(editor, {
      headline: 'Harbour wall to be raised',
      tags: [tag],
      body: paragraphs('The councillors voted for it.'),
    });
    // What was there before the index is found as well as what comes after it.
    await app.start('desk search feed').ready;
    await draft(author, { headline: 'A ferry in the harbour', type: 'feature' });
    await published(editor, { headline: 'Harbours of the north', language: 'en' });
    await until(async () => (await headlines('harbour')).length === 3, PATIENCE);
    await until(async () => (await headlines('harbour', { status: 'published' })).length === 1, PATIENCE);
  }, 60_000);
  afterAll(() => app.close());

  it('finds drafts and what readers have, in any form of the word, by text, tag and headline', async () => {
    expect(await headlines('harbours')).toHaveLength(3);
    expect(await headlines('councillor vote')).toEqual(['Harbour wall to be raised']);
    expect(await headlines('voting breakwater')).toEqual(['Harbour wall to be raised']);
    const { data } = await page('breakwater');
    expect(data[0]).not.toHaveProperty('body');
  });

  it('goes with the filters of the list, and counts', async () => {
    expect(await headlines('harbour', { status: 'published' })).toEqual(['Harbours of the north']);
    expect(await headlines('harbour', { tag })).toEqual(['Harbour wall to be raised']);
    expect(await headlines('harbour', { type: 'feature,opinion' })).toEqual(['A ferry in the harbour']);
    expect(await headlines('harbour', { assignee: wall.id })).toEqual([]);
    expect(
      await headlines('harbour', { modifiedAfter: new Date(Date.now() + 3_600_000).toISOString() }),
    ).toEqual([]);
    expect((await page('harbour', { count: 'true', limit: '1' })).page.total).toBe(3);
  });

  it.each(['-modifiedAt', 'modifiedAt', 'relevance'] as const)('goes page by page, by %s', async (sort) => {
    const whole = await headlines('harbour', { sort });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const one = await page('harbour', { sort, limit: '1', ...(after ? { after } : {}) });
      seen.push(...one.data.map(({ headline }) => headline));
      after = one.page.next;
      if (seen.length === 2 && sort !== 'relevance') {
        const back = await page('harbour', { sort, limit: '1', before: one.page.prev ?? '' });
        expect(back.data.map(({ headline }) => headline)).toEqual(seen.slice(0, 1));
      }
    } while (after);

    expect(seen).toEqual(whole);
    expect(new Set(seen).size).toBe(3);
  });

  it('shows authors their own and what is assigned to them, in counts too', async () => {
    const { data, page: info } = await page('harbour', { count: 'true' }, author);
    expect(data.map(({ headline }) => headline)).toEqual(['A ferry in the harbour']);
    expect(info.total).toBe(1);
    await expect(page('harbour', {}, await app.as('moderator'))).rejects.toMatchObject({ status: 403 });
  });

  it('shows nobody by a stale index what is not theirs any more', async () => {
    const author2 = await app.person('author', 'bo');
    const given = await draft(editor, { headline: 'A numbat', assignee: author2.id });
    await until(async () => (await headlines('numbat', {}, author2.client)).length === 1, PATIENCE);
    // Behind the back of the index: the rights are those of now.
    await app.db.collection('articles').updateOne({ headline: 'A numbat' }, { $set: { assignee: null } });

    expect(await headlines('numbat', {}, author2.client)).toEqual([]);
    expect(await headlines('numbat')).toEqual([given.headline]);
  });

  it('follows saves, renames of tags, and the bin', async () => {
    const { editorial } = editor;
    const story = await draft(editor, { headline: 'A quokka', tags: [tag] });
    await finds('quokka', 'A quokka');
    const saved = await editorial.articles.change({
      params: { id: story.id },
      ifMatch: story.version,
      body: { headline: 'A wombat' },
    });
    await finds('wombat', 'A wombat');
    expect(await headlines('quokka')).toEqual([]);
    await editorial.tags.change({ params: { id: tag }, ifMatch: 1, body: { name: 'Mole' } });
    await finds('wombat mole', 'A wombat');

    const binned = await editorial.articles.bin({ params: { id: story.id }, ifMatch: saved.version });
    expect(await headlines('wombat')).toEqual([]);
    await until(async () => (await headlines('wombat', { binned: 'true' })).length === 1, PATIENCE);
    expect((await page('wombat', { count: 'true' })).page.total).toBe(0);
    expect(await headlines('wombat', { binned: 'true', status: 'published' })).toEqual([]);
    await editorial.articles.restore({ params: { id: story.id }, ifMatch: binned.version });
    await finds('wombat', 'A wombat');
  });

  it('refuses by name what does not go with a search', async () => {
    const refused: [string, object][] = [
      ['q', { q: '' }],
      ['q', { q: 'x'.repeat(201) }],
      ['sort', { q: 'harbour', sort: '-publishedAt' }],
      ['sort', { sort: 'relevance' }],
      ['dueBefore', { q: 'harbour', dueBefore: '2026-01-01T00:00:00Z' }],
      ['lapsedMedia', { q: 'harbour', lapsedMedia: 'true' }],
      ['after', { q: 'harbour', after: 'WyJwdWJsaXNoZWRBdCJd' }],
      ['before', { q: 'harbour', sort: 'relevance', before: 'x' }],
    ];
    for (const [parameter, query] of refused) {
      await expect(editor.editorial.articles.list({ query: query as never })).rejects.toMatchObject({
        status: 400,
        problem: { errors: [expect.objectContaining({ parameter })] },
      });
    }
  });
});
