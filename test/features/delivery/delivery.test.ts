import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, paragraphs, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';

let app: TestApp;
let editor: Client;
let reader: Client['content'];

beforeAll(async () => {
  app = await createTestApp({ SITE_URL: 'https://news.example.org' });
  editor = await app.as('editor');
  reader = app.anonymous.content;
});
afterAll(() => app.close());

const slugsOf = ({ data }: { data: { slug?: string | undefined }[] }) => data.map(({ slug }) => slug);

describe('one story', () => {
  it('carries everything that a page shows', async () => {
    const { slug, id } = await published(editor, {
      headline: 'Pier opens',
      standfirst: 'At last.',
      comments: { mode: 'premoderated' },
      seo: { description: 'The pier.' },
      body: paragraphs('One two three.', 'Four.'),
    });

    const story = await reader.articles.read({ params: { slug } });

    expect(story).toMatchObject({
      id,
      url: `https://news.example.org/articles/${slug}`,
      wordCount: 4,
      readingTimeMinutes: 1,
      commentCount: 0,
      comments: { mode: 'premoderated', closesAt: null },
      seo: {
        title: 'Pier opens',
        description: 'The pier.',
        canonicalUrl: `https://news.example.org/articles/${slug}`,
        noindex: false,
      },
      alternates: [],
      hero: null,
      section: null,
    });
    expect(Object.keys(story)).not.toEqual(
      expect.arrayContaining(['createdBy', 'assignee', 'version', 'status']),
    );
  });

  it.each([
    ['blocks', [expect.objectContaining({ _type: 'block' })]],
    ['html', expect.stringMatching(/^<p[^>]*>Rock &amp; roll<\/p>\s*$/)],
    ['markdown', expect.stringContaining('Rock')],
    ['text', 'Rock & roll'],
  ] as const)('comes as %s', async (format, body) => {
    const { slug } = await published(editor, { headline: `As ${format}`, body: paragraphs('Rock & roll') });

    expect(await reader.articles.read({ params: { slug }, query: { format } })).toMatchObject({
      format,
      body,
    });
  });

  it('has a strong ETag, a date, and is 304 to whom has it', async () => {
    const { slug } = await published(editor);
    const path = `/content/v1/articles/${slug}`;
    const first = await send(app, path);
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';

    const known = await send(app, path, { headers: { 'If-None-Match': `"other", W/${etag}` } });
    const since = await send(app, path, { headers: { 'If-Modified-Since': modified } });
    const other = await send(app, path, {
      headers: { 'If-None-Match': '"other"', 'If-Modified-Since': modified },
    });
    const head = await send(app, path, { method: 'HEAD' });

    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect([known.status, since.status, other.status, head.status]).toEqual([304, 304, 200, 200]);
    expect(await known.text()).toBe('');
    expect(known.headers.get('etag')).toBe(etag);
    expect(head.headers.get('etag')).toBe(etag);
    expect(first.headers.get('cache-control')).toMatch(
      /^public, .*s-maxage=\d+, stale-while-revalidate=\d+, stale-if-error=\d+$/,
    );
    expect(first.headers.get('surrogate-key')).toMatch(/^article-[0-9a-f]{24}$/);
    expect(first.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('that is not public is a 404, whatever its state', async () => {
    const embargoed = await draft(editor, { embargoUntil: new Date(Date.now() + 3_600_000).toISOString() });
    const { id, slug, version } = await published(editor);
    await editor.editorial.articles.unpublish({ params: { id }, ifMatch: version });

    for (const hidden of [slug, embargoed.slug, embargoed.id, 'nothing-of-that-name', 'Not-A-Slug']) {
      await expect(reader.articles.read({ params: { slug: hidden } })).rejects.toMatchObject({
        status: 404,
        code: 'not_found',
      });
    }
  });

  it('that is sensitive goes out without comments, appeals and adverts', async () => {
    const body = paragraphs('Sad news.');
    body.content.push(
      { type: 'appealSlot', attrs: { placement: 'end' } },
      { type: 'adSlot', attrs: { slot: 'mid' } },
    );
    const { slug } = await published(editor, { sensitive: true, comments: { mode: 'open' }, body });

    const story = await reader.articles.read({ params: { slug } });

    expect(story.comments.mode).toBe('off');
    expect(story.body).toHaveLength(1);
  });

  it('embeds related stories only while they are public', async () => {
    const related = await published(editor, { headline: 'The other story' });
    const body = {
      type: 'doc' as const,
      content: [{ type: 'relatedArticle', attrs: { article: related.id } }, ...paragraphs('Text.').content],
    };
    const { slug } = await published(editor, { body });

    const before = await reader.articles.read({ params: { slug } });
    await editor.editorial.articles.unpublish({ params: { id: related.id }, ifMatch: related.version });
    const after = await reader.articles.read({ params: { slug } });

    expect(JSON.stringify(before.body)).toContain('The other story');
    expect(JSON.stringify(after.body)).not.toContain('The other story');
    expect(after.body).toHaveLength(1);
  });
});

describe('the list of stories', () => {
  it('is filtered by tag, section with those below, author, type and language', async () => {
    const { tags, sections, authors } = editor.editorial;
    const [fish, boats] = [
      await tags.create({ body: { name: 'Fish' } }),
      await tags.create({ body: { name: 'Boats' } }),
    ];
    const coast = await sections.create({ body: { name: 'Coast' } });
    const bay = await sections.create({ body: { name: 'Bay', parent: coast.id } });
    const ines = await authors.create({ body: { name: 'Ines Lund' } });
    const one = await published(editor, {
      tags: [fish.id],
      section: bay.id,
      authors: [ines.id],
      type: 'feature',
    });
    const two = await published(editor, { tags: [boats.id, fish.id], section: coast.id, language: 'ga' });
    const list = async (query: object) => slugsOf(await reader.articles.list({ query }));

    expect(await list({ tag: 'fish' })).toEqual([two.slug, one.slug]);
    expect(await list({ tag: 'boats' })).toEqual([two.slug]);
    expect(await list({ tag: 'boats,fish' })).toEqual([two.slug, one.slug]);
    expect(await list({ section: 'coast' })).toEqual([two.slug, one.slug]);
    expect(await list({ section: 'bay' })).toEqual([one.slug]);
    expect(await list({ author: 'ines-lund' })).toEqual([one.slug]);
    expect(await list({ type: 'feature' })).toEqual([one.slug]);
    expect(await list({ language: 'ga' })).toEqual([two.slug]);
    expect(await list({ tag: 'no-such-tag' })).toEqual([]);
    expect(await list({ publishedAfter: '2100-01-01T00:00:00Z' })).toEqual([]);
  });

  it('has only the members that are asked for, and bodies when they are', async () => {
    await published(editor, { headline: 'With a body' });

    const lean = await reader.articles.list({ query: { fields: 'headline,url', limit: '1' } });
    const full = await reader.articles.list({ query: { fields: 'headline', include: 'body', limit: '1' } });
    const whole = await reader.articles.list({ query: { limit: '1' } });

    expect(Object.keys(lean.data[0] ?? {}).sort()).toEqual(['headline', 'id', 'url']);
    expect(Object.keys(full.data[0] ?? {}).sort()).toEqual(['body', 'format', 'headline', 'id']);
    expect(whole.data[0]).not.toHaveProperty('body');
    await expect(
      reader.articles.list({ query: { fields: 'headline,createdBy' } as never }),
    ).rejects.toMatchObject({ status: 400 });
  });

  it('goes forward and back by cursors that stay right while stories come in', async () => {
    const tag = await editor.editorial.tags.create({ body: { name: 'Paged' } });
    const stories = [];
    for (let count = 0; count < 5; count += 1) stories.push(await published(editor, { tags: [tag.id] }));
    const newest = stories.map(({ slug }) => slug).reverse();
    const query = { tag: 'paged', limit: '2' };

    const first = await reader.articles.list({ query });
    const late = await published(editor, { tags: [tag.id] });
    const second = await reader.articles.list({ query: { ...query, after: first.page.next ?? '' } });
    const third = await reader.articles.list({
      query: { ...query, after: second.page.next ?? '', count: 'true' },
    });
    const back = await reader.articles.list({ query: { ...query, before: third.page.prev ?? '' } });
    const top = await reader.articles.list({
      query: { ...query, before: first.page.next ? (second.page.prev ?? '') : '' },
    });

    expect([slugsOf(first), slugsOf(second), slugsOf(third)]).toEqual([
      newest.slice(0, 2),
      newest.slice(2, 4),
      newest.slice(4),
    ]);
    expect(first.page.prev).toBeNull();
    expect(third.page).toMatchObject({ next: null, total: 6, limit: 2 });
    expect(slugsOf(back)).toEqual(slugsOf(second));
    expect(slugsOf(top)).toEqual(slugsOf(first));
    expect(slugsOf(await reader.articles.list({ query }))[0]).toBe(late.slug);
  });

  it('names the pages beside it in its Link header', async () => {
    const response = await send(app, '/content/v1/articles?limit=1');

    expect(response.headers.get('link')).toMatch(
      /^<\/content\/v1\/articles\?limit=1&after=[\w-]+>; rel="next"$/,
    );
    expect(response.headers.get('surrogate-key')).toMatch(/^top-all .*article-/);
    expect(response.headers.get('last-modified')).not.toBeNull();
  });
});

describe('tags, sections and authors', () => {
  it('show a new name in every story at once', async () => {
    const { tags, sections, authors } = editor.editorial;
    const tag = await tags.create({ body: { name: 'Old tag' } });
    const section = await sections.create({ body: { name: 'Old section' } });
    const author = await authors.create({ body: { name: 'Old Name' } });
    const { slug } = await published(editor, { tags: [tag.id], section: section.id, authors: [author.id] });
    const before = await send(app, `/content/v1/articles/${slug}`);

    await tags.change({ params: { id: tag.id }, ifMatch: 1, body: { name: 'New tag', slug: 'new-tag' } });
    await sections.change({
      params: { id: section.id },
      ifMatch: 1,
      body: { name: 'New section', slug: 'new-section' },
    });
    await authors.change({
      params: { id: author.id },
      ifMatch: 1,
      body: { name: 'New Name', slug: 'new-name' },
    });
    const headers = { 'If-None-Match': before.headers.get('etag') ?? '' };
    const after = await send(app, `/content/v1/articles/${slug}`, { headers });

    expect(after.status).toBe(200);
    expect(await after.json()).toMatchObject({
      tags: [{ slug: 'new-tag', name: 'New tag' }],
      section: { slug: 'new-section', name: 'New section' },
      authors: [{ slug: 'new-name', name: 'New Name' }],
    });
    for (const [kind, old] of [
      ['tags', 'old-tag'],
      ['sections', 'old-section'],
      ['authors', 'old-name'],
    ]) {
      const moved = await send(app, `/content/v1/${kind}/${old}`);
      expect([moved.status, moved.headers.get('location')]).toEqual([
        301,
        `/content/v1/${kind}/${old?.replace('old', 'new')}`,
      ]);
    }
  });

  it('of a merged tag lead to the other, and no story is lost', async () => {
    const { tags } = editor.editorial;
    const [from, into] = [
      await tags.create({ body: { name: 'Fishery' } }),
      await tags.create({ body: { name: 'Fishing' } }),
    ];
    const { slug } = await published(editor, { tags: [from.id, into.id] });
    const draftVersion = await draft(editor, { tags: [from.id] });

    await tags.merge({ params: { id: from.id }, ifMatch: 1, body: { into: into.id } });

    expect(slugsOf(await reader.articles.list({ query: { tag: 'fishing' } }))).toEqual([slug]);
    expect(slugsOf(await reader.articles.list({ query: { tag: 'fishery' } }))).toEqual([slug]);
    expect((await reader.articles.read({ params: { slug } })).tags).toEqual([
      { slug: 'fishing', name: 'Fishing' },
    ]);
    expect((await send(app, '/content/v1/tags/fishery')).headers.get('location')).toBe(
      '/content/v1/tags/fishing',
    );
    expect(await editor.editorial.articles.read({ params: { id: draftVersion.id } })).toMatchObject({
      version: draftVersion.version,
    });
  });

  it('exist for readers only where a public story carries them', async () => {
    const { tags, authors } = editor.editorial;
    const secret = await tags.create({ body: { name: 'Minister resigns' } });
    const ghost = await authors.create({ body: { name: 'Secret Writer' } });
    const hidden = await draft(editor, { tags: [secret.id], authors: [ghost.id] });
    const names = async () =>
      (await reader.taxonomy.tags({ query: { limit: '100' } })).data.map(({ name }) => name);

    expect(await names()).not.toContain('Minister resigns');
    await expect(reader.taxonomy.tag({ params: { slug: secret.slug } })).rejects.toMatchObject({
      status: 404,
    });
    await expect(reader.taxonomy.author({ params: { slug: ghost.slug } })).rejects.toMatchObject({
      status: 404,
    });
    await editor.editorial.articles.publish({ params: { id: hidden.id }, ifMatch: 1 });

    expect(await names()).toContain('Minister resigns');
    expect(await reader.taxonomy.author({ params: { slug: ghost.slug } })).toMatchObject({
      name: 'Secret Writer',
      bio: '',
    });
  });

  it('give the sections as a tree, and one with its path', async () => {
    const { sections } = editor.editorial;
    const top = await sections.create({ body: { name: 'Zoology' } });
    await sections.create({ body: { name: 'Whales', parent: top.id } });

    const { data } = await reader.taxonomy.sections();

    expect(data.at(-1)).toEqual({
      slug: 'zoology',
      name: 'Zoology',
      children: [{ slug: 'whales', name: 'Whales', children: [] }],
    });
    expect(await reader.taxonomy.section({ params: { slug: 'whales' } })).toMatchObject({
      path: [{ slug: 'zoology' }, { slug: 'whales' }],
      children: [],
    });
  });
});

describe('other methods', () => {
  it('are 405 with those that there are', async () => {
    const response = await send(app, '/content/v1/articles', { method: 'DELETE' });

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  it('and other addresses are 404, also in another case or with a slash at the end', async () => {
    for (const path of [
      '/content/v1/Articles',
      '/content/v1/articles/',
      '//content/v1/articles',
      '/content/v2/articles',
      '/x',
    ]) {
      expect((await send(app, path)).status).toBe(404);
    }
  });
});
