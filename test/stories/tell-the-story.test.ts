import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import MarkdownIt from 'markdown-it';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import sharp from 'sharp';
import type { Client } from '../../src/client/index.ts';
import type { DeliveredArticle } from '../../src/features/delivery/delivery.contract.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { auditOf } from '../support/records.ts';
import { ownPage } from './own-story.ts';
import { type Page, samplePage } from './page.ts';

type Node = DefaultTreeAdapterTypes.Node;

/** The text of HTML as a browser shows it: one line a paragraph. */
function htmlParagraphs(html: string): string[] {
  const text = (node: Node): string =>
    'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(text).join('') : '';
  const walk = (node: Node): string[] =>
    node.nodeName === 'p' ? [text(node)] : 'childNodes' in node ? node.childNodes.flatMap(walk) : [];
  return walk(parseFragment(html));
}

const blockTexts = (body: DeliveredArticle['body']): string[] =>
  (body as unknown as { _type: string; children?: { text: string }[] }[])
    .filter(({ _type }) => _type === 'block')
    .map(({ children = [] }) => children.map(({ text }) => text).join(''));

/** The body as an editor's software sends it: a lead-in in the first paragraph, the appeal slot after the second. */
function bodyOf({ paragraphs, leadIn }: Page) {
  const blocks: object[] = paragraphs.map((text, index) => {
    const rest = { type: 'text', text: index === 0 ? text.slice(leadIn.length) : text };
    const opening = { type: 'text', text: leadIn, marks: [{ type: 'leadIn' }] };
    return { type: 'paragraph', content: index === 0 ? [opening, rest] : [rest] };
  });
  blocks.splice(2, 0, { type: 'appealSlot', attrs: { placement: 'article-support' } });
  blocks.splice(1, 0, { type: 'adSlot', attrs: { slot: 'top' } });
  return { type: 'doc' as const, content: blocks as { type: string }[] };
}

const picture = async (): Promise<Blob> => {
  const image = sharp({ create: { width: 1200, height: 800, channels: 3, background: '#315d7c' } });
  return new Blob([new Uint8Array(await image.jpeg().toBuffer())], { type: 'image/jpeg' });
};

const sample = samplePage();
if (!sample) process.stderr.write('the sample page is absent here: its story is not told in this run\n');

describe.each([
  { name: 'of our own', page: ownPage },
  ...(sample ? [{ name: 'of the sample page', page: sample }] : []),
])('the story $name', ({ page }) => {
  let app: TestApp;
  let author: Client;
  let editor: Client;
  beforeAll(async () => {
    app = await createTestApp();
    [author, editor] = [await app.as('author'), await app.as('editor')];
  });
  afterAll(() => app.close());

  it('goes from an empty draft to a reader in four formats, character for character', async () => {
    const desk = editor.editorial;
    const tag = await desk.tags.create({ body: { name: page.kicker } });
    const news = await desk.sections.create({ body: { name: 'News' } });
    const section = await desk.sections.create({ body: { name: 'World', parent: news.id } });
    const byline = await desk.authors.create({ body: { name: 'AFP' } });
    const media = await author.editorial.media.create({
      file: await picture(),
      fileName: 'phone call.jpg',
      body: { alt: 'Two flags side by side', caption: '', credit: page.credit },
    });

    const started = await author.editorial.articles.create({ body: { headline: page.headline } });
    const { id } = started;
    const written = await author.editorial.articles.change({
      params: { id },
      ifMatch: started.version,
      body: {
        kicker: page.kicker,
        standfirst: page.standfirst,
        body: bodyOf(page),
        tags: [tag.id],
        section: section.id,
        authors: [byline.id],
        hero: { media: media.id },
        comments: { mode: page.commentMode },
      },
    });
    const submitted = await author.editorial.articles.submit({ params: { id }, ifMatch: written.version });
    const live = await desk.articles.publish({ params: { id }, ifMatch: submitted.version });

    const { articles } = app.anonymous.content;
    const read = (format: 'blocks' | 'html' | 'markdown' | 'text') =>
      articles.read({ params: { slug: live.slug }, query: { format } });
    const blocks = await read('blocks');
    const text = await read('text');
    const html = await read('html');
    const markdown = await read('markdown');

    expect(blocks).toMatchObject({
      id,
      headline: page.headline,
      kicker: page.kicker,
      standfirst: page.standfirst,
      section: {
        slug: 'world',
        name: 'World',
        path: [
          { slug: 'news', name: 'News' },
          { slug: 'world', name: 'World' },
        ],
      },
      tags: [{ name: page.kicker, slug: tag.slug }],
      authors: [{ name: 'AFP', slug: 'afp' }],
      hero: { alt: 'Two flags side by side', credit: page.credit },
      comments: { mode: page.commentMode, closesAt: null },
      commentCount: 0,
      corrections: [],
      format: 'blocks',
    });
    expect(blockTexts(blocks.body)).toEqual(page.paragraphs);
    expect(blocks.body).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          _type: 'block',
          style: 'normal',
          children: expect.arrayContaining([
            expect.objectContaining({ text: page.leadIn, marks: ['leadIn'] }),
          ]),
        }),
        expect.objectContaining({ _type: 'appealSlot', placement: 'article-support' }),
        expect.objectContaining({ _type: 'adSlot', slot: 'top' }),
      ]),
    );
    expect(text.body).toBe(page.paragraphs.join('\n\n'));
    expect(htmlParagraphs(String(html.body))).toEqual(page.paragraphs);
    expect(htmlParagraphs(new MarkdownIt({ html: true }).render(String(markdown.body)))).toEqual(
      page.paragraphs,
    );

    const [rendition] = blocks.hero?.renditions ?? [];
    const bytes = await fetch(new URL(new URL(rendition?.url ?? '').pathname, app.url));
    expect(bytes.status).toBe(200);
    expect(await sharp(Buffer.from(await bytes.arrayBuffer())).metadata()).toMatchObject({
      width: rendition?.width,
      height: rendition?.height,
    });

    const listed = await articles.list({ query: { tag: tag.slug, section: 'news', author: 'afp' } });
    expect(listed.data).toMatchObject([{ id, headline: page.headline, hero: { credit: page.credit } }]);
    const acts = await auditOf(app, 'article', id);
    expect(acts.map(({ action, actor }) => [action, actor.role])).toEqual([
      ['article.create', 'author'],
      ['article.change', 'author'],
      ['article.submit', 'author'],
      ['article.publish', 'editor'],
    ]);
  });
});
