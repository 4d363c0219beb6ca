import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeBlocks } from '../../../src/features/merge/blocks.ts';
import type { Conflict } from '../../../src/features/merge/conflicts.ts';
import { mergeStory } from '../../../src/features/merge/merge-story.ts';
import { mergeOrder } from '../../../src/features/merge/order.ts';
import type { BodyNode } from '../../../src/schema/index.ts';

const block = (id: string, text = id): BodyNode => ({
  type: 'paragraph',
  attrs: { id },
  content: [{ type: 'text', text }],
});
const blocks = (ids: string): BodyNode[] => ids.split('').map((id) => block(id));
const idsOf = (list: readonly BodyNode[]): string => list.map(({ attrs }) => attrs?.id).join('');
const textOf = (node: BodyNode | undefined): string | undefined => node?.content?.[0]?.text;
const bulletList = (...items: BodyNode[]): BodyNode => ({
  type: 'bulletList',
  attrs: { id: 'list' },
  content: items.map((item) => ({ type: 'listItem', attrs: { id: `i-${item.attrs?.id}` }, content: [item] })),
});

describe('the order of blocks', () => {
  it.each([
    ['nothing changed', 'abc', 'abc', 'abc', 'abc'],
    ['one inserted', 'abc', 'abc', 'axbc', 'axbc'],
    ['both inserted in different places', 'abc', 'xabc', 'abcy', 'xabcy'],
    ['both inserted in the same place', 'ab', 'axb', 'ayb', 'axyb'],
    ['both inserted the same', 'ab', 'axb', 'axb', 'axb'],
    ['each removed another', 'abcd', 'bcd', 'abc', 'bc'],
    ['one moved, one inserted', 'abcd', 'dabc', 'abxcd', 'dabxc'],
    ['one moved what stands beside what the other removed', 'abcd', 'acdb', 'abd', 'adb'],
    ['each moved another', 'abcdef', 'bcdefa', 'fabcde', 'fbcdea'],
    ['both moved the same alike', 'abcd', 'bcda', 'bcda', 'bcda'],
    ['one moved what the other removed', 'abc', 'cab', 'ab', 'ab'],
  ])('%s', (_what, base, theirs, yours, merged) => {
    const { order, clashes } = mergeOrder(base.split(''), theirs.split(''), yours.split(''));

    expect([order.join(''), clashes]).toEqual([merged, []]);
  });

  it('is a clash where both moved one block to different places', () => {
    expect(mergeOrder([...'abcd'], [...'bcad'], [...'bcda']).clashes).toEqual(['a']);
  });
});

describe('blocks', () => {
  it('that only one side touched are merged', () => {
    const base = blocks('abc');
    const theirs = [block('a', 'theirs'), block('b'), block('c')];
    const yours = [block('a'), block('x', 'new'), block('c', 'yours')];

    const merged = mergeBlocks(base, theirs, yours);

    expect(merged).toEqual({
      blocks: [block('a', 'theirs'), block('x', 'new'), block('c', 'yours')],
      conflicts: [],
    });
  });

  it('that both changed alike are no clash, changed differently are one', () => {
    const merged = mergeBlocks(
      blocks('ab'),
      [block('a', 'same'), block('b', 'theirs')],
      [block('a', 'same'), block('b', 'yours')],
    );

    expect(merged.conflicts).toEqual([
      {
        block: 'b',
        what: 'content',
        base: block('b'),
        theirs: block('b', 'theirs'),
        yours: block('b', 'yours'),
      },
    ]);
  });

  it.each([
    ['they', [block('a')], [block('a'), block('b', 'changed')]],
    ['you', [block('a'), block('b', 'changed')], [block('a')]],
  ])('that %s removed while the other side changed it are a clash', (_who, theirs, yours) => {
    expect(mergeBlocks(blocks('ab'), theirs, yours).conflicts).toMatchObject([
      { block: 'b', what: 'content' },
    ]);
  });

  it('that both moved elsewhere tell after which block', () => {
    const { conflicts } = mergeBlocks(blocks('abcd'), blocks('bcad'), blocks('bcda'));

    expect(conflicts).toEqual([
      { block: 'a', what: 'place', base: { after: null }, theirs: { after: 'c' }, yours: { after: 'd' } },
    ]);
  });

  it('of a list are its items', () => {
    const base = [bulletList(block('a'), block('b'))];
    const theirs = [bulletList(block('a', 'theirs'), block('b'))];
    const yours = [bulletList(block('a'), block('b', 'yours'), block('c'))];

    expect(mergeBlocks(base, theirs, yours)).toEqual({
      blocks: [bulletList(block('a', 'theirs'), block('b', 'yours'), block('c'))],
      conflicts: [],
    });
  });
});

describe('fields', () => {
  const base = {
    headline: 'H',
    kicker: 'K',
    tags: ['t1', 't2'],
    authors: ['a1', 'a2', 'a3', 'a4'],
    seo: { title: null, noindex: false },
    hero: { media: 'm', alt: '', caption: '', credit: '' },
    embargoUntil: null,
  };
  const merge = (theirs: object, yours: Record<string, unknown>) =>
    mergeStory(base, { ...base, ...theirs }, yours);

  it.each<[string, object, Record<string, unknown>, object]>([
    ['of one side', { kicker: 'theirs' }, { headline: 'mine' }, { headline: 'mine' }],
    ['changed alike', { headline: 'same' }, { headline: 'same' }, {}],
    ['sent as they were', { headline: 'theirs' }, { headline: 'H' }, {}],
    ['tags of both', { tags: ['t1', 't2', 't3'] }, { tags: ['t2', 't4'] }, { tags: ['t2', 't3', 't4'] }],
    [
      'bylines of both',
      { authors: ['a2', 'a3'] },
      { authors: ['a1', 'a3', 'a2'] },
      { authors: ['a3', 'a2'] },
    ],
    [
      'members of one object',
      { seo: { title: 'T', noindex: false } },
      { seo: { noindex: true } },
      { seo: { title: 'T', noindex: true } },
    ],
    [
      'words of one picture',
      { hero: { ...base.hero, alt: 'theirs' } },
      { hero: { ...base.hero, credit: 'mine' } },
      { hero: { ...base.hero, alt: 'theirs', credit: 'mine' } },
    ],
  ])('%s are merged', (_what, theirs, yours, changes) => {
    expect(merge(theirs, yours)).toEqual({ changes, conflicts: [] });
  });

  it.each<[string, object, Record<string, unknown>]>([
    ['/headline', { headline: 'theirs' }, { headline: 'mine' }],
    [
      '/embargoUntil',
      { embargoUntil: '2030-01-01T00:00:00.000Z' },
      { embargoUntil: '2031-01-01T00:00:00.000Z' },
    ],
    ['/seo/title', { seo: { title: 'T', noindex: false } }, { seo: { title: 'M' } }],
    ['/authors', { authors: ['a2', 'a3', 'a1', 'a4'] }, { authors: ['a2', 'a3', 'a4', 'a1'] }],
    ['/hero', { hero: { ...base.hero, media: 'other' } }, { hero: { ...base.hero, alt: 'mine' } }],
  ])('%s changed differently by both is a clash', (pointer, theirs, yours) => {
    expect(merge(theirs, yours).conflicts).toMatchObject([{ pointer, what: 'content' }]);
  });
});

/** A side: the base with blocks changed, removed, moved and inserted. Inserted ids carry the side's letter. */
const side = (letter: string) =>
  fc
    .record({
      keep: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }),
      moves: fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 2 }),
      inserts: fc.array(fc.nat(8), { maxLength: 3 }),
    })
    .map(({ keep, moves, inserts }) => {
      // 0: removed, 1: changed, 2: changed as the other side changes it, else left alone.
      const list = [...'abcdefgh'].flatMap((id, index) => {
        const fate = keep[index] ?? 9;
        if (fate === 0) return [];
        return [block(id, fate === 1 ? `${id} by ${letter}` : fate === 2 ? `${id} alike` : id)];
      });
      for (const [from, to] of moves) {
        const [moved] = list.splice(from, 1);
        if (moved) list.splice(to, 0, moved);
      }
      inserts.forEach((at, index) => {
        list.splice(at, 0, block(`${letter}${index}`));
      });
      return list;
    });

const base = blocks('abcdefgh');
const turned = (conflicts: readonly Conflict[]) =>
  conflicts
    .map(({ theirs, yours, ...rest }) => ({ ...rest, theirs: yours, yours: theirs }))
    .sort((a, b) => `${a.block}${a.what}`.localeCompare(`${b.block}${b.what}`));
const sorted = (conflicts: readonly Conflict[]) =>
  [...conflicts].sort((a, b) => `${a.block}${a.what}`.localeCompare(`${b.block}${b.what}`));

describe('any two versions of a body', () => {
  it('one of which is the base give the other', () => {
    fc.assert(
      fc.property(side('y'), (changed) => {
        expect(mergeBlocks(base, base, changed)).toEqual({ blocks: changed, conflicts: [] });
        expect(mergeBlocks(base, changed, base)).toEqual({ blocks: changed, conflicts: [] });
        expect(mergeBlocks(base, changed, changed)).toEqual({ blocks: changed, conflicts: [] });
      }),
    );
  });

  it('give the same in either order', () => {
    fc.assert(
      fc.property(side('t'), side('y'), (theirs, yours) => {
        const one = mergeBlocks(base, theirs, yours);
        const other = mergeBlocks(base, yours, theirs);

        expect(sorted(one.conflicts)).toEqual(turned(other.conflicts));
        if (one.conflicts.length === 0) expect(one.blocks).toEqual(other.blocks);
      }),
    );
  });

  it('never lose a block that one side alone changed or wrote, and bring back none that one side removed', () => {
    fc.assert(
      fc.property(side('t'), side('y'), (theirs, yours) => {
        const { blocks: merged, conflicts } = mergeBlocks(base, theirs, yours);
        const clashing = new Set(conflicts.map((one) => one.block));
        const find = (list: readonly BodyNode[], id: string) => list.find(({ attrs }) => attrs?.id === id);
        expect(new Set(idsOf(merged).match(/[ty]\d|[a-h]/g)).size).toBe(merged.length);
        for (const [mine, their] of [
          [theirs, yours],
          [yours, theirs],
        ] as const) {
          for (const node of mine) {
            const id = String(node.attrs?.id);
            if (clashing.has(id)) continue;
            const before = find(base, id);
            const changed = textOf(node) !== textOf(before);
            if (changed) expect(textOf(find(merged, id))).toBe(textOf(node));
            if (before && !find(their, id)) expect(find(merged, id)).toBeUndefined();
          }
        }
      }),
    );
  });
});
