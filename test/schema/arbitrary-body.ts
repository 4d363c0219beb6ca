import fc from 'fast-check';
import type { BodyMark, BodyNode } from '../../src/schema/types.ts';
import { ARTICLE_ID, MEDIA_ID, POSTER_ID } from './bodies.ts';

/** Pieces of text that some format gives a meaning to, beside letters and signs from everywhere. */
const TRICKY = [
  ...'abcdeåäö123 *_`~[](){}<>#+-=|!\\&;:."\'/?@^$%,€—“”😀\u00a0\u2028\u200b',
  ...[
    '**',
    '__',
    '~~',
    '```',
    '---',
    '***',
    '===',
    '1. ',
    '12) ',
    '- ',
    '+ ',
    '> ',
    '# ',
    '  ',
    '    ',
    '\t',
    '\n',
  ],
  ...[
    '<b>',
    '</p>',
    '<!--',
    '-->',
    '<script>alert(1)</script>',
    '&amp;',
    '&#42;',
    '&lt;b&gt;',
    ']]>',
    '{{x}}',
  ],
  ...[
    'http://a.example/*x*',
    'a@b.example',
    '![x](y)',
    '[x]: /y',
    '| a | b |',
    '|---|---|',
    '\\*',
    '<http://a.b>',
  ],
];

const words = fc
  .array(fc.constantFrom(...TRICKY), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''));

const plainMark = fc
  .constantFrom('bold', 'italic', 'underline', 'strike', 'superscript', 'subscript', 'leadIn')
  .map((type): BodyMark => ({ type }));

const link = fc
  .constantFrom(
    ...['https://a.example/?x=1&copy=2', '/a|b', 'mailto:a@b.example', 'https://a.example/(x)_*y*>'],
    // Of these two, only the first leads to a file.
    ...[`media:${MEDIA_ID}`, `media:${ARTICLE_ID}`],
  )
  .map((href): BodyMark => ({ type: 'link', attrs: { href } }));

const marks = fc
  .tuple(
    fc.uniqueArray(plainMark, { maxLength: 3, selector: (mark) => mark.type }),
    fc.option(link, { freq: 4 }),
  )
  .map(([plain, linked]) => (linked ? [...plain, linked] : plain));

const inline: fc.Arbitrary<BodyNode> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ type: fc.constant('text'), text: words, marks }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('hardBreak'), marks }) },
);

const line = fc.array(inline, { maxLength: 5 });
const caption = fc.option(words, { nil: null });
const picture = fc.record({ media: fc.constant(MEDIA_ID), caption, alt: caption, credit: caption });

/** The visible part of a clip without a caption differs between formats: none is made here. */
const clip = { media: fc.constant(MEDIA_ID), caption: words.map((text) => `x${text}`) };
const atom = (type: string, attrs: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ type: fc.constant(type), attrs: fc.record(attrs) });
const lined = (type: string, attrs: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ type: fc.constant(type), attrs: fc.record(attrs), content: line });
const list = (content: fc.Arbitrary<BodyNode>, min: number, max: number) =>
  fc.array(content, { minLength: min, maxLength: max });

const blocks = fc.letrec<Record<'block' | 'paragraph' | 'item' | 'cell', BodyNode>>((tie) => {
  const parent = (type: string, content: fc.Arbitrary<BodyNode[]>) =>
    fc.record({ type: fc.constant(type), content });
  return {
    paragraph: lined('paragraph'),
    item: fc
      .tuple(tie('paragraph'), list(tie('block'), 0, 2))
      .map(([first, rest]) => ({ type: 'listItem', content: [first, ...rest] })),
    cell: fc
      .record({
        type: fc.constantFrom('tableCell', 'tableHeader'),
        content: fc.oneof({ weight: 3, arbitrary: list(tie('paragraph'), 1, 2) }, list(tie('block'), 1, 2)),
        span: fc.constantFrom(1, 1, 1, 1, 1, 2),
      })
      .map(({ type, content, span }) => ({ type, content, attrs: { colspan: span } })),
    block: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      tie('paragraph'),
      lined('heading', { level: fc.constantFrom(2, 3, 4) }),
      lined('pullQuote', { credit: caption }),
      atom('image', { ...{ media: fc.constant(MEDIA_ID) }, caption, alt: caption, credit: caption }),
      atom('gallery', { items: fc.array(picture, { maxLength: 2 }) }),
      atom('video', { ...clip, poster: fc.constantFrom(null, POSTER_ID) }),
      atom('audio', clip),
      atom('embed', { provider: fc.constant('youtube'), ref: fc.constant('dQw4w9WgXcQ') }),
      atom('relatedArticle', { article: fc.constant(ARTICLE_ID) }),
      atom('horizontalRule'),
      parent('bulletList', list(tie('item'), 1, 3)),
      parent('orderedList', list(tie('item'), 1, 3)),
      parent('blockquote', list(tie('block'), 1, 3)),
      fc.record({
        type: fc.constant('factBox'),
        attrs: fc.record({ title: fc.oneof(words, fc.constant('')) }),
        content: list(tie('block'), 1, 2),
      }),
      parent('table', list(parent('tableRow', list(tie('cell'), 0, 3)), 1, 3)),
    ),
  };
});

const slot = fc.oneof(
  atom('adSlot', { slot: fc.constant('mid-1') }),
  atom('appealSlot', { placement: fc.constant('end') }),
);

/** Any body that the schema takes, of every node and mark. */
export const arbitraryBody = fc
  .array(fc.oneof({ weight: 9, arbitrary: blocks.block }, slot), { maxLength: 6 })
  .map((content) => ({ type: 'doc' as const, content }));
