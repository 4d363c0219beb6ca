import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';

let app: TestApp;
let editor: Client;
let author: Client;
beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
  author = await app.as('author');
});
afterAll(() => app.close());

const headlines = ({ data }: { data: { headline: string }[] }) => data.map(({ headline }) => headline);
const list = async (query: object, desk = editor) => headlines(await desk.editorial.articles.list({ query }));

describe("the desk's list", () => {
  it('shows what was changed last first, without bodies', async () => {
    const first = await draft(editor, { headline: 'First' });
    await draft(editor, { headline: 'Second' });
    await editor.editorial.articles.change({
      params: { id: first.id },
      ifMatch: 1,
      body: { kicker: 'touched' },
    });

    const page = await editor.editorial.articles.list({ query: { limit: '2' } });

    expect(headlines(page)).toEqual(['First', 'Second']);
    expect(page.data[0]).not.toHaveProperty('body');
    expect(page.page).toEqual({ limit: 2, next: null, prev: null });
  });

  it('is filtered by everything that a desk asks for', async () => {
    const { tags, sections, authors } = editor.editorial;
    const [red, blue] = [
      await tags.create({ body: { name: 'Red' } }),
      await tags.create({ body: { name: 'Blue' } }),
    ];
    const section = await sections.create({ body: { name: 'Courts' } });
    const byline = await authors.create({ body: { name: 'Una Byrne' } });
    const assignee = (await app.person('author')).id;
    const since = new Date().toISOString();
    await draft(editor, { headline: 'Reddish', tags: [red.id], type: 'opinion' });
    await draft(editor, { headline: 'Bluish', tags: [blue.id], section: section.id, language: 'sv' });
    await published(editor, { headline: 'Both', tags: [red.id, blue.id], authors: [byline.id], assignee });

    expect(await list({ tag: red.id })).toEqual(['Both', 'Reddish']);
    expect(await list({ tag: `${red.id},${blue.id}`, sort: 'modifiedAt' })).toEqual([
      'Reddish',
      'Bluish',
      'Both',
    ]);
    expect(await list({ section: section.id })).toEqual(['Bluish']);
    expect(await list({ author: byline.id })).toEqual(['Both']);
    expect(await list({ assignee })).toEqual(['Both']);
    expect(await list({ type: 'opinion' })).toEqual(['Reddish']);
    expect(await list({ language: 'sv,ga' })).toEqual(['Bluish']);
    expect(await list({ status: 'published' })).toEqual(['Both']);
    expect(await list({ modifiedAfter: since })).toEqual(['Both', 'Bluish', 'Reddish']);
    expect(await list({ status: 'published', tag: blue.id, section: section.id })).toEqual([]);
  });

  it('has an order for each sort, the unpublished last or first, page by page', async () => {
    const tag = await editor.editorial.tags.create({ body: { name: 'Sorted' } });
    await draft(editor, { headline: 'Draft A', tags: [tag.id] });
    await published(editor, { headline: 'Live B', tags: [tag.id] });
    await published(editor, { headline: 'Live C', tags: [tag.id] });
    await draft(editor, { headline: 'Draft D', tags: [tag.id] });
    const walk = async (sort: string) => {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page = await editor.editorial.articles.list({
          query: { tag: tag.id, sort: sort as '-createdAt', limit: '1', ...(after ? { after } : {}) },
        });
        seen.push(...headlines(page));
        after = page.page.next;
      } while (after);
      return seen;
    };

    expect(await walk('-publishedAt')).toEqual(['Live C', 'Live B', 'Draft D', 'Draft A']);
    expect(await walk('publishedAt')).toEqual(['Draft A', 'Draft D', 'Live B', 'Live C']);
    expect(await walk('createdAt')).toEqual(['Draft A', 'Live B', 'Live C', 'Draft D']);
    expect(await walk('-createdAt')).toEqual(['Draft D', 'Live C', 'Live B', 'Draft A']);
  });

  it('shows authors their own and what is assigned to them, in counts too', async () => {
    await draft(author, { headline: 'Mine' });

    const page = await author.editorial.articles.list({ query: { count: 'true', limit: '100' } });

    expect(headlines(page)).toEqual(['Mine', 'Both']);
    expect(page.page.total).toBe(2);
    await expect((await app.as('moderator')).editorial.articles.list()).rejects.toMatchObject({
      status: 403,
    });
  });

  it('refuses what it does not know, by name', async () => {
    for (const query of [{ status: 'gone' }, { tag: 'red' }, { sort: 'headline' }, { binned: 'yes' }]) {
      await expect(editor.editorial.articles.list({ query: query as never })).rejects.toMatchObject({
        status: 400,
        problem: { errors: [expect.objectContaining({ parameter: Object.keys(query)[0] })] },
      });
    }
  });
});
