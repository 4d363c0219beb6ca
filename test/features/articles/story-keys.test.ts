import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { bounded, withWide } from '../../../src/core/surrogate-keys.ts';
import type { PublishedFilter } from '../../../src/features/articles/published.queries.ts';
import { changedKeys, type Seen } from '../../../src/features/articles/story-keys.ts';
import { listKeys, storyKeys } from '../../../src/features/delivery/page-keys.ts';

const id = (n: number) => new Types.ObjectId(String(n).padStart(24, '0'));
const some = (from: number) => fc.uniqueArray(fc.integer({ min: from, max: from + 3 }), { maxLength: 3 });
const NOW = new Date('2026-11-25T12:00:00Z');

/** A published version of the story with the id 1, of few tags, authors and sections, so that versions often meet. */
const seen: fc.Arbitrary<Seen> = fc
  .record({
    tags: some(10),
    authors: some(20),
    section: fc.option(fc.integer({ min: 30, max: 32 })),
    type: fc.constantFrom('news' as const, 'opinion' as const),
    language: fc.constantFrom('en', 'ga'),
    slug: fc.constantFrom('a', 'b'),
    headline: fc.constantFrom('A', 'B'),
    isBackdated: fc.boolean(),
  })
  .map(({ tags, authors, section, isBackdated, ...rest }) => ({
    _id: id(1),
    ...rest,
    tags: tags.map(id),
    authors: authors.map(id),
    section: section === null ? null : id(section),
    media: [],
    number: 1,
    publishedAt: isBackdated ? new Date(0) : NOW,
    changedAt: NOW,
    corrections: [],
  }));

const filters: fc.Arbitrary<PublishedFilter> = fc
  .record({
    tags: fc.option(some(10), { nil: undefined }),
    authors: fc.option(some(20), { nil: undefined }),
    section: fc.option(some(30), { nil: undefined }),
    type: fc.option(fc.constant(['opinion']), { nil: undefined }),
  })
  .map(({ tags, authors, section, type }) => ({
    ...(tags ? { tags: tags.map(id) } : {}),
    ...(authors ? { authors: authors.map(id) } : {}),
    ...(section ? { section: section.map(id) } : {}),
    ...(type ? { type } : {}),
  }));

/** Whether a list under this filter has the story. */
function has({ tags, authors, section, type }: PublishedFilter, story: Seen | null): boolean {
  if (!story) return false;
  const any = (wanted: readonly unknown[] | undefined, its: readonly unknown[]) =>
    wanted === undefined || wanted.some((one) => its.some((other) => String(other) === String(one)));
  return (
    any(tags, story.tags) &&
    any(authors, story.authors) &&
    any(section, [story.section]) &&
    any(type, [story.type])
  );
}

describe('what a change of a story announces', () => {
  it('reaches every list that it comes into: at the top, and further down where it may stand there', () => {
    fc.assert(
      fc.property(fc.option(seen), seen, filters, (before, after, filter) => {
        fc.pre(has(filter, after) && !has(filter, before));
        const announced = new Set(changedKeys(before, after));
        const isNew = before === null && after.publishedAt === NOW;
        const reaches = (happening: 'top' | 'deep' | 'count') =>
          listKeys(filter, [happening]).some((key) => announced.has(key));

        expect([reaches('top'), reaches('count')]).toEqual([true, true]);
        if (!isNew) expect(reaches('deep')).toBe(true);
      }),
    );
  });

  it('reaches every page that shows it, and every count that it leaves', () => {
    fc.assert(
      fc.property(seen, fc.option(seen), filters, (before, after, filter) => {
        const announced = new Set(changedKeys(before, after));
        const shown = storyKeys(before as never, { sections: new Map(), alternates: new Map() });

        expect(shown.some((key) => announced.has(key))).toBe(true);
        if (has(filter, before) && !has(filter, after))
          expect(listKeys(filter, ['count']).some((key) => announced.has(key))).toBe(true);
      }),
    );
  });

  it('touches no list that it neither comes into nor leaves, by one condition', () => {
    const one = filters.filter((filter) => Object.keys(filter).length === 1);
    fc.assert(
      fc.property(fc.option(seen), fc.option(seen), one, (before, after, filter) => {
        const [values] = Object.values(filter) as [unknown[]];
        fc.pre(values.length === 1 && has(filter, before) === has(filter, after));
        const announced = new Set(changedKeys(before, after));

        expect(
          listKeys(filter, ['top', 'deep', 'count', 'moved', 'left']).filter((key) => announced.has(key)),
        ).toEqual([]);
      }),
    );
  });
});

describe('the tags of a page', () => {
  it('stay within what clients take, and are still reached by every change', () => {
    const kinds = fc.constantFrom('article', 'tag', 'author', 'section', 'media', 'link');
    const keys = fc.array(fc.tuple(kinds, fc.integer({ min: 0, max: 2_000 })), { maxLength: 3_000 });
    fc.assert(
      fc.property(keys, (made) => {
        const all = made.map(([kind, n]) => `${kind}-${String(n).padStart(24, '0')}`);
        const carried = new Set(bounded(all));

        expect([...carried].join(' ').length).toBeLessThan(12_001);
        for (const key of all.slice(0, 50))
          expect(withWide([key]).some((announced) => carried.has(announced))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
