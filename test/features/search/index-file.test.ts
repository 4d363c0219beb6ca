import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Found, IndexedStory, Question } from '../../../src/features/search/search-index.ts';
import { createAsking } from '../../../src/features/search/sqlite/asking.ts';
import { type Database, loadDriver, reading } from '../../../src/features/search/sqlite/driver.ts';
import { openIndexFile, type Writable } from '../../../src/features/search/sqlite/file.ts';
import { numbersIn } from '../../../src/features/search/sqlite/numbers.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
const NOW = Date.UTC(2026, 10, 26);

let directory: string;
let file: Writable;
let other: Writable;
let db: Database;
let otherDb: Database;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'copydesk-index-'));
  const Driver = await loadDriver();
  const [path, otherPath] = [join(directory, 'published.db'), join(directory, 'other.db')];
  file = await openIndexFile(path, 1_000);
  other = await openIndexFile(otherPath, 1_000);
  db = new Driver(path, { readOnly: true });
  otherDb = new Driver(otherPath, { readOnly: true });
});
afterAll(async () => {
  for (const one of [db, otherDb, file, other]) one.close();
  await rm(directory, { recursive: true, force: true });
});

const story = (number: number, more: Partial<IndexedStory> = {}): IndexedStory => ({
  ...{ id: `story-${number}`, at: NOW - number * WEEK_MS, language: 'en' },
  ...{ head: `Story ${number}`, text: 'The ferry leaves at noon.' },
  marks: {
    section: [`section-${number % 3}`],
    type: ['news'],
    tag: [`tag-${number % 7}`, `tag-${number % 5}`],
  },
  ...more,
});

/** One question after the other to what readers ask, beside the writer. */
function asker(options: { common?: number } = {}, of = db) {
  const { ask } = createAsking(of, options);
  return (q: string, more: Partial<Question> = {}): Found =>
    reading(of, () =>
      ask({
        ...{ q, marks: [], order: 'fit', limit: 200, count: true, facets: true, now: NOW },
        ...more,
      }),
    );
}

const countsOf = (stories: readonly IndexedStory[], mark: 'section' | 'tag') => {
  const counts: Record<string, number> = {};
  for (const { marks } of stories)
    for (const value of marks[mark] ?? []) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

describe('what the hits are filed under', () => {
  // More weeks than are read for one question, some of them before 1970.
  const all = Array.from({ length: 150 }, (_none, number) => story(number * 30));

  it('is counted rightly, whether it is looked up or was kept, and follows every change', () => {
    file.apply({ put: all, remove: [], position: '1' });
    const ask = asker();
    const expectCounts = (stories: readonly IndexedStory[], found = ask('ferry')) => {
      expect(found.total).toBe(stories.length);
      expect(found.facets?.section).toEqual(countsOf(stories, 'section'));
      expect(found.facets?.tag).toEqual(countsOf(stories, 'tag'));
    };
    for (let times = 0; times < 4; times += 1) expectCounts(all);

    const [first, ...others] = all;
    file.apply({ put: [], remove: [first?.id ?? ''] });
    expectCounts(others);
    const again = story(60, { marks: { section: ['elsewhere'] } });
    const changed = others.map((one) => (one.id === again.id ? again : one));
    file.apply({ put: [again], remove: [] });
    expectCounts(changed);
    const moved = { ...again, at: NOW - 3_000 * WEEK_MS };
    file.apply({ put: [moved], remove: [] });
    const now = changed.map((one) => (one.id === again.id ? moved : one));
    expectCounts(now);
    const until = NOW - 100 * WEEK_MS;
    expectCounts(
      now.filter(({ at }) => at < until),
      ask('ferry', { before: until }),
    );

    file.clear();
    file.apply({ put: all.slice(0, 9), remove: [], position: '2' });
    expectCounts(all.slice(0, 9));
  });
});

describe('a word that very many stories have', () => {
  it('is found as any other: headlines first, and the newest', () => {
    const some = Array.from({ length: 8 }, (_none, number) => story(number * 100));
    const headed = story(350, { head: 'The ferry' });
    file.clear();
    file.apply({ put: [...some, headed], remove: [], position: '3' });
    const idsOf = ({ hits }: Found) => hits.map(({ id }) => id);

    const common = idsOf(asker({ common: 3 })('ferry'));

    expect(common).toEqual([headed.id, ...some.map(({ id }) => id)]);
    expect([...idsOf(asker()('ferry'))].sort()).toEqual([...common].sort());
  });
});

describe('an index without stories', () => {
  it.each(['ferry', '"the ferry"', 'ferry*', '"the ferry" noon'])('has no hits for %s', (q) => {
    file.clear();
    const found = asker()(q);
    expect([found.hits, found.more, found.total, found.facets?.section]).toEqual([[], false, 0, {}]);
  });
});

describe('the beginning of a word', () => {
  it('is looked for among the words that stories have, not those of stories that are gone', () => {
    const words = Array.from({ length: 26 }, (_none, at) => `gannet${String.fromCharCode(97 + at)}zz`);
    const some = words.map((text, number) => story(number, { text }));
    file.clear();
    file.apply({ put: some, remove: [], position: '5' });
    const ask = asker();
    expect(ask('gannet*').total).toBe(20);

    file.apply({ put: [], remove: some.slice(0, 22).map(({ id }) => id) });

    for (const q of ['gannet*', 'gannet']) expect(ask(q).total).toBe(4);
  });
});

describe('two files that were written in different order', () => {
  it('have the same order: pages from either join', () => {
    const some = Array.from({ length: 60 }, (_none, number) =>
      story(number, { at: NOW - (number % 4), text: 'Alike.', head: 'Alike' }),
    );
    file.clear();
    file.apply({ put: some, remove: [], position: '4' });
    other.apply({ put: [...some].reverse(), remove: [], position: '4' });
    const inOrder = [...some].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
    for (const order of ['newest', 'oldest', 'fit'] as const) {
      const seen: string[] = [];
      let place: Question['place'];
      for (let page = 0; seen.length < some.length; page += 1) {
        const { hits } = asker({}, page % 2 === 0 ? db : otherDb)('alike', { order, limit: 7, place });
        seen.push(...hits.map(({ id }) => id));
        const last = hits.at(-1);
        if (!last) break;
        place = { ...last, now: NOW, seen: seen.length };
      }
      expect(seen).toEqual(order === 'oldest' ? [...inOrder].reverse() : inOrder);
    }
  });
});

describe('numbers in a text', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (numbers) => {
        expect(numbersIn(numbers.join(' '))).toEqual(numbers);
      }),
    );
  });
});
