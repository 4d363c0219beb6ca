import { describe, expect, test } from '@jest/globals';
import {
  type BodyDoc,
  type BodyMark,
  type BodyRefs,
  bodySchema,
  parseBody,
  toBlocks,
  toHtml,
  toMarkdown,
  toText,
} from '../../src/schema/index.ts';
import { ARTICLE_ID, doc, MEDIA_ID, POSTER_ID, paragraph, rendition, text } from './bodies.ts';
import { htmlOfMarkdown } from './plain-text.ts';

const refs: BodyRefs = {
  media: new Map([
    [
      MEDIA_ID,
      {
        id: MEDIA_ID,
        alt: 'A square',
        caption: 'The square',
        credit: 'Ann Lee',
        focalPoint: { x: 0.5, y: 0.4 },
        renditions: [rendition('small', 640), rendition('large', 1280)],
      },
    ],
    [POSTER_ID, { id: POSTER_ID, alt: '', caption: '', credit: '', renditions: [rendition('poster', 640)] }],
  ]),
  articles: new Map([
    [
      ARTICLE_ID,
      { id: ARTICLE_ID, slug: 'before', url: 'https://site.example/before', headline: 'Before & after' },
    ],
  ]),
};
const media = {
  id: MEDIA_ID,
  focalPoint: { x: 0.5, y: 0.4 },
  renditions: refs.media.get(MEDIA_ID)?.renditions,
};
const SMALL = '/content/v1/media/small.webp';
const LARGE = '/content/v1/media/large.webp';
const IMG =
  `<img src="${LARGE}" srcset="${SMALL} 640w, ${LARGE} 1280w" sizes="100vw" width="1280" height="720" ` +
  'alt="A square" loading="lazy">';

function body(...content: unknown[]): BodyDoc {
  const parsed = parseBody(doc(...content));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.doc;
}

const span = (words: string, key = 'b.s0', marks: string[] = []) => ({
  _type: 'span',
  _key: key,
  text: words,
  marks,
});
const block = (words: string, key: string, more: object = {}, spanKey = `${key}.s0`) => ({
  _type: 'block',
  _key: key,
  style: 'normal',
  markDefs: [],
  children: [span(words, spanKey)],
  ...more,
});
const id = { id: 'b' };
const item = (key: string, ...content: unknown[]) => ({ type: 'listItem', attrs: { id: key }, content });
const row = (...content: unknown[]) => ({ type: 'tableRow', content });
const cell = (words: string, type = 'tableCell', attrs = {}) => ({
  type,
  attrs,
  content: [paragraph(words)],
});

interface Case {
  node: object;
  blocks: object[];
  html: string;
  markdown: string;
  text: string;
}

const figure = { media, alt: 'A square', caption: 'The square', credit: 'Ann Lee' };
const figcaption = '<figcaption>The square <cite>Ann Lee</cite></figcaption>';
const sources = [SMALL, LARGE].map((src) => `<source src="${src}" type="image/webp">`).join('');

const CASES: Record<string, Case> = {
  paragraph: {
    node: { ...paragraph('Hello'), attrs: id },
    blocks: [block('Hello', 'b')],
    html: '<p>Hello</p>',
    markdown: 'Hello',
    text: 'Hello',
  },
  heading: {
    node: { type: 'heading', attrs: { ...id, level: 3 }, content: [text('Why #')] },
    blocks: [block('Why #', 'b', { style: 'h3' })],
    html: '<h3>Why #</h3>',
    markdown: '### Why \\#',
    text: 'Why #',
  },
  hardBreak: {
    node: { type: 'paragraph', attrs: id, content: [text('one'), { type: 'hardBreak' }, text('- two')] },
    blocks: [block('one\n- two', 'b')],
    html: '<p>one<br>- two</p>',
    markdown: 'one\\\n\\- two',
    text: 'one\n- two',
  },
  bulletList: {
    node: {
      type: 'bulletList',
      content: [
        item('b', paragraph('one'), paragraph('more')),
        item('c', paragraph('two'), { type: 'orderedList', content: [item('d', paragraph('deep'))] }),
      ],
    },
    blocks: [
      block('one', 'b', { listItem: 'bullet', level: 1 }, 'b.0.s0'),
      block('more', 'b.1', { listItem: 'bullet', level: 1 }),
      block('two', 'c', { listItem: 'bullet', level: 1 }, 'c.0.s0'),
      block('deep', 'd', { listItem: 'number', level: 2 }, 'd.0.s0'),
    ],
    html: '<ul><li><p>one</p>\n<p>more</p></li>\n<li><p>two</p>\n<ol><li>deep</li></ol></li></ul>',
    markdown: '- one\n\n  more\n\n- two\n\n  1. deep',
    text: 'one\n\nmore\n\ntwo\n\ndeep',
  },
  orderedList: {
    node: { type: 'orderedList', content: [item('b', paragraph('one')), item('c', paragraph('two'))] },
    blocks: [
      block('one', 'b', { listItem: 'number', level: 1 }, 'b.0.s0'),
      block('two', 'c', { listItem: 'number', level: 1 }, 'c.0.s0'),
    ],
    html: '<ol><li>one</li>\n<li>two</li></ol>',
    markdown: '1. one\n2. two',
    text: 'one\n\ntwo',
  },
  blockquote: {
    node: { type: 'blockquote', attrs: id, content: [paragraph('one'), paragraph('two')] },
    blocks: [
      block('one', 'b', { style: 'blockquote' }, 'b.0.s0'),
      block('two', 'b.1', { style: 'blockquote' }),
    ],
    html: '<blockquote><p>one</p>\n<p>two</p></blockquote>',
    markdown: '> one\n>\n> two',
    text: 'one\n\ntwo',
  },
  pullQuote: {
    node: { type: 'pullQuote', attrs: { ...id, credit: 'A. <b>' }, content: [text('Never')] },
    blocks: [{ _type: 'pullQuote', _key: 'b', markDefs: [], children: [span('Never')], credit: 'A. <b>' }],
    html: '<figure class="pull-quote"><blockquote><p>Never</p></blockquote><figcaption><cite>A. &lt;b&gt;</cite></figcaption></figure>',
    markdown: '> Never\n>\n> A. \\<b>',
    text: 'Never\nA. <b>',
  },
  image: {
    node: { type: 'image', attrs: { ...id, media: MEDIA_ID, caption: 'Own "words"' } },
    blocks: [{ _type: 'image', _key: 'b', ...figure, caption: 'Own "words"' }],
    html: `<figure class="image">${IMG}<figcaption>Own &quot;words&quot; <cite>Ann Lee</cite></figcaption></figure>`,
    markdown: `![A square](<${LARGE}>)\n\nOwn "words"\\\nAnn Lee`,
    text: 'Own "words"',
  },
  gallery: {
    node: {
      type: 'gallery',
      attrs: { ...id, items: [{ media: MEDIA_ID }, { media: ARTICLE_ID, caption: 'gone' }] },
    },
    blocks: [{ _type: 'gallery', _key: 'b', items: [{ _key: 'b.0', ...figure }] }],
    html: `<div class="gallery"><figure class="image">${IMG}${figcaption}</figure></div>`,
    markdown: `![A square](<${LARGE}>)\n\nThe square\\\nAnn Lee`,
    text: 'gone',
  },
  video: {
    node: { type: 'video', attrs: { ...id, media: MEDIA_ID, poster: POSTER_ID } },
    blocks: [
      {
        _type: 'video',
        _key: 'b',
        ...figure,
        poster: { id: POSTER_ID, renditions: [rendition('poster', 640)] },
      },
    ],
    html: `<figure class="video"><video controls poster="/content/v1/media/poster.webp" preload="metadata" aria-label="A square">${sources}</video>${figcaption}</figure>`,
    markdown: `[The square](<${SMALL}>)\n\nAnn Lee`,
    text: '',
  },
  audio: {
    node: { type: 'audio', attrs: { ...id, media: MEDIA_ID, caption: 'Listen' } },
    blocks: [{ _type: 'audio', _key: 'b', ...figure, caption: 'Listen' }],
    html: `<figure class="audio"><audio controls preload="metadata" aria-label="A square">${sources}</audio><figcaption>Listen <cite>Ann Lee</cite></figcaption></figure>`,
    markdown: `[Listen](<${SMALL}>)\n\nAnn Lee`,
    text: 'Listen',
  },
  embed: {
    node: { type: 'embed', attrs: { ...id, provider: 'x', ref: '123' } },
    blocks: [{ _type: 'embed', _key: 'b', provider: 'x', ref: '123', url: 'https://x.com/i/status/123' }],
    html: '<figure class="embed" data-provider="x" data-ref="123"><a href="https://x.com/i/status/123" rel="noopener">https://x.com/i/status/123</a></figure>',
    markdown: '[https://x.com/i/status/123](<https://x.com/i/status/123>)',
    text: 'https://x.com/i/status/123',
  },
  relatedArticle: {
    node: { type: 'relatedArticle', attrs: { ...id, article: ARTICLE_ID } },
    blocks: [{ _type: 'relatedArticle', _key: 'b', article: refs.articles.get(ARTICLE_ID) }],
    html: '<aside class="related-article"><a href="https://site.example/before">Before &amp; after</a></aside>',
    markdown: '[Before & after](<https://site.example/before>)',
    text: '',
  },
  factBox: {
    node: { type: 'factBox', attrs: { ...id, title: 'Facts' }, content: [paragraph('One')] },
    blocks: [{ _type: 'factBox', _key: 'b', title: 'Facts', content: [block('One', 'b.0')] }],
    html: '<aside class="fact-box"><p class="fact-box-title">Facts</p><p>One</p></aside>',
    markdown: '> <strong>Facts</strong>\n>\n> One',
    text: 'Facts\n\nOne',
  },
  table: {
    node: {
      type: 'table',
      attrs: id,
      content: [row(cell('Year', 'tableHeader'), cell('a|b', 'tableHeader')), row(cell('2026'))],
    },
    blocks: [
      {
        _type: 'table',
        _key: 'b',
        rows: [
          {
            _key: 'b.0',
            cells: [
              { _key: 'b.0.0', header: true, colspan: 1, rowspan: 1, content: [block('Year', 'b.0.0.0.0')] },
              { _key: 'b.0.1', header: true, colspan: 1, rowspan: 1, content: [block('a|b', 'b.0.1.0.0')] },
            ],
          },
          {
            _key: 'b.1',
            cells: [
              { _key: 'b.1.0', header: false, colspan: 1, rowspan: 1, content: [block('2026', 'b.1.0.0.0')] },
            ],
          },
        ],
      },
    ],
    html: '<table><thead><tr><th scope="col">Year</th>\n<th scope="col">a|b</th></tr></thead><tbody><tr><td>2026</td></tr></tbody></table>',
    markdown: '| Year | a&#124;b |\n| --- | --- |\n| 2026 |',
    text: 'Year\ta|b\n2026',
  },
  tableCell: {
    node: {
      type: 'table',
      attrs: id,
      content: [row(cell('Total', 'tableHeader', { rowspan: 2 }), cell('7', 'tableCell', { colspan: 2 }))],
    },
    blocks: [
      {
        _type: 'table',
        _key: 'b',
        rows: [
          {
            _key: 'b.0',
            cells: [
              { _key: 'b.0.0', header: true, colspan: 1, rowspan: 2, content: [block('Total', 'b.0.0.0.0')] },
              { _key: 'b.0.1', header: false, colspan: 2, rowspan: 1, content: [block('7', 'b.0.1.0.0')] },
            ],
          },
        ],
      },
    ],
    html: '<table><tbody><tr><th scope="row" rowspan="2">Total</th>\n<td colspan="2">7</td></tr></tbody></table>',
    markdown:
      '<table><tbody><tr><th scope="row" rowspan="2">Total</th>\n<td colspan="2">7</td></tr></tbody></table>',
    text: 'Total\t7',
  },
  horizontalRule: {
    node: { type: 'horizontalRule', attrs: id },
    blocks: [{ _type: 'divider', _key: 'b' }],
    html: '<hr>',
    markdown: '___',
    text: '',
  },
  adSlot: {
    node: { type: 'adSlot', attrs: { ...id, slot: 'mid-1' } },
    blocks: [{ _type: 'adSlot', _key: 'b', slot: 'mid-1' }],
    html: '<div class="ad-slot" data-slot="mid-1"></div>',
    markdown: '',
    text: '',
  },
  appealSlot: {
    node: { type: 'appealSlot', attrs: { ...id, placement: 'end' } },
    blocks: [{ _type: 'appealSlot', _key: 'b', placement: 'end' }],
    html: '<div class="appeal-slot" data-slot="end"></div>',
    markdown: '',
    text: '',
  },
};

/** Nodes that a case above holds inside another. */
const WITHIN = ['doc', 'text', 'listItem', 'tableRow', 'tableHeader'];

describe('every node in every projection', () => {
  test('has a case here', () => {
    expect([...Object.keys(CASES), ...WITHIN].sort()).toEqual(Object.keys(bodySchema.nodes).sort());
  });

  test.each(Object.entries(CASES))('%s', (_name, { node, blocks, html, markdown, text: plain }) => {
    const story = body(node);
    expect(toBlocks(story, refs)).toEqual(blocks);
    expect(toHtml(story, refs)).toBe(html);
    expect(toMarkdown(story, refs)).toBe(markdown);
    expect(toText(story)).toBe(plain);
  });

  test.each(['image', 'gallery', 'video', 'audio', 'relatedArticle'])(
    '%s is left out when it is not public',
    (name) => {
      const story = body(CASES[name]?.node);
      const nothing: BodyRefs = { media: new Map(), articles: new Map() };
      expect(toBlocks(story, nothing)).toEqual([]);
      expect(toHtml(story, nothing)).toBe('');
      expect(toMarkdown(story, nothing)).toBe('');
    },
  );
});

const MARKS: Record<string, { mark: BodyMark; decorator: string; html: string; markdown: string }> = {
  bold: { mark: { type: 'bold' }, decorator: 'strong', html: '<strong>x</strong>', markdown: '**x**' },
  italic: { mark: { type: 'italic' }, decorator: 'em', html: '<em>x</em>', markdown: '_x_' },
  underline: { mark: { type: 'underline' }, decorator: 'underline', html: '<u>x</u>', markdown: '<u>x</u>' },
  strike: { mark: { type: 'strike' }, decorator: 'strike-through', html: '<s>x</s>', markdown: '~~x~~' },
  superscript: {
    mark: { type: 'superscript' },
    decorator: 'sup',
    html: '<sup>x</sup>',
    markdown: '<sup>x</sup>',
  },
  subscript: {
    mark: { type: 'subscript' },
    decorator: 'sub',
    html: '<sub>x</sub>',
    markdown: '<sub>x</sub>',
  },
  leadIn: {
    mark: { type: 'leadIn' },
    decorator: 'leadIn',
    html: '<span class="lead-in">x</span>',
    markdown: 'x',
  },
  link: {
    mark: { type: 'link', attrs: { href: 'https://a.example/?b=1&copy=2' } },
    decorator: 'b.l0',
    html: '<a href="https://a.example/?b=1&amp;copy=2" rel="noopener">x</a>',
    markdown: '[x](<https://a.example/?b=1\\&copy=2>)',
  },
};

describe('every mark in every projection', () => {
  test('has a case here', () => {
    expect(Object.keys(MARKS).sort()).toEqual(Object.keys(bodySchema.marks).sort());
  });

  test.each(Object.entries(MARKS))('%s', (_name, { mark, decorator, html, markdown }) => {
    const story = body({ type: 'paragraph', attrs: id, content: [text('a '), text('x', mark), text(' b')] });
    expect(toBlocks(story, refs)).toMatchObject([
      { children: [{ marks: [] }, { text: 'x', marks: [decorator] }, { marks: [] }] },
    ]);
    expect(toHtml(story, refs)).toBe(`<p>a ${html} b</p>`);
    expect(toMarkdown(story, refs)).toBe(`a ${markdown} b`);
    expect(toText(story)).toBe('a x b');
  });

  test('a link inside the site is not external; two links to one place share a definition', () => {
    const link = { type: 'link', attrs: { href: '/a' } };
    const story = body({
      type: 'paragraph',
      attrs: id,
      content: [text('x', link), text(' and '), text('y', link)],
    });
    expect(toHtml(story, refs)).toBe('<p><a href="/a">x</a> and <a href="/a">y</a></p>');
    expect(toBlocks(story, refs)).toMatchObject([
      {
        markDefs: [{ _type: 'link', _key: 'b.l0', href: '/a' }],
        children: [{ marks: ['b.l0'] }, { marks: [] }, { marks: ['b.l0'] }],
      },
    ]);
  });

  test('marks that overlap nest; emphasis inside a word is still read as such', () => {
    const [bold, italic] = [{ type: 'bold' }, { type: 'italic' }];
    const content = [text('a'), text('b', bold), text('c ', bold, italic), text('"d"', italic), text('e')];
    const story = body({ type: 'paragraph', content });
    expect(toHtml(story, refs)).toBe('<p>a<strong>b<em>c </em></strong><em>&quot;d&quot;</em>e</p>');
    const read = htmlOfMarkdown(toMarkdown(story, refs)).trim();
    expect(read).toBe('<p>a<strong>b<em>c</em></strong> <em>&quot;d&quot;</em>e</p>');
  });

  test('an exclamation mark before a link does not make it a picture', () => {
    const story = body({
      type: 'paragraph',
      content: [text('Look!'), text('here', { type: 'link', attrs: { href: '/a' } })],
    });
    expect(htmlOfMarkdown(toMarkdown(story, refs)).trim()).toBe('<p>Look!<a href="/a">here</a></p>');
  });
});

describe('lists and boxes side by side', () => {
  test('two lists of one kind stay two in Markdown', () => {
    const list = { type: 'bulletList', content: [item('x', paragraph('a'))] };
    const read = htmlOfMarkdown(toMarkdown(body(list, list, list), refs));
    expect(read.match(/<ul>/g)).toHaveLength(3);
  });

  test('an empty paragraph is a block with one empty span, and nothing in text and Markdown', () => {
    const story = body(paragraph('a'), { type: 'paragraph', attrs: id }, paragraph('c'));
    expect(toBlocks(story, refs)[1]).toEqual(block('', 'b'));
    expect(toText(story)).toBe('a\n\nc');
    expect(toMarkdown(story, refs)).toBe('a\n\nc');
  });
});
