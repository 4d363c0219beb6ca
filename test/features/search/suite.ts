import { beforeAll, describe, expect, it } from '@jest/globals';
import type {
  Batch,
  Found,
  IndexedStory,
  Question,
  SearchIndex,
} from '../../../src/features/search/search-index.ts';

/** What an implementation can do beyond what all of them must. */
export interface Abilities {
  readonly relevance: boolean;
  readonly phrases: boolean;
  readonly beginnings: boolean;
  readonly slips: boolean;
  /** Pages by fit go on where they were, also when weights have changed meanwhile. */
  readonly steady: boolean;
}

const NOW = Date.UTC(2026, 10, 25, 12);
const HOUR = 3_600_000;

const story = (id: string, hoursAgo: number, more: Partial<IndexedStory> = {}): IndexedStory => ({
  id,
  at: NOW - hoursAgo * HOUR,
  language: 'en',
  head: 'Nothing in particular',
  text: '',
  marks: { section: ['s1'], tag: [], type: ['news'], language: ['en'] },
  ...more,
});

const STORIES: readonly IndexedStory[] = [
  story('wall', 1, {
    head: 'Harbour wall to be raised',
    text: 'Work on the harbour wall starts after the spring tides, the council said.',
    marks: { section: ['s1'], tag: ['t1', 't2'], type: ['news'], language: ['en'] },
  }),
  story('vote', 30, {
    head: 'Council votes on rates',
    text: 'The councillors voted late. Nobody spoke of the harbour, and the wall of silence held.',
    marks: { section: ['s2'], tag: ['t2'], type: ['analysis'], language: ['en'] },
  }),
  story('fear', 2000, {
    head: 'An fear sa chathair',
    text: 'Chonaic mé an bhfear i gcathair mhór.',
    language: 'ga',
    marks: { section: ['s2'], tag: [], type: ['feature'], language: ['ga'] },
  }),
  story('tidning', 50, {
    head: 'Tidningarnas framtid',
    text: 'Hästar och hö på ön.',
    language: 'sv',
    marks: { section: ['s1'], tag: [], type: ['news'], language: ['sv'] },
  }),
  ...Array.from({ length: 12 }, (_, at) =>
    story(`ferry${at}`, 100 + at, { text: 'The ferry leaves at noon.' }),
  ),
];

/** What every implementation of search has to do: run over each of them. */
export function behavesAsSearch(name: string, make: () => Promise<SearchIndex>, can: Abilities): void {
  describe(name, () => {
    let index: SearchIndex;
    beforeAll(async () => {
      index = await make();
      await index.apply({ put: STORIES, remove: [], position: '7' });
    }, 60_000);

    const ask = (q: string, more: Partial<Question> = {}): Promise<Found> =>
      index.query({ q, marks: [], order: 'fit', limit: 10, count: false, facets: false, now: NOW, ...more });
    const idsOf = async (q: string, more?: Partial<Question>) =>
      (await ask(q, more)).hits.map(({ id }) => id);
    const apply = (batch: Partial<Batch>) => index.apply({ put: [], remove: [], ...batch });

    it.each([
      ['a word', 'tides', ['wall']],
      ['another form of it', 'VOTING', ['vote']],
      ['several words, all of them', 'harbour council', ['vote', 'wall']],
      ['no story with all of them', 'harbour ferry', []],
      ['a word without its accents', 'hastar', ['tidning']],
      ['a form of another language', 'tidning', ['tidning']],
      ['a word with an Irish mutation', 'cathair', ['fear']],
      ['no words', '?!', []],
      ['an operator as words', 'harbour NOT tides', []],
      ['a column and a pattern as words', 'm:x0xs1 .*', []],
      ['a marker as a word', 'x0xs1', []],
      ['hostile marks', '"a AND (((', []],
    ])('finds %s', async (_what, q, ids) => {
      expect((await idsOf(q)).sort()).toEqual(ids);
    });

    it('goes newest first, oldest first, in pages that join', async () => {
      const newest = await idsOf('ferry', { order: 'newest', limit: 100 });
      expect(newest).toEqual(Array.from({ length: 12 }, (_, at) => `ferry${at}`));
      expect(await idsOf('ferry', { order: 'oldest', limit: 100 })).toEqual([...newest].reverse());

      const seen: string[] = [];
      for (const order of ['newest', 'fit'] as const) {
        seen.length = 0;
        let place: Question['place'];
        let more = true;
        while (more) {
          const found = await ask('ferry', { order, limit: 5, place });
          const last = found.hits.at(-1);
          seen.push(...found.hits.map(({ id }) => id));
          more = found.more;
          place = last && { ...last, now: NOW };
        }
        expect(seen).toHaveLength(12);
        expect([...seen].sort()).toEqual([...newest].sort());
      }
    });

    it('narrows by what a story is filed under, and by time', async () => {
      expect(await idsOf('council', { marks: [{ section: ['s2', 's3'] }] })).toEqual(['vote']);
      expect(await idsOf('council', { marks: [{ tag: ['t2'] }, { type: ['news'] }] })).toEqual(['wall']);
      expect(await idsOf('council', { marks: [{ tag: [] }] })).toEqual([]);
      expect(await idsOf('council', { after: NOW - 2 * HOUR })).toEqual(['wall']);
      expect(await idsOf('council', { before: NOW - 2 * HOUR })).toEqual(['vote']);
    });

    it('counts, as a whole and by section, tag, type and month', async () => {
      const found = await ask('council', { count: true, facets: true, limit: 1 });

      expect(found).toMatchObject({ total: 2, more: true });
      expect(found.facets).toEqual({
        section: { s1: 1, s2: 1 },
        tag: { t1: 1, t2: 2 },
        type: { news: 1, analysis: 1 },
        month: { '2026-11': 2 },
      });
      expect(await ask('ferry', { count: true })).toMatchObject({ total: 12 });
      expect(await ask('nowhere', { count: true, facets: true })).toMatchObject({ total: 0, hits: [] });
    });

    it('tells the stems that were found, for the highlights', async () => {
      expect((await ask('harbours')).stems).toContain('harbour');
    });

    it('takes a story in another text, and under another time, and forgets the old ones', async () => {
      await apply({ put: [story('moving', 3, { text: 'zebra crossing' })] });
      await apply({ put: [story('moving', 9, { text: 'giraffe' })], position: '8' });

      expect(await idsOf('zebra')).toEqual([]);
      expect(await idsOf('giraffe', { before: NOW - 8 * HOUR })).toEqual(['moving']);
      await apply({ remove: ['moving', 'never there'] });
      expect(await ask('giraffe', { count: true })).toMatchObject({ hits: [], total: 0 });
      expect(await index.position()).toBe('8');
    });

    it('keeps stories of one second apart', async () => {
      const at = NOW - HOUR * 500;
      const many = Array.from({ length: 300 }, (_, n) => story(`same${n}`, 0, { at, text: 'simultaneous' }));
      await apply({ put: many });

      expect((await ask('simultaneous', { limit: 100, count: true })).total).toBe(300);
      await apply({ remove: many.map(({ id }) => id) });
    });

    it.each([...(['newest', 'oldest'] as const), ...(can.steady ? (['fit'] as const) : [])])(
      'goes through stories of one moment in the order of their ids, also when the last hit is gone: %s',
      async (order) => {
        const at = NOW - HOUR * 700;
        const ids = [4, 1, 6, 3, 0, 5, 2].map((n) => `moment${n}`);
        await apply({ put: ids.map((id) => story(id, 0, { at, text: 'momentary' })) });
        const inOrder = [...ids].sort();
        if (order !== 'oldest') inOrder.reverse();
        const seen: string[] = [];
        let place: Question['place'];
        for (let page = 0; page < 5; page += 1) {
          const { hits } = await ask('momentary', { order, limit: 2, place });
          const last = hits.at(-1);
          if (!last) break;
          seen.push(...hits.map(({ id }) => id));
          place = { ...last, now: NOW, seen: seen.length };
          // What was there is gone, or was changed in its place.
          await apply(
            page === 0 ? { remove: [last.id] } : { put: [story(last.id, 0, { at, text: 'momentary' })] },
          );
        }

        expect(seen).toEqual(inOrder);
        await apply({ remove: ids });
      },
    );

    it('is narrowed by time to the millisecond, in what it finds and in what it counts', async () => {
      const at = NOW - HOUR * 800;
      const ids = Array.from({ length: 300 }, (_, n) => `bound${n}`);
      await apply({ put: ids.map((id, n) => story(id, 0, { at: n < 298 ? at : at + 1, text: 'bounded' })) });
      const asked = { limit: 100, count: true, facets: true } as const;
      const counted = async (more: Partial<Question>) => {
        const { hits, total, facets } = await ask('bounded', { ...asked, ...more });
        return [hits.length, total, facets?.type.news ?? 0];
      };

      expect(await counted({ before: at })).toEqual([0, 0, 0]);
      expect(await counted({ before: at + 1 })).toEqual([100, 298, 298]);
      expect(await counted({ after: at })).toEqual([2, 2, 2]);
      expect(await counted({ after: at - 1, before: at + 2 })).toEqual([100, 300, 300]);
      expect(await counted({ after: at, before: at + 1 })).toEqual([0, 0, 0]);
      await apply({ remove: ids });
    });

    const whether = (able: boolean) => (able ? it : it.skip);

    whether(can.relevance)('puts a story about it before one that mentions it', async () => {
      expect(await idsOf('harbour')).toEqual(['wall', 'vote']);
    });

    whether(can.phrases)('finds a phrase in its order only', async () => {
      expect(await idsOf('"harbour wall"')).toEqual(['wall']);
      expect(await idsOf('"wall harbour"')).toEqual([]);
    });

    whether(!can.phrases)('takes a phrase as words', async () => {
      expect(await idsOf('"wall harbour"')).toEqual(['wall', 'vote']);
    });

    whether(can.beginnings)('finds what the last word begins', async () => {
      expect((await idsOf('counc')).sort()).toEqual(['vote', 'wall']);
      expect(await idsOf('council tid*')).toEqual(['wall']);
      expect(await idsOf('counc tides')).toEqual([]);
    });

    whether(can.slips)('forgives one slip in a word that no story has', async () => {
      expect((await idsOf('harbuor')).sort()).toEqual(['vote', 'wall']);
      expect(await idsOf('coucil tides')).toEqual(['wall']);
    });

    whether(can.slips)('does not tell by a slip that a story was there', async () => {
      await apply({ put: [story('gone', 1, { text: 'ferrx' })] });
      await apply({ remove: ['gone'] });

      expect(await idsOf('ferrx', { limit: 100 })).toHaveLength(12);
    });

    it('says how it is, and can be emptied', async () => {
      expect(await index.health()).toMatchObject({ state: 'ready', stories: STORIES.length });
      await index.clear();
      expect(await index.position()).toBeNull();
      expect(await index.health()).toMatchObject({ state: 'building', stories: 0 });
    });
  });
}
