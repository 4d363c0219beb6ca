import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffBodies } from '../../../src/features/revisions/diff/body-diff.ts';
import { diffHtml } from '../../../src/features/revisions/diff/html.ts';
import { linesOf, textOf } from '../../../src/features/revisions/diff/lines.ts';
import { newBudget, rangesOf } from '../../../src/features/revisions/diff/ranges.ts';
import { type BodyDoc, type BodyNode, parseBody } from '../../../src/schema/index.ts';
import { arbitraryBody } from '../../schema/arbitrary-body.ts';

type Diff = ReturnType<typeof diffBodies>;

let ids = 0;
/** A body as it is stored; block ids are `b1`, `b2` and on. */
function stored(content: BodyNode[]): BodyDoc {
  const parsed = parseBody({ type: 'doc', content }, { newId: () => `b${++ids}` });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.doc;
}
const p = (id: string, ...content: (string | BodyNode)[]): BodyNode => ({
  type: 'paragraph',
  attrs: { id },
  content: content.map((one) => (typeof one === 'string' ? { type: 'text', text: one } : one)),
});
const bold = (text: string): BodyNode => ({ type: 'text', text, marks: [{ type: 'bold' }] });
const diff = (a: BodyNode[], b: BodyNode[]): Diff => diffBodies(stored(a), stored(b));
const told = ({ blocks }: Diff) =>
  blocks.map(({ id, change, words }) => [id, change, ...words.map((one) => `${one.change}:${one.text}`)]);

/** The new body out of the old one and what changed. */
function applied(a: BodyDoc, { blocks }: Diff): BodyDoc {
  const listed = new Set(blocks.map(({ id }) => id));
  const placed = new Map(blocks.flatMap(({ position, to }) => (to ? [[position.to, to] as const] : [])));
  const rest = a.content.filter(({ attrs }) => !listed.has(String(attrs?.id)));
  const size = placed.size + rest.length;
  return {
    type: 'doc',
    content: Array.from({ length: size }, (_, index) => placed.get(index) ?? (rest.shift() as BodyNode)),
  };
}

/** Some blocks of a body dropped, swapped for others or moved: a revision as editors make them. */
const revised = fc
  .tuple(arbitraryBody, arbitraryBody, fc.array(fc.tuple(fc.nat(4), fc.nat(5), fc.nat(5)), { maxLength: 6 }))
  .map(([first, second, steps]) => {
    const a = stored(first.content as BodyNode[]);
    const others = stored(second.content as BodyNode[]).content;
    const content = structuredClone(a.content);
    for (const [what, at, other] of steps) {
      const block = content[at];
      const stranger = others[other];
      if (what === 0) content.splice(at, 1);
      else if (what === 1 && block) content.splice(other, 0, ...content.splice(at, 1));
      else if (what === 2 && stranger && !content.includes(stranger)) content.splice(at, 0, stranger);
      else if (what === 3 && block && stranger)
        content[at] = { ...stranger, attrs: { ...stranger.attrs, id: block.attrs?.id } };
      else if (block?.content?.[0]?.text) {
        const [first, ...more] = block.content;
        content[at] = { ...block, content: [{ ...first, text: `New ${first.text}`, marks: [] }, ...more] };
      }
    }
    return [a, stored(content)] as const;
  });

describe('the words of a changed block', () => {
  it('are told word by word', () => {
    const changed = diff(
      [p('a', 'The ferry leaves at noon.')],
      [p('a', 'The ferry leaves at one, says Ada.')],
    );

    expect(told(changed)).toEqual([
      ['a', 'changed', 'same:The ferry leaves at ', 'removed:noon', 'added:one, says Ada', 'same:.'],
    ]);
  });

  it('never cut a word, a sign of two units or an accent in two', () => {
    const cases = [
      ['walking', 'walked'],
      ['😀 yes', '😁 yes'],
      ['cafe\u0301', 'cafe\u0300'],
      ['👩🏽‍🚀!', '👩🏽‍🚒!'],
    ] as const;

    for (const [from, to] of cases) {
      const [one] = diff([p('a', from)], [p('a', to)]).blocks;
      const gone = one?.words.find(({ change }) => change === 'removed')?.text ?? '';
      expect(from.split(/[ !]/)[0]).toBe(gone);
      expect(one?.words.every(({ text }) => text.isWellFormed())).toBe(true);
    }
  });

  it('say that only their dress changed', () => {
    const changed = diff([p('a', 'Not a word of it')], [p('a', 'Not ', bold('a word'), ' of it')]);

    expect(changed.blocks[0]?.words).toEqual([
      { text: 'Not ', change: 'same' },
      { text: 'a word', change: 'formatted', from: 'paragraph', to: 'paragraph, bold' },
      { text: ' of it', change: 'same' },
    ]);
  });

  it('say so when a paragraph became a heading', () => {
    const heading = {
      type: 'heading',
      attrs: { id: 'a', level: 3 },
      content: [{ type: 'text', text: 'Tides' }],
    };

    expect(diff([p('a', 'Tides')], [heading]).blocks[0]).toMatchObject({
      change: 'changed',
      words: [{ text: 'Tides', change: 'formatted', from: 'paragraph', to: 'heading 3' }],
    });
  });

  it('are found in lists, tables and fact boxes, and in captions', () => {
    const list = (...texts: string[]): BodyNode => ({
      type: 'bulletList',
      attrs: { id: 'list' },
      content: texts.map((text, index) => ({
        type: 'listItem',
        attrs: { id: `i${index}` },
        content: [p(`q${index}`, text)],
      })),
    });
    const box = (title: string, cell: string): BodyNode => ({
      type: 'factBox',
      attrs: { id: 'box', title },
      content: [
        {
          type: 'table',
          content: [
            {
              type: 'tableRow',
              content: [
                {
                  type: 'tableCell',
                  content: [{ type: 'paragraph', content: [{ type: 'text', text: cell }] }],
                },
              ],
            },
          ],
        },
      ],
    });

    const changed = diff(
      [list('One.', 'Two.', 'Three.'), box('Tides', 'Low water')],
      [list('One.', 'Three.'), box('The tides', 'High water')],
    );

    expect(told(changed)).toEqual([
      ['list', 'changed', 'same:One.\n', 'removed:Two.\n', 'same:Three.'],
      [
        'box',
        'changed',
        'removed:Tides',
        'added:The tides',
        'same:\n',
        'removed:Low',
        'added:High',
        'same: water',
      ],
    ]);
    expect(changed.blocks[1]?.words[0]?.attribute).toBe('title');
  });
});

describe('blocks', () => {
  it('that moved are told as moved, and the others are left alone', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => p(id, `Text ${id}`)) as [
      BodyNode,
      BodyNode,
      BodyNode,
      BodyNode,
    ];

    const moved = diff([a, b, c, d], [d, a, b, c]);

    expect(moved.blocks.map(({ id, change, position }) => [id, change, position])).toEqual([
      ['d', 'moved', { from: 3, to: 0 }],
    ]);
  });

  it('that went stand where they were', () => {
    const changed = diff([p('a', 'A'), p('b', 'B'), p('c', 'C')], [p('a', 'A'), p('n', 'N'), p('c', 'C')]);

    expect(told(changed)).toEqual([
      ['n', 'added', 'added:N'],
      ['b', 'removed', 'removed:B'],
    ]);
  });
});

describe('any two bodies', () => {
  it('differ by what makes the one into the other, with every word of both accounted for', () => {
    fc.assert(
      fc.property(revised, ([a, b]) => {
        const changed = diffBodies(a, b);

        expect(applied(a, changed)).toEqual(b);
        for (const { from, to, words } of changed.blocks) {
          const side = (gone: string) =>
            words
              .filter(({ change }) => change !== gone)
              .map(({ text }) => text)
              .join('');
          if (from) expect(side('added')).toBe(textOf(linesOf(from)));
          if (to) expect(side('removed')).toBe(textOf(linesOf(to)));
        }
        expect(diffBodies(b, b).blocks).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('are compared by ranges that leave the same text between them', () => {
    const text = fc
      .array(fc.constantFrom(...'ab é.\n 😀日', 'cat ', 'e\u0301'), { maxLength: 60 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const ranges = rangesOf(a, b, newBudget());
        let [built, at] = ['', 0];
        for (const { fromA, toA, fromB, toB } of ranges) {
          built += a.slice(at, fromA) + b.slice(fromB, toB);
          at = toA;
          expect([a.slice(0, fromA), b.slice(fromB, toB)].every((part) => part.isWellFormed())).toBe(true);
        }
        expect(built + a.slice(at)).toBe(b);
      }),
      { numRuns: 500 },
    );
  });

  it('of a million characters are answered in bounded time, by blocks where words would cost too much', () => {
    const word = (seed: number) => `w${(seed * 2_654_435_761) % 9_973}`;
    const long = (seed: number, size: number) =>
      Array.from({ length: size }, (_, index) => word(seed + index) + (index % 12 === 11 ? '.' : '')).join(
        ' ',
      );
    const story = (seed: number) =>
      stored(Array.from({ length: 900 }, (_, index) => p(`x${index}`, long(seed + index * 7, 180))));
    const began = performance.now();

    const changed = diffBodies(story(1), story(500));

    expect(changed).toMatchObject({ coarse: true });
    expect(changed.blocks).toHaveLength(900);
    expect(performance.now() - began).toBeLessThan(6_000);
  });
});

describe('the HTML of a diff', () => {
  it('is text only, whatever was written', () => {
    const evil = '<script>alert(1)</script>"\'&';
    const { blocks, coarse } = diff([p('a', 'Old ', evil)], [p('a', 'New ', evil)]);
    const fields = [
      { field: 'headline', from: evil, to: `${evil}!` },
      { field: 'tags', from: [], to: [evil] },
    ];

    const html = diffHtml({ fields, blocks, coarse });

    expect(html).toContain('<del>Old</del><ins>New</ins>');
    expect(html).not.toMatch(/<script|"'&(?!#|amp|quot|lt|gt)/);
    expect(
      html
        .match(/<\/?[a-z]+/g)
        ?.every((tag) => /^<\/?(article|dl|dt|dd|div|small|p|del|ins|br|span)$/.test(tag)),
    ).toBe(true);
  });
});
