import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { until } from '../../support/records.ts';
import { seed } from '../demo/newsroom.ts';
import { CAN, ENGINES, isTame, markedIn, searchingBy } from './engines.ts';
import { DESK, type Judged, READERS } from './judged-queries.ts';

/** How many stories the demo has. */
const PUBLISHED = 23;
const WORKING = 35;

const slugsOf = ({ data }: { data: readonly { slug?: string | undefined }[] }) =>
  data.map(({ slug = '' }) => slug);

function judge(found: readonly string[], { finds, only, not = [] }: Judged): void {
  if (only) expect([...found].sort()).toEqual([...finds].sort());
  expect(found).toEqual(expect.arrayContaining([...finds]));
  expect(found.filter((slug) => not.includes(slug))).toEqual([]);
}

const apps = new Map<string, TestApp>();
let first: TestApp;
beforeAll(async () => {
  const [main = '', ...others] = ENGINES;
  first = await createTestApp(searchingBy(main));
  apps.set(main, first);
  await seed(first);
  for (const engine of others) apps.set(engine, await createTestApp(searchingBy(engine), { beside: first }));
  first.start('sequencer');
  for (const app of apps.values()) {
    await Promise.all([app.start('search feed').ready, app.start('desk search feed').ready]);
    const { published, desk } = app.indexes;
    await until(async () => (await published.health()).stories >= PUBLISHED, 30_000);
    await until(async () => (await desk.health()).stories >= WORKING, 30_000);
  }
}, 120_000);
afterAll(async () => {
  for (const app of [...apps.values()].reverse()) await app.close();
});

describe.each(ENGINES)('judged queries, %s', (engine) => {
  const can = CAN[engine] ?? [];
  const fair = (queries: readonly Judged[]) => queries.filter(({ needs }) => !needs || can.includes(needs));
  const app = () => apps.get(engine) as TestApp;

  it.each(fair(READERS))('readers: $q', async (query) => {
    const { q, section, type, language, marks = [] } = query;
    const narrow = { ...(section && { section }), ...(type && { type }), ...(language && { language }) };
    const { content } = app().anonymous;
    const answer = await content.search.search({ query: { q, ...narrow, limit: '50', count: 'true' } });
    const found = slugsOf(answer);

    judge(found, query);
    if (query.first && can.includes('relevance')) expect(found[0]).toBe(query.first);
    expect(answer.page.total).toBe(found.length);
    const highlights = answer.data.flatMap((hit) => [hit.highlights.headline, hit.highlights.text]);
    expect(highlights.filter((html) => !isTame(html))).toEqual([]);
    const marked = highlights.flatMap(markedIn);
    expect(marked).toEqual(expect.arrayContaining([...marks]));
    if (found.length > 0 && !query.byTag) expect(marked.length).toBeGreaterThan(0);
    const listed = await content.articles.list({ query: { q, ...narrow, limit: '50' } });
    expect(slugsOf(listed).sort()).toEqual([...found].sort());
  });

  describe('by the desk', () => {
    let editor: Client;
    beforeAll(async () => {
      editor = await first.as('editor');
    });

    it.each(fair(DESK))('$q', async (query) => {
      const desk = app() === first ? editor : await app().as('editor', 'bo');
      judge(slugsOf(await desk.editorial.articles.list({ query: { q: query.q, limit: '50' } })), query);
    });
  });
});
