import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COUNT_CAP } from '../../../src/features/search/search-index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import {
  insertMade,
  insertStories,
  languageOf,
  type MadeStory,
  madeStory,
  slugOf,
  topicOf,
} from '../../support/made-stories.ts';
import { until } from '../../support/records.ts';
import { seed } from '../demo/newsroom.ts';
import { CAN, ENGINES, isTame, markedIn, searchingBy } from './engines.ts';
import type { Ability } from './judged-queries.ts';

/** `BENCH_STORIES=100000` looks through as many as a large archive has. */
const STORIES = Number(process.env.BENCH_STORIES ?? 600);
const LOOKED_FOR = Array.from({ length: 12 }, (_none, at) => Math.floor((at * (STORIES - 1)) / 11));
const MINUTES = 60_000;
const HOUR_MS = 3_600_000;

/** Stories with a word that no made one has: where it says most of them, and where it says less. */
const [HEADLINE, STANDFIRST, TEXT, OLD, HOSTILE] = [1, 2, 3, 4, 5].map((more) => STORIES + more) as [
  number,
  number,
  number,
  number,
  number,
];
const RARE = 'quixotry';
const plain = { language: 'en', publishedAt: madeStory(0).publishedAt } as const;
const PLACED: readonly MadeStory[] = [
  placed(HEADLINE, { headline: `The ${RARE} of the council` }),
  placed(STANDFIRST, { standfirst: `It was ${RARE}, said the council.` }),
  placed(TEXT, { paragraphs: [...madeStory(0).paragraphs, `It was ${RARE}, said the council.`] }),
  placed(OLD, {
    headline: `The ${RARE} of the council`,
    publishedAt: new Date(plain.publishedAt.getTime() - 5 * 365 * 24 * HOUR_MS),
  }),
  placed(HOSTILE, {
    headline: '<img src=x onerror=alert(1)> zanzibarix & <mark>not ours</mark>',
    standfirst: '</p><script>zanzibarix()</script> "zanzibarix" &lt;b&gt;',
  }),
];

function placed(number: number, words: Partial<MadeStory>): MadeStory {
  const { paragraphs } = madeStory(0);
  return { number, headline: 'A day at the council', standfirst: '', paragraphs, ...plain, ...words };
}

const apps = new Map<string, TestApp>();
beforeAll(async () => {
  const [main = '', ...others] = ENGINES;
  const first = await createTestApp(searchingBy(main));
  apps.set(main, first);
  await seed(first);
  for (const engine of others) apps.set(engine, await createTestApp(searchingBy(engine), { beside: first }));
  const published = first.db.collection('published') as never;
  const model = await first.db.collection('published').findOne({ 'tags.0': { $exists: true } });
  const sections = (await first.db.collection('sections').find().toArray()).map(({ _id }) => _id);
  if (!model) throw new Error('the demo has no story with a tag');
  await insertMade(published, { model, sections, count: STORIES });
  await insertStories(published, PLACED, { model, sections });
  for (const app of apps.values()) {
    await app.start('search feed').ready;
    await until(async () => (await app.indexes.published.health()).stories > STORIES, 30 * MINUTES);
  }
}, 60 * MINUTES);
afterAll(async () => {
  for (const app of [...apps.values()].reverse()) await app.close();
});

describe.each(ENGINES)('made stories, %s', (engine) => {
  const search = (query: Record<string, string>) =>
    (apps.get(engine) as TestApp).anonymous.content.search.search({
      query: { q: '', limit: '50', ...query },
    });
  const slugs = async (q: string) => (await search({ q })).data.map(({ slug }) => slug);
  /** Tests of what this engine can do. */
  const which = (ability: Ability) => (CAN[engine]?.includes(ability) ? it : it.skip);

  it.each(LOOKED_FOR)('finds story %i by what it is about, and marks it', async (number) => {
    const [one = '', two = '', three = ''] = topicOf(number);
    const { data } = await search({ q: `${one} ${two} ${three}.` });
    const hit = data.find(({ slug }) => slug === slugOf(number));

    expect(hit).toMatchObject({ headline: madeStory(number).headline, language: languageOf(number) });
    expect(hit?.highlights.headline).toContain(`<mark>${one}</mark>`);
  });

  which('phrases').each(LOOKED_FOR)(
    'finds story %i by words in their order, and not in another',
    async (number) => {
      const [one, two, three] = madeStory(number).headline.split(' ');

      expect(await slugs(`"${one} ${two} ${three}"`)).toContain(slugOf(number));
      expect(await slugs(`"${three} ${one} ${two}"`)).not.toContain(slugOf(number));
    },
  );

  which('beginnings').each(LOOKED_FOR)('finds story %i while its words are being typed', async (number) => {
    const [one = '', two = '', three = ''] = topicOf(number);

    expect(await slugs(`${two} ${three} ${one.slice(0, 6)}`)).toContain(slugOf(number));
  });

  which('slips').each(LOOKED_FOR)(
    'finds story %i in spite of a slip, and marks what was meant',
    async (number) => {
      const [one = '', two = '', three = ''] = topicOf(number);
      // Every made word has its only k before its ending, and no x.
      const { data } = await search({ q: `${two} ${three} ${one.replace(/k(?=[^k]*$)/, 'x')}.` });
      const hit = data.find(({ slug }) => slug === slugOf(number));

      expect(markedIn(hit?.highlights.headline ?? '')).toContain(one);
    },
  );

  which('relevance')('puts first what says most of a story, and of alike ones the newer', async () => {
    const found = await slugs(RARE);

    expect([...found].sort()).toEqual([HEADLINE, STANDFIRST, TEXT, OLD].map(slugOf).sort());
    expect(found[0]).toBe(slugOf(HEADLINE));
    expect(found.indexOf(slugOf(HEADLINE))).toBeLessThan(found.indexOf(slugOf(OLD)));
  });

  it('shows words that look like markup, and lets none of it live', async () => {
    const { data } = await search({ q: 'zanzibarix' });
    const { headline = '', text = '' } = data[0]?.highlights ?? {};

    expect(data.map(({ slug }) => slug)).toEqual([slugOf(HOSTILE)]);
    expect([isTame(headline), isTame(text)]).toEqual([true, true]);
    expect(headline).toContain('&lt;img src=x onerror=alert(1)&gt; <mark>zanzibarix</mark> &amp;');
    expect(new Set(markedIn(headline + text))).toEqual(new Set(['zanzibarix']));
  });

  it('marks nothing but what was asked for, and lets no markup live, on whole pages of hits', async () => {
    const { data } = await search({ q: 'harbour council' });
    const highlights = data.flatMap((hit) => [hit.highlights.headline, hit.highlights.text]);

    expect(data).toHaveLength(50);
    expect(highlights.filter((html) => !isTame(html))).toEqual([]);
    expect(new Set(highlights.flatMap(markedIn))).toEqual(new Set(['harbour', 'council']));
  });

  it('counts up to a bound, newest first, without a story twice over pages', async () => {
    const found: (string | undefined)[] = [];
    const times: string[] = [];
    let after: string | null | undefined;
    for (let page = 0; page < 4; page += 1) {
      const answer = await search({
        ...{ q: 'ostrand', sort: '-publishedAt', count: 'true' },
        ...(after ? { after } : {}),
      });
      found.push(...answer.data.map(({ slug }) => slug));
      // An index file knows the order of seconds.
      times.push(...answer.data.map(({ publishedAt }) => String(publishedAt).slice(0, 19)));
      after = answer.page.next;
      expect(answer.page.total).toBeGreaterThanOrEqual(Math.min(STORIES, COUNT_CAP));
      expect(answer.page.total).toBeLessThanOrEqual(COUNT_CAP);
    }

    expect(new Set(found).size).toBe(200);
    expect(times).toEqual([...times].sort().reverse());
  });
});
