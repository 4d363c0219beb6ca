import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { keyWith } from '../../support/keys.ts';

let app: TestApp;
let editor: Person;
let author: Person;
let desk: Client['editorial'];

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.person('editor');
  author = await app.person('author');
  desk = editor.client.editorial;
});
afterAll(() => app.close());

const save = (id: string, ifMatch: number, body: object) =>
  desk.articles.change({ params: { id }, ifMatch, body });
const revision = (id: string, number: number) =>
  desk.revisions.read({ params: { id, number: String(number) } });
const diff = (id: string, a: number, b: number, format?: 'html') =>
  desk.revisions.diff({
    params: { id, a: String(a), b: String(b) },
    ...(format ? { query: { format } } : {}),
  });

describe('the saved versions of a story', () => {
  it('are listed newest first, with who, when and why', async () => {
    const { id } = await draft(author.client);
    await save(id, 1, { kicker: 'Harbour' });
    await desk.articles.publish({ params: { id }, ifMatch: 2 });
    await desk.articles.unpublish({ params: { id }, ifMatch: 3, body: { reason: 'Legal asks.' } });

    const { data } = await desk.revisions.list({ params: { id } });

    expect(data).toMatchObject([
      { number: 4, version: 4, by: editor.id, reason: 'workflow', note: 'Legal asks.', restored: null },
      { number: 3, reason: 'publish', note: null },
      { number: 2, reason: 'save', by: editor.id },
      { number: 1, reason: 'create', by: author.id },
    ]);
    expect(Date.parse(data[0]?.at ?? '')).toBeGreaterThan(0);
  });

  it('are listed page by page, back and forth', async () => {
    const { id } = await draft(editor.client);
    for (const version of [1, 2, 3, 4]) await save(id, version, { kicker: `${version}` });
    const page = (query: object) => desk.revisions.list({ params: { id }, query: { limit: '2', ...query } });

    const first = await page({ count: 'true' });
    const second = await page({ after: first.page.next as string });
    const last = await page({ after: second.page.next as string });
    const back = await page({ before: second.page.prev as string });

    const numbers = ({ data }: typeof first) => data.map(({ number }) => number);
    expect([first, second, last, back].map(numbers)).toEqual([[5, 4], [3, 2], [1], [5, 4]]);
    expect(first.page).toMatchObject({ total: 5, prev: null });
    expect(last.page.next).toBeNull();
    await expect(page({ after: 'x' })).rejects.toMatchObject({ status: 400 });
    await expect(page({ after: first.page.next, before: first.page.next })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('give the story as it stood', async () => {
    const { id, headline } = await draft(editor.client, { body: paragraphs('The first text.') });
    await save(id, 1, { headline: 'Another headline', body: paragraphs('The second text.') });

    const first = await revision(id, 1);

    expect(first).toMatchObject({ number: 1, reason: 'create', article: { id, version: 1, headline } });
    expect(JSON.stringify(first.article.body)).toContain('The first text.');
  });

  it('that are not there are not found', async () => {
    const { id } = await draft(editor.client);

    for (const number of ['2', '0', '-1', '1.5', 'x', '99999999999999'])
      await expect(desk.revisions.read({ params: { id, number } })).rejects.toMatchObject({ status: 404 });
    await expect(revision(NOWHERE, 1)).rejects.toMatchObject({ status: 404 });
    await expect(desk.revisions.list({ params: { id: NOWHERE } })).rejects.toMatchObject({ status: 404 });
    await expect(diff(id, 1, 2)).rejects.toMatchObject({ status: 404 });
  });

  it('are hidden with the story from whom it is hidden (S30)', async () => {
    const { id } = await draft(editor.client);
    const [stranger, moderator] = [await app.as('author', 'grace'), await app.as('moderator')];
    const robot = await keyWith(app, ['articles:write']);
    const reader = await keyWith(app, ['articles:read']);
    const asking = ({ editorial: { revisions } }: Client) => [
      revisions.list({ params: { id } }),
      revisions.read({ params: { id, number: '1' } }),
      revisions.diff({ params: { id, a: '1', b: '1' } }),
    ];

    for (const client of [author.client, stranger, robot.client])
      for (const one of await Promise.allSettled(asking(client)))
        expect(one).toMatchObject({ status: 'rejected', reason: { status: 404 } });
    for (const one of await Promise.allSettled(asking(moderator)))
      expect(one).toMatchObject({ status: 'rejected', reason: { status: 403 } });
    for (const one of await Promise.allSettled(asking(reader.client))) expect(one.status).toBe('fulfilled');
  });

  it('are open to an author while the story is assigned to them', async () => {
    const { id } = await draft(editor.client);
    await save(id, 1, { assignee: author.id });

    const mine = await author.client.editorial.revisions.list({ params: { id } });
    await save(id, 2, { assignee: null });

    expect(mine.data).toHaveLength(2);
    await expect(author.client.editorial.revisions.list({ params: { id } })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('two saved versions', () => {
  it('are compared by field, block and word', async () => {
    const { id, headline, body } = await draft(editor.client, {
      body: paragraphs('The ferry leaves at noon.', 'Second.'),
    });
    const [first, second] = body.content;
    const changed = { ...first, content: [{ type: 'text', text: 'The ferry leaves at one.' }] };
    await save(id, 1, { headline: 'Ferry late', body: { type: 'doc', content: [changed, second] } });

    const answer = await diff(id, 1, 2);

    expect(answer).toMatchObject({
      fields: [
        { field: 'headline', from: headline, to: 'Ferry late' },
        { field: 'slug', to: 'ferry-late' },
      ],
      coarse: false,
      blocks: [
        {
          id: first?.attrs?.id,
          change: 'changed',
          from: first,
          to: changed,
          words: [
            { text: 'The ferry leaves at ', change: 'same' },
            { text: 'noon', change: 'removed' },
            { text: 'one', change: 'added' },
            { text: '.', change: 'same' },
          ],
        },
      ],
    });
    expect(answer.html).toBeUndefined();
    expect((await diff(id, 2, 1)).blocks[0]?.words[1]).toEqual({ text: 'one', change: 'removed' });
    expect(await diff(id, 2, 2)).toMatchObject({ fields: [], blocks: [] });
  });

  it('are compared as HTML that is escaped', async () => {
    const { id } = await draft(editor.client, { headline: 'Safe' });
    await save(id, 1, { headline: 'Safe <img src=x onerror=alert(1)>' });

    const { html } = await diff(id, 1, 2, 'html');

    expect(html).toContain('Safe<ins> &lt;img src=x onerror=alert(1)&gt;</ins>');
  });

  it('tell what a publication changed for the desk', async () => {
    const { id, version } = await published(editor.client);

    const { fields } = await diff(id, 1, version);

    expect(fields.map(({ field }) => field)).toEqual(['status', 'firstPublishedAt', 'publishedAt']);
  });
});
