import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COUNT_CAP } from '../../../src/features/search/search-index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { insertMade, languageOf, madeStory, slugOf, topicOf } from '../../support/made-stories.ts';
import { until } from '../../support/records.ts';
import { seed } from '../demo/newsroom.ts';

/** `BENCH_STORIES=100000` looks through as many as a large archive has. */
const STORIES = Number(process.env.BENCH_STORIES ?? 600);
const LOOKED_FOR = Array.from({ length: 12 }, (_none, at) => Math.floor((at * (STORIES - 1)) / 11));
const MINUTES = 60_000;

const apps = new Map<string, TestApp>();
beforeAll(async () => {
  const first = await createTestApp({ SEARCH_ENGINE: 'embedded' });
  apps.set('embedded', first);
  await seed(first);
  apps.set('mongodb', await createTestApp({ SEARCH_ENGINE: 'mongodb' }, { beside: first }));
  const published = first.db.collection('published');
  const model = await published.findOne({ 'tags.0': { $exists: true } });
  const sections = await first.db.collection('sections').find().toArray();
  if (!model) throw new Error('the demo has no story with a tag');
  await insertMade(published as never, {
    ...{ model, count: STORIES, sections: sections.map(({ _id }) => _id) },
  });
  for (const app of apps.values()) {
    await app.start('search feed').ready;
    await until(async () => (await app.indexes.published.health()).stories >= STORIES, 30 * MINUTES);
  }
}, 60 * MINUTES);
afterAll(async () => {
  for (const app of [...apps.values()].reverse()) await app.close();
});

describe.each(['embedded', 'mongodb'])('made stories, %s', (engine) => {
  const search = (query: Record<string, string>) =>
    (apps.get(engine) as TestApp).anonymous.content.search.search({ query: { q: '', ...query } });

  it.each(LOOKED_FOR)('finds story %i by what it is about, and marks it', async (number) => {
    const [one = '', two = '', three = ''] = topicOf(number);
    const { data } = await search({ q: `${one} ${two} ${three}.`, limit: '50' });
    const hit = data.find(({ slug }) => slug === slugOf(number));

    expect(hit).toMatchObject({ headline: madeStory(number).headline, language: languageOf(number) });
    expect(hit?.highlights.headline).toContain(`<mark>${one}</mark>`);
  });

  it('counts up to a bound, newest first, without a story twice over pages', async () => {
    const slugs: (string | undefined)[] = [];
    const times: string[] = [];
    let after: string | null | undefined;
    for (let page = 0; page < 4; page += 1) {
      const answer = await search({
        ...{ q: 'ostrand', sort: '-publishedAt', limit: '50', count: 'true' },
        ...(after ? { after } : {}),
      });
      slugs.push(...answer.data.map(({ slug }) => slug));
      // An index file knows the order of seconds.
      times.push(...answer.data.map(({ publishedAt }) => String(publishedAt).slice(0, 19)));
      after = answer.page.next;
      expect(answer.page.total).toBeGreaterThanOrEqual(Math.min(STORIES, COUNT_CAP));
      expect(answer.page.total).toBeLessThanOrEqual(COUNT_CAP);
    }

    expect(new Set(slugs).size).toBe(200);
    expect(times).toEqual([...times].sort().reverse());
  });
});
