import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, paragraphs, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { until } from '../../support/records.ts';

let app: TestApp;
let editor: Client;
let reader: Client['content'];
beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
  reader = app.anonymous.content;
});
afterAll(() => app.close());

const FUTURE = '2150-01-01T00:00:00Z';
const justBefore = (time: string): string => new Date(Date.parse(time) - 1).toISOString();

/** A story in two versions, and when readers got each. */
async function twice(more: Parameters<typeof published>[1] = {}) {
  const { id, slug, version } = await published(editor, { headline: 'As it was', ...more });
  const { publishedAt: first } = await reader.articles.read({ params: { slug } });
  const changed = await editor.editorial.articles.change({
    ...{ params: { id }, ifMatch: version, body: { headline: 'As it is' } },
  });
  const live = await editor.editorial.articles.publish({
    ...{ params: { id }, ifMatch: changed.version, body: { change: 'update' } },
  });
  const { updatedAt: second } = await reader.articles.read({ params: { slug } });
  return { id, slug, version: live.version, first, second };
}

describe('a story as of a time', () => {
  it('is what readers had then, and absent before it', async () => {
    const { slug, first, second } = await twice();
    const at = async (asOf: string) =>
      (await reader.articles.read({ params: { slug }, query: { asOf } })).headline;

    expect(await at(first)).toBe('As it was');
    expect(await at(justBefore(second))).toBe('As it was');
    expect(await at(second)).toBe('As it is');
    await expect(at(justBefore(first))).rejects.toMatchObject({ status: 404 });
  });

  it('has the address that it has now, and an old one leads there with the time', async () => {
    const { id, slug, version, first } = await twice();
    const moved = await editor.editorial.articles.change({
      ...{ params: { id }, ifMatch: version, body: { slug: `${slug}-moved` } },
    });
    await editor.editorial.articles.publish({ params: { id }, ifMatch: moved.version });

    const old = await send(app, `/content/v1/articles/${slug}?asOf=${first}`);
    const then = await reader.articles.read({ params: { slug: moved.slug }, query: { asOf: first } });

    expect(old.status).toBe(301);
    const to = new URL(old.headers.get('location') ?? '', app.url);
    expect([to.pathname, to.searchParams.get('asOf')]).toEqual([`/content/v1/articles/${moved.slug}`, first]);
    expect([then.headline, then.slug]).toEqual(['As it was', moved.slug]);
  });

  it('is gone at every time once it is not public, in the list as well', async () => {
    const [hidden, killed] = [await twice(), await twice()];
    const asOf = new Date(Math.max(Date.parse(hidden.second), Date.parse(killed.second))).toISOString();
    const inList = async () => {
      const { data } = await reader.articles.list({ query: { asOf, limit: '100' } });
      return data.filter(({ id }) => id === hidden.id || id === killed.id).length;
    };
    expect(await inList()).toBe(2);
    await editor.editorial.articles.unpublish({ params: { id: hidden.id }, ifMatch: hidden.version });
    await editor.editorial.articles.kill({
      ...{ params: { id: killed.id }, ifMatch: killed.version, body: { reason: 'Wrong person.' } },
    });

    const answers = await Promise.all(
      [hidden, killed].map(({ slug, first }) => send(app, `/content/v1/articles/${slug}?asOf=${first}`)),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 410]);
    await until(async () => (await inList()) === 0);
  });

  it.each(['/content/v1/articles', '/content/v1/articles/no-such-story'])(
    'ahead is refused, whatever is asked for: %s',
    async (path) => {
      const answer = await send(app, `${path}?asOf=${FUTURE}`);

      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, 'forbidden']);
      expect((await send(app, `${path}?asOf=yesterday`)).status).toBe(400);
    },
  );
});

describe('the list as of a time', () => {
  it('holds each story once, as it was filed then, page by page', async () => {
    const [before, after] = await Promise.all(
      ['Before', 'After'].map((name) => editor.editorial.tags.create({ body: { name: `Filed ${name}` } })),
    );
    const stories = [];
    for (let made = 0; made < 5; made += 1) stories.push(await twice({ tags: [String(before?.id)] }));
    const last = stories.at(-1);
    const asOf = String(last?.second);
    const { id = '', version = 0 } = last ?? {};
    const refiled = await editor.editorial.articles.change({
      ...{ params: { id }, ifMatch: version, body: { tags: [String(after?.id)], headline: 'Filed anew' } },
    });
    await editor.editorial.articles.publish({ params: { id }, ifMatch: refiled.version });

    const seen: (string | undefined)[] = [];
    let cursor: string | null | undefined;
    do {
      const query = { asOf, tag: String(before?.slug), limit: '2', count: 'true' as const };
      const page = await reader.articles.list({ query: cursor ? { ...query, after: cursor } : query });
      seen.push(...page.data.map((one) => one.id));
      expect(page.page.total).toBe(5);
      expect(page.data.map(({ headline }) => headline)).toEqual(page.data.map(() => 'As it is'));
      cursor = page.page.next;
    } while (cursor);

    expect(seen).toEqual(stories.map((one) => one.id).reverse());
    const now = await reader.articles.list({ query: { tag: String(before?.slug) } });
    expect(now.data).toHaveLength(4);
    const then = await reader.articles.list({ query: { asOf, tag: String(after?.slug) } });
    expect(then.data).toEqual([]);
    const earlier = await reader.articles.list({
      query: { asOf: String(stories[1]?.first), tag: String(before?.slug), include: 'body' },
    });
    expect(earlier.data.map(({ headline, body }) => [headline, Array.isArray(body)])).toEqual([
      ['As it was', true],
      ['As it is', true],
    ]);
  });

  it('is read by an index, whatever the time', async () => {
    const plan = await app.db
      .collection('publications')
      .find({ 'story.publishedAt': { $lte: new Date() }, at: { $lte: new Date() } })
      .sort({ 'story.publishedAt': -1, _id: -1 })
      .explain('queryPlanner');

    expect(JSON.stringify(plan.queryPlanner.winningPlan)).toContain('"asOf');
    expect(JSON.stringify(plan.queryPlanner.winningPlan)).not.toContain('"SORT"');
  });
});

describe('related stories', () => {
  it('are those that the story names, then those that share most tags, newest first; public ones only', async () => {
    const [one, two] = await Promise.all(
      ['Harbour', 'Budget'].map((name) =>
        editor.editorial.tags.create({ body: { name: `Related ${name}` } }),
      ),
    );
    const [a, b] = [String(one?.id), String(two?.id)];
    const named = await published(editor, { headline: 'Named' });
    const hidden = await draft(editor, { headline: 'Hidden', tags: [a, b] });
    const both = await published(editor, { headline: 'Both tags', tags: [a, b] });
    const older = await published(editor, { headline: 'One tag, older', tags: [a] });
    const newer = await published(editor, { headline: 'One tag, newer', tags: [b] });
    const block = (article: string) => ({ type: 'relatedArticle', attrs: { article } });
    const body = {
      type: 'doc',
      content: [...paragraphs('Text.').content, block(hidden.id), block(named.id)],
    };
    const story = await published(editor, { tags: [a, b], body: body as never });
    const ask = async () =>
      (await reader.articles.read({ params: { slug: story.slug }, query: { include: 'related' } })).related;

    expect((await ask())?.map(({ id }) => id)).toEqual([named.id, both.id, newer.id, older.id]);
    expect(await reader.articles.read({ params: { slug: story.slug } })).not.toHaveProperty('related');
    const { data } = await reader.articles.list({ query: { tag: String(one?.slug), include: 'related' } });
    const listed = data.find(({ id }) => id === story.id);
    expect(listed?.related?.map(({ headline }) => headline)).toEqual((await ask())?.map((x) => x.headline));
    expect(listed).not.toHaveProperty('body');

    await editor.editorial.articles.unpublish({ params: { id: both.id }, ifMatch: both.version });
    const late = await published(editor, { headline: 'Came later', tags: [a, b] });
    expect((await ask())?.map(({ id }) => id)).toEqual([named.id, late.id, newer.id, older.id]);
  });
});
