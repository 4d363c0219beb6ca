import { describe, expect, test } from '@jest/globals';
import { BODY_LIMITS } from '../../src/schema/limits.ts';
import { emptyBody, parseBody } from '../../src/schema/parse.ts';
import { doc, MEDIA_ID, paragraph, text } from './bodies.ts';

/** The doc of a body that must parse. */
function parsed(input: unknown) {
  const result = parseBody(input);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.doc;
}

/** The faults of a body that must not parse, as `code /path`. */
function faults(input: unknown): string[] {
  const result = parseBody(input);
  if (result.ok) throw new Error('it parsed');
  return result.issues.map((issue) => `${issue.code} /${issue.path.join('/')}`);
}

describe('what is no body', () => {
  test.each([
    [null, 'invalid_node /'],
    ['<p>text</p>', 'invalid_node /'],
    [[], 'invalid_node /'],
    [{ type: 'paragraph' }, 'invalid_node /'],
    [{ type: 'doc', content: {} }, 'invalid_node /content'],
    [doc(null), 'invalid_node /content/0'],
    [doc([]), 'invalid_node /content/0'],
    [{ type: 'doc', html: '<p>' }, 'unknown_field /html'],
    [doc({ type: 'script' }), 'unknown_node /content/0/type'],
    [doc({ type: 'constructor' }), 'unknown_node /content/0/type'],
    [doc({ type: '__proto__' }), 'unknown_node /content/0/type'],
    [doc({ type: 'doc' }), 'unknown_node /content/0/type'],
    [doc({ type: 7 }), 'unknown_node /content/0/type'],
    [doc({ ...paragraph('a'), html: 'x' }), 'unknown_field /content/0/html'],
    [doc({ type: 'paragraph', attrs: { onclick: 'x' } }), 'unknown_attribute /content/0/attrs/onclick'],
    [doc({ type: 'paragraph', attrs: [] }), 'invalid_attribute /content/0/attrs'],
    [doc({ type: 'paragraph', text: 'x' }), 'unknown_field /content/0/text'],
    [doc({ type: 'heading', attrs: { level: 1 } }), 'invalid_attribute /content/0/attrs/level'],
    [doc({ type: 'heading' }), 'invalid_attribute /content/0/attrs/level'],
    [doc({ type: 'paragraph', attrs: { id: 'a b' } }), 'invalid_attribute /content/0/attrs/id'],
    [doc({ type: 'image', attrs: { media: '../x' } }), 'invalid_attribute /content/0/attrs/media'],
    [
      doc({ type: 'gallery', attrs: { items: [{ media: MEDIA_ID, src: 'x' }] } }),
      'unknown_attribute /content/0/attrs/items/0/src',
    ],
    [doc({ type: 'adSlot', attrs: { slot: 'Top Banner' } }), 'invalid_attribute /content/0/attrs/slot'],
    [
      doc({ type: 'embed', attrs: { provider: 'evil', ref: 'x' } }),
      'invalid_attribute /content/0/attrs/provider',
    ],
    [
      doc({ type: 'embed', attrs: { provider: 'youtube', ref: 'https://youtu.be/x' } }),
      'invalid_attribute /content/0/attrs/ref',
    ],
    [
      doc({ type: 'paragraph', content: [{ type: 'text', text: 'a', marks: [{ type: 'textStyle' }] }] }),
      'unknown_mark /content/0/content/0/marks/0/type',
    ],
    [
      doc({ type: 'paragraph', content: [text('a', { type: 'bold', attrs: { style: 'x' } })] }),
      'unknown_attribute /content/0/content/0/marks/0/attrs/style',
    ],
    [doc({ ...paragraph('a'), marks: [{ type: 'bold' }] }), 'invalid_structure /content/0/marks'],
    [doc({ type: 'text', text: 'a' }), 'invalid_structure /content/0'],
    [doc({ type: 'listItem', content: [paragraph('a')] }), 'invalid_structure /content/0'],
    [doc({ type: 'bulletList' }), 'invalid_structure /content/0/content'],
    [
      doc({ type: 'bulletList', content: [{ type: 'listItem', content: [paragraph('a')] }, paragraph('b')] }),
      'invalid_structure /content/0/content/1',
    ],
    [
      doc({ type: 'factBox', content: [{ type: 'adSlot', attrs: { slot: 'a' } }] }),
      'invalid_structure /content/0/content/0',
    ],
    [doc({ type: 'horizontalRule', content: [paragraph('a')] }), 'invalid_structure /content/0/content/0'],
  ])('%j', (input, fault) => {
    expect(faults(input)).toContain(fault);
  });

  test('all faults are told at once', () => {
    const input = doc(
      { type: 'marquee' },
      { type: 'heading', attrs: { level: 9, style: 'x' } },
      { type: 'paragraph', content: [text('a', { type: 'link', attrs: { href: 'javascript:alert(1)' } })] },
    );
    expect(faults(input)).toEqual([
      'unknown_node /content/0/type',
      'invalid_attribute /content/1/attrs/level',
      'unknown_attribute /content/1/attrs/style',
      'unsafe_url /content/2/content/0/marks/0/attrs/href',
    ]);
  });

  test('but no more than a hundred', () => {
    expect(faults(doc(...Array(500).fill({ type: 'x' })))).toHaveLength(BODY_LIMITS.issues);
  });

  test('`__proto__` in a document is an unknown field and touches nothing', () => {
    const input = JSON.parse(
      `{"type":"doc","__proto__":{"polluted":1},"content":[{"type":"paragraph","attrs":{"__proto__":{"polluted":1}}},
        {"type":"gallery","attrs":{"items":[{"media":"${MEDIA_ID}","__proto__":{"polluted":1}}]}}]}`,
    );
    expect(faults(input)).toEqual([
      'unknown_field /__proto__',
      'unknown_attribute /content/0/attrs/__proto__',
      'unknown_attribute /content/1/attrs/items/0/__proto__',
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('text', () => {
  test.each([['a\u0000b'], ['a\u0008b'], ['a\u000bb'], ['\ud800'], ['a\udc00'], ['\uffff']])(
    '%j is refused',
    (bad) => {
      expect(faults(doc(paragraph(bad)))).toEqual(['invalid_text /content/0/content/0/text']);
      expect(faults(doc({ type: 'image', attrs: { media: MEDIA_ID, caption: bad } }))).toEqual([
        'invalid_text /content/0/attrs/caption',
      ]);
    },
  );

  test('markup and reference tokens are only characters', () => {
    const odd = '<script>alert(1)</script> {user:1:email} {{secret}} #{x} &amp; 😀 \u2028';
    expect(parsed(doc(paragraph(odd))).content[0]?.content).toEqual([{ type: 'text', text: odd }]);
  });

  test('text that is not a string is refused', () => {
    expect(faults(doc({ type: 'paragraph', content: [{ type: 'text', text: 1 }] }))).toEqual([
      'invalid_text /content/0/content/0/text',
    ]);
  });
});

describe('size', () => {
  function nested(levels: number): unknown {
    let node: unknown = paragraph('deep');
    for (let i = 0; i < levels; i += 1) node = { type: 'blockquote', content: [node] };
    return doc(node);
  }

  test('nested as deep as allowed parses; 64 and 100 000 deep are refused, with the path', () => {
    expect(parseBody(nested(BODY_LIMITS.depth - 2)).ok).toBe(true);
    expect(faults(nested(64))).toEqual([`too_deep ${'/content/0'.repeat(BODY_LIMITS.depth + 1)}`]);
    expect(faults(nested(100_000))[0]).toMatch(/^too_deep/);
  });

  test('deep attributes are refused, not walked', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(faults(doc({ type: 'image', attrs: { media: deep } }))).toEqual([
      'invalid_attribute /content/0/attrs/media',
    ]);
    expect(faults(doc({ type: 'paragraph', attrs: { x: deep } }))).toEqual([
      'unknown_attribute /content/0/attrs/x',
    ]);
  });

  test.each([
    ['children', doc(...Array(BODY_LIMITS.children + 1).fill(paragraph('a'))), 'too_large /'],
    [
      'nodes',
      doc(...Array(30).fill({ type: 'blockquote', content: Array(900).fill(paragraph('a')) })),
      'too_large /content/11/content/93/content/0',
    ],
    ['text node', doc(paragraph('a'.repeat(BODY_LIMITS.textNode + 1))), 'too_large /content/0/content/0'],
    [
      'text',
      doc(...Array(11).fill(paragraph('a'.repeat(BODY_LIMITS.textNode)))),
      'too_large /content/10/content/0',
    ],
    [
      'marks',
      doc({ type: 'paragraph', content: [text('a', ...Array(1000).fill({ type: 'bold' }))] }),
      'too_large /content/0/content/0/marks',
    ],
    [
      'gallery',
      doc({ type: 'gallery', attrs: { items: Array(100_000).fill(1) } }),
      'invalid_attribute /content/0/attrs/items',
    ],
  ])('too much: %s', (_what, input, fault) => {
    expect(faults(input)).toContain(fault);
  });
});

describe('the canonical form', () => {
  test('direct children of the document and list items get an id; ids that are there stay', () => {
    const item = { type: 'listItem', content: [paragraph('a')] };
    const { content } = parsed(
      doc({ ...paragraph('kept'), attrs: { id: 'kept' } }, { type: 'bulletList', content: [item, item] }),
    );
    const [first, list] = content;
    expect(first?.attrs).toEqual({ id: 'kept' });
    const ids = [list, ...(list?.content ?? [])].map((node) => node?.attrs?.id);
    expect(ids.every((id) => /^[\w-]{12}$/.test(String(id)))).toBe(true);
    expect(new Set(ids).size).toBe(3);
    expect(list?.content?.[0]?.content?.[0]?.attrs).toBeUndefined();
  });

  test('of two blocks with one id the later gets a new one, wherever it is', () => {
    const same = { ...paragraph('a'), attrs: { id: 'same' } };
    const made = ['same', 'one', 'two'];
    const result = parseBody(doc(same, same, { type: 'blockquote', content: [same] }), {
      newId: () => made.shift() ?? 'three',
    });
    const content = result.ok ? result.doc.content : [];
    expect(content.map((node) => node.attrs?.id)).toEqual(['same', 'one', 'two']);
    expect(content[2]?.content?.[0]?.attrs?.id).toBe('three');
  });

  test('neighbours with the same marks become one text, marks take one order, line breaks become nodes', () => {
    const input = doc({
      type: 'paragraph',
      attrs: { id: 'p' },
      content: [
        text('one', { type: 'italic' }, { type: 'bold' }),
        text(''),
        text(' two\r\nthree', { type: 'bold' }, { type: 'italic' }, { type: 'bold' }),
        text('plain'),
      ],
    });
    const marks = [{ type: 'bold' }, { type: 'italic' }];
    expect(parsed(input).content).toEqual([
      {
        type: 'paragraph',
        attrs: { id: 'p' },
        content: [
          { type: 'text', text: 'one two', marks },
          { type: 'hardBreak', marks },
          { type: 'text', text: 'three', marks },
          { type: 'text', text: 'plain' },
        ],
      },
    ]);
  });

  test('two different links on one text are refused', () => {
    const link = (href: string) => ({ type: 'link', attrs: { href } });
    expect(faults(doc({ type: 'paragraph', content: [text('a', link('/a'), link('/b'))] }))).toEqual([
      'invalid_mark /content/0/content/0/marks',
    ]);
  });

  test('defaults are filled in, blank words mean none, ids are lower case', () => {
    const input = doc({ type: 'image', attrs: { id: 'i', media: MEDIA_ID.toUpperCase(), caption: '  ' } });
    expect(parsed(input).content[0]?.attrs).toEqual({
      id: 'i',
      media: MEDIA_ID,
      caption: null,
      alt: null,
      credit: null,
    });
  });

  test('what an editor writes with null ids parses', () => {
    const input = doc({
      type: 'blockquote',
      attrs: { id: null },
      content: [{ type: 'paragraph', attrs: { id: null } }],
    });
    expect(parsed(input).content[0]?.content).toEqual([{ type: 'paragraph' }]);
  });

  test('an empty body is one', () => {
    expect(parsed({ type: 'doc' })).toEqual(emptyBody());
  });
});
