import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, paragraphs, published } from '../../support/factories.ts';
import { eventsOf } from '../../support/records.ts';

let app: TestApp;
let editor: Client;
let reader: Client['content'];

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
  reader = app.anonymous.content;
});
afterAll(() => app.close());

const publish = (id: string, ifMatch: number, body: object = {}) =>
  editor.editorial.articles.publish({ params: { id }, ifMatch, body });
const history = async (slug: string) => (await reader.record.history({ params: { slug } })).data;
const corrections = async (query: object = {}) =>
  (await reader.record.corrections({ query: { limit: '100', ...query } })).data;
const notes = async (query: object = {}) => (await corrections(query)).map(({ note }) => note);

/** A published story with one correction. */
async function corrected(note: string, more: object = {}) {
  const { id } = await published(editor, more);
  return publish(id, 2, { change: 'correction', note });
}

describe('a correction, told from end to end', () => {
  it('reaches the story, its history, the list of all, the event and the desk', async () => {
    const { id, slug, headline } = await published(editor, { body: paragraphs('The ferry leaves at noon.') });
    const read = await reader.articles.read({ params: { slug }, query: { format: 'text' } });
    const edited = await editor.editorial.articles.change({
      params: { id },
      ifMatch: 2,
      body: { body: paragraphs('The ferry leaves at one.') },
    });

    await publish(id, edited.version, {
      change: 'correction',
      note: 'The ferry leaves at one, not at noon.',
    });

    const after = await reader.articles.read({ params: { slug }, query: { format: 'text' } });
    const correction = {
      change: 'correction',
      note: 'The ferry leaves at one, not at noon.',
      at: after.updatedAt,
    };
    expect([read.body, after.body]).toEqual(['The ferry leaves at noon.', 'The ferry leaves at one.']);
    expect(after.corrections).toEqual([correction]);
    expect(await history(slug)).toEqual([
      { number: 2, ...correction },
      { number: 1, change: null, note: null, at: read.publishedAt },
    ]);
    expect(await corrections()).toContainEqual({
      ...correction,
      article: { id, slug, headline, url: after.url },
    });
    expect((await eventsOf(app, 'article', id)).at(-1)).toMatchObject({
      type: 'article.corrected',
      data: { change: 'correction', surrogateKeys: expect.arrayContaining([`article-${id}`, 'corrections']) },
    });
    const { data } = await editor.editorial.revisions.list({ params: { id } });
    expect(data[0]).toMatchObject({ reason: 'publish', note: correction.note });
  });
});

describe('the history of a story', () => {
  it('tells every version that readers had, without what a minor change was', async () => {
    const { id, slug } = await published(editor);
    await publish(id, 2, { change: 'minor', note: 'A comma.' });
    await publish(id, 3, { change: 'update', note: 'With a quote.' });
    await publish(id, 4, { change: 'clarification', note: 'On weekdays.' });

    expect((await history(slug)).map(({ number, change, note }) => [number, change, note])).toEqual([
      [4, 'clarification', 'On weekdays.'],
      [3, 'update', 'With a quote.'],
      [2, 'minor', null],
      [1, null, null],
    ]);
  });

  it('comes in pages', async () => {
    const { id, slug } = await published(editor);
    for (const version of [2, 3, 4]) await publish(id, version);

    const first = await reader.record.history({ params: { slug }, query: { limit: '3' } });
    const second = await reader.record.history({
      params: { slug },
      query: { limit: '3', after: first.page.next as string },
    });

    expect([first, second].map(({ data }) => data.map(({ number }) => number))).toEqual([[4, 3, 2], [1]]);
  });

  it('says nothing of working copies, nor of stories that are not public now', async () => {
    const { slug: never } = await draft(editor);
    const hidden = await published(editor);
    const killed = await published(editor);
    await editor.editorial.articles.unpublish({ params: { id: hidden.id }, ifMatch: 2 });
    await editor.editorial.articles.kill({
      params: { id: killed.id },
      ifMatch: 2,
      body: { reason: 'Wrong.' },
    });

    for (const slug of [never, hidden.slug, 'no-such-story'])
      await expect(history(slug)).rejects.toMatchObject({ status: 404 });
    await expect(history(killed.slug)).rejects.toMatchObject({ status: 410, code: 'gone' });
    await publish(hidden.id, 3);
    expect((await history(hidden.slug)).map(({ number }) => number)).toEqual([2, 1]);
  });

  it('is found from an old slug, and cached as the story is', async () => {
    const { id, slug } = await published(editor);
    await editor.editorial.articles.change({ params: { id }, ifMatch: 2, body: { slug: `${slug}-moved` } });
    await publish(id, 3);

    const moved = await fetch(`${app.url}/content/v1/articles/${slug}/history`, { redirect: 'manual' });
    const url = `${app.url}/content/v1/articles/${slug}-moved/history`;
    const answer = await fetch(url);
    const again = await fetch(url, { headers: { 'If-None-Match': answer.headers.get('etag') ?? '' } });

    expect([moved.status, moved.headers.get('location')]).toEqual([
      301,
      `/content/v1/articles/${slug}-moved/history`,
    ]);
    expect(answer.headers.get('surrogate-key')).toContain(`article-${id}`);
    expect(answer.headers.get('cache-control')).toContain('s-maxage');
    expect(again.status).toBe(304);
  });
});

describe('the list of corrections', () => {
  it('is newest first, page by page, and holds corrections and clarifications only', async () => {
    await corrected('Older.');
    const { id } = await corrected('Newer.');
    await publish(id, 3, { change: 'update', note: 'Not a correction.' });
    await publish(id, 4, { change: 'clarification', note: 'Newest.' });

    const first = await reader.record.corrections({ query: { limit: '2' } });
    const second = await reader.record.corrections({
      query: { limit: '1', after: first.page.next as string },
    });

    expect([...first.data, ...second.data].map(({ note }) => note)).toEqual(['Newest.', 'Newer.', 'Older.']);
    expect(await notes()).not.toContain('Not a correction.');
  });

  it('forgets stories that were taken down, and remembers them when they are back', async () => {
    const { id } = await corrected('Comes and goes.');
    const killed = await corrected('Killed.');

    const hidden = await editor.editorial.articles.unpublish({ params: { id }, ifMatch: 3 });
    await editor.editorial.articles.kill({
      params: { id: killed.id },
      ifMatch: 3,
      body: { reason: 'Wrong.' },
    });
    const meanwhile = await notes();
    await publish(id, hidden.version);

    expect(meanwhile).not.toContain('Comes and goes.');
    expect(await notes()).toContain('Comes and goes.');
    expect(await notes()).not.toContain('Killed.');
  });

  it('says nothing of a story whose embargo lies ahead, whatever went wrong before', async () => {
    const { id } = await corrected('Kestrelwing.');
    const ahead = { $set: { embargoUntil: new Date(Date.now() + 3_600_000) } };
    const _id = new app.db.base.Types.ObjectId(id);

    await app.db.collection('published').updateOne({ _id }, ahead);
    expect(await notes()).not.toContain('Kestrelwing.');
    await app.db.collection('corrections').updateMany({ article: _id }, ahead);
    const counted = await reader.record.corrections({ query: { count: 'true', limit: '1' } });
    expect(counted.page.total).toBe(
      await app.db.collection('corrections').countDocuments({ article: { $ne: _id } }),
    );
  });

  it('is narrowed by tag, merged ones among them, and by section with those below', async () => {
    const { tags, sections } = editor.editorial;
    const tag = await tags.create({ body: { name: 'Ferries' } });
    const old = await tags.create({ body: { name: 'Ferry boats' } });
    const section = await sections.create({ body: { name: 'News' } });
    const below = await sections.create({ body: { name: 'Harbour', parent: section.id } });
    await corrected('Tagged and filed.', { tags: [old.id], section: below.id });
    await tags.merge({ params: { id: old.id }, ifMatch: 1, body: { into: tag.id } });

    expect(await notes({ tag: 'ferries' })).toEqual(['Tagged and filed.']);
    expect(await notes({ section: 'news' })).toEqual(['Tagged and filed.']);
    expect(await notes({ tag: 'no-such-tag' })).toEqual([]);
    await expect(corrections({ author: 'x' })).rejects.toMatchObject({ status: 400 });
  });

  it('uses its index', async () => {
    const plan = await app.db
      .collection('corrections')
      .find({})
      .sort({ at: -1, _id: -1 })
      .explain('queryPlanner');

    expect(JSON.stringify(plan)).toContain('"indexName":"newest"');
  });
});
