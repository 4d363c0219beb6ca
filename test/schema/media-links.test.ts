import { describe, expect, test } from '@jest/globals';
import {
  type BodyDoc,
  type DeliveredMedia,
  mediaIn,
  parseBody,
  placedMedia,
  toBlocks,
  toHtml,
  toMarkdown,
  toText,
  withMedia,
  withoutMedia,
} from '../../src/schema/index.ts';
import { ARTICLE_ID, doc, MEDIA_ID, POSTER_ID, rendition, text } from './bodies.ts';

const linkTo = (media: string) => ({ type: 'link', attrs: { href: `media:${media}` } });
const bold = { type: 'bold' };

function story(...content: unknown[]): BodyDoc {
  const parsed = parseBody(doc({ type: 'paragraph', attrs: { id: 'p' }, content }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.doc;
}

const refsOf = (...renditions: DeliveredMedia['renditions']) => ({
  media: new Map([[MEDIA_ID, { id: MEDIA_ID, alt: '', caption: '', credit: '', renditions }]]),
  articles: new Map(),
});
const paper = { ...rendition('file', 0, 'application/pdf'), url: 'https://cms.example/m/k.pdf?a=1&b=2' };

describe('a link to an item of the library', () => {
  const written = story(text('See '), text('the '), text('minutes', linkTo(MEDIA_ID)), text('.'));

  test('leads to its file in every format, and says in none what it is called here', () => {
    const refs = refsOf(paper);
    expect(toBlocks(written, refs)).toMatchObject([
      {
        markDefs: [{ _type: 'link', _key: 'p.l0', href: paper.url }],
        children: [{ text: 'See the ' }, { text: 'minutes', marks: ['p.l0'] }, { text: '.' }],
      },
    ]);
    const [html, markdown] = [toHtml(written, refs), toMarkdown(written, refs)];
    expect(html).toBe(
      `<p>See the <a href="https://cms.example/m/k.pdf?a=1&amp;b=2" rel="noopener">minutes</a>.</p>`,
    );
    expect(markdown).toBe('See the [minutes](<https://cms.example/m/k.pdf?a=1\\&b=2>).');
    expect(toText(written)).toBe('See the minutes.');
    expect(parseBody(written)).toEqual({ ok: true, doc: written });
  });

  test.each([
    ['the file of a film, not its captions', [rendition('captions.en', 0, 'text/vtt'), paper], paper.url],
    ['the largest of a picture', [rendition('s', 320), rendition('l', 1280)], '/content/v1/media/l.webp'],
  ])('leads to %s', (_what, renditions, href) => {
    expect(toBlocks(written, refsOf(...renditions))).toMatchObject([{ markDefs: [{ href }] }]);
  });

  test.each([
    ['is not public', { media: new Map(), articles: new Map() }],
    ['has no file', refsOf()],
  ])('that %s is no link, and its words are one with those around', (_why, refs) => {
    expect(toBlocks(written, refs)).toMatchObject([
      { markDefs: [], children: [{ text: 'See the minutes.', marks: [] }] },
    ]);
    expect(toHtml(written, refs)).toBe('<p>See the minutes.</p>');
    expect(toMarkdown(written, refs)).toBe('See the minutes.');
  });

  test('keeps what else its words are, and other links', () => {
    const outside = { type: 'link', attrs: { href: '/a' } };
    const mixed = story(text('x', linkTo(ARTICLE_ID), bold), text('y', outside));
    expect(toHtml(mixed, refsOf(paper))).toBe('<p><strong>x</strong><a href="/a">y</a></p>');
  });

  test('is a use of it, once for all its words, in the place of its mark', () => {
    const runs = [
      text('a', bold),
      text('b', linkTo(MEDIA_ID)),
      text('c', bold, linkTo(MEDIA_ID)),
      text('d', linkTo(POSTER_ID)),
      text('e'),
      text('f', bold, linkTo(MEDIA_ID)),
    ];
    const at = (index: number) => `/body/content/0/content/${index}/marks/0/attrs/href`;
    const use = { block: 'p', kind: 'any', use: 'link' };
    const linking = story(...runs);
    expect(placedMedia(linking, '/body')).toEqual([
      { media: MEDIA_ID, pointer: at(1), ...use },
      { media: POSTER_ID, pointer: at(3), ...use },
      { media: MEDIA_ID, pointer: at(5), ...use },
    ]);
    expect(mediaIn(linking)).toEqual([MEDIA_ID, POSTER_ID]);
  });

  test('moves in all its words when another stands in its place', () => {
    const linking = story(text('a', linkTo(MEDIA_ID)), text('b', linkTo(MEDIA_ID), bold), text('c'));
    const moved = withMedia(linking, new Map([[MEDIA_ID, POSTER_ID]]), () => false);
    expect(moved).toEqual(story(text('a', linkTo(POSTER_ID)), text('b', linkTo(POSTER_ID), bold), text('c')));
    expect(linking).toEqual(withMedia(linking, new Map([[POSTER_ID, MEDIA_ID]]), () => false));
  });

  test('goes with what is gone, and leaves the words as if it had never been there', () => {
    const linking = story(text('a '), text('b', linkTo(MEDIA_ID)), text(' c', linkTo(POSTER_ID), bold));
    const left = withoutMedia(linking, new Set([MEDIA_ID]));
    expect(left).toEqual(story(text('a b'), text(' c', linkTo(POSTER_ID), bold)));
  });
});
