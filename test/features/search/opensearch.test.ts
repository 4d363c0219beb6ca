import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Client } from '../../../src/client/index.ts';
import { type Indexes, openIndexes } from '../../../src/features/search/open-indexes.ts';
import { createOpensearchIndex } from '../../../src/features/search/opensearch/opensearch-index.ts';
import { createWire } from '../../../src/features/search/opensearch/wire.ts';
import type { IndexedStory, Question } from '../../../src/features/search/search-index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { paragraphs, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { until } from '../../support/records.ts';
import { wire as wireTo } from '../../support/wire.ts';
import { OPENSEARCH_URL, searchingBy } from './engines.ts';
import { behavesAsSearch } from './suite.ts';

const PATIENCE = 30_000;
const QUESTION: Question = {
  ...{ q: 'harbour', marks: [], order: 'fit', limit: 10, count: true, facets: false, now: 0 },
};

const story = (id: string, language: string, text: string): IndexedStory => ({
  ...{ id, language, text, at: 1, head: 'Nothing', marks: { section: [], language: [language] } },
});

describe('an OpenSearch that does not answer', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  /** Stands where the OpenSearch should be. */
  async function standIn(
    status: number,
    text: string,
    heard: (request: IncomingMessage) => void = () => undefined,
  ) {
    const server = createServer((request, response) => {
      heard(request);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async function open(url: string): Promise<{ indexes: Indexes; told: string }> {
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
    const opensearch = { url, prefix: 'x' };
    const indexes = await openIndexes({
      ...{ engine: 'opensearch', opensearch, dataDir: '', db: undefined as never, log },
    });
    return { indexes, told: lines.join('') };
  }

  it.each([
    ['is not there', null, ''],
    ['refuses us', 401, '{"error":{"type":"security_exception","reason":"swordfish is wrong"}}'],
    ['is another program', 200, '<html>'],
    ['sends us elsewhere', 302, ''],
    ['is another search', 200, '{"version":{"number":"8.1.0"}}'],
  ])('is told of at the start when it %s, without the password, and is 503', async (_what, status, text) => {
    const port = status === null ? 1 : await standIn(status, text);
    const { indexes, told } = await open(`http://desk:swordfish@127.0.0.1:${port}/below`);

    expect(told).toContain(`no OpenSearch at http://127.0.0.1:${port}/below yet`);
    const failed = await indexes.published.query(QUESTION).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'unavailable' });
    await expect(indexes.desk.position()).rejects.toMatchObject({ code: 'unavailable' });
    const cause = (failed as Error).cause as Error | undefined;
    expect(`${told} ${failed} ${cause?.message} ${cause?.stack}`).not.toMatch(/swordfish|c3dvcmRmaXNo/);
  });

  it('is told who we are', async () => {
    let authorization: string | undefined;
    const port = await standIn(
      200,
      '{"version":{"number":"2.19.1","distribution":"opensearch"}}',
      (request) => {
        authorization = request.headers.authorization;
      },
    );
    const { told } = await open(`http://desk:sword%20fish@127.0.0.1:${port}`);

    expect(told).toContain(`OpenSearch 2.19.1 at http://127.0.0.1:${port}`);
    expect(authorization).toBe(`Basic ${Buffer.from('desk:sword fish').toString('base64')}`);
  });
});

const withServer = OPENSEARCH_URL ? describe : describe.skip;

withServer('a real OpenSearch', () => {
  const wire = createWire({ url: OPENSEARCH_URL ?? 'http://127.0.0.1:1' });
  const make = async () => {
    const name = `test-${randomUUID()}`;
    const index = createOpensearchIndex({ wire, name });
    await index.clear();
    return { index, name };
  };
  const idsOf = async (index: Awaited<ReturnType<typeof make>>['index'], q: string) =>
    (await index.query({ ...QUESTION, q })).hits.map(({ id }) => id);

  behavesAsSearch('the index on OpenSearch', async () => (await make()).index, {
    ...{ relevance: true, phrases: true, beginnings: true, slips: true, steady: false },
  });

  it('has to be made where there is none, and where it is of another version', async () => {
    const missing = createOpensearchIndex({ wire, name: `test-${randomUUID()}` });
    expect(await missing.position()).toBeNull();
    expect(await missing.health()).toMatchObject({ state: 'building', stories: 0 });
    await expect(missing.query(QUESTION)).rejects.toMatchObject({ code: 'unavailable' });

    const { index, name } = await make();
    await index.apply({ put: [], remove: [], position: '3' });
    expect(await createOpensearchIndex({ wire, name }).position()).toBe('3');
    const older = { doc: { version: 0 } };
    await wire.send({ method: 'POST', path: `/${name}/_update/state`, body: older });
    expect(await index.position()).toBeNull();
    await expect(index.query(QUESTION)).rejects.toMatchObject({ code: 'unavailable' });
    await index.clear();
    await index.apply({ put: [story('new', 'en', 'harbour')], remove: [], position: '4' });
    expect(await idsOf(index, 'harbour')).toEqual(['new']);
  });

  it('is 503 while it is being made', async () => {
    const { index } = await make();
    await index.apply({ put: [story('one', 'en', 'harbour')], remove: [] });

    await expect(index.query(QUESTION)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('knows languages that have no spaces, or no stemmer of ours', async () => {
    const { index } = await make();
    const put = [
      ...[story('ja', 'ja', '東京都の港に新しい橋'), story('th', 'th', 'ท่าเรือใหม่ของเมือง')],
      ...[story('el', 'el', 'Οι εφημερίδες'), story('nn', 'nn-NO', 'båtane'), story('xx', 'xx', 'Zzyzx')],
    ];
    await index.apply({ put, remove: [], position: '1' });

    for (const [q, id] of [
      ...[
        ['東京', 'ja'],
        ['新しい橋', 'ja'],
        ['ท่าเรือ', 'th'],
      ],
      ...[
        ['εφημερίδα', 'el'],
        ['batane', 'nn'],
        ['zzyzx', 'xx'],
      ],
    ] as const)
      expect([q, await idsOf(index, q)]).toEqual([q, [id]]);
  });

  it('keeps words and other queries apart, whatever is typed', async () => {
    const { index } = await make();
    await index.apply({ put: [story('one', 'en', 'harbour')], remove: [], position: '1' });

    for (const q of [
      '*',
      'id:one',
      'harbour OR nothing',
      '/.*/',
      '{"match_all":{}}',
      '_exists_:at',
      '\u0000',
    ])
      expect([q, await idsOf(index, q)]).toEqual([q, []]);
    expect(await idsOf(index, '"harbour" \n {"index":{}}')).toEqual([]);
  });

  describe('of two servers', () => {
    let line: Awaited<ReturnType<typeof wireTo>>;
    let app: TestApp;
    let other: TestApp;
    let editor: Client;
    beforeAll(async () => {
      line = await wireTo(OPENSEARCH_URL);
      const env = searchingBy('opensearch', line.url);
      app = await createTestApp(env);
      other = await createTestApp(env, { beside: app });
      app.start('sequencer');
      editor = await other.as('editor');
      await app.start('search feed').ready;
      await other.start('search feed').ready;
    }, 60_000);
    afterAll(async () => {
      await other.close();
      await app.close();
      await line.close();
    });

    const found = (by: TestApp, q: string) => send(by, `/content/v1/search?q=${q}&count=true`);
    const finds = (by: TestApp, q: string, headline: string) =>
      until(async () => (await (await found(by, q)).text()).includes(headline), PATIENCE);

    it('is followed by one, and found on both; what one unpublishes is gone there when it answers', async () => {
      const story = await published(editor, { headline: 'A numbat', body: paragraphs('Numbats.') });
      await finds(app, 'numbat', 'A numbat');
      await finds(other, 'numbat', 'A numbat');

      await editor.editorial.articles.unpublish({
        ...{ params: { id: story.id }, ifMatch: story.version, body: {} },
      });
      expect(await (await found(other, 'numbat')).json()).toMatchObject({ data: [], page: { total: 0 } });
    });

    it('may be away: searches are 503, all else goes on, and what was missed is made good', async () => {
      await published(editor, { headline: 'Before', body: paragraphs('A quokka.') });
      await finds(app, 'quokka', 'Before');

      line.takeAway();
      const refused = await found(app, 'quokka');
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('2');
      await published(editor, { headline: 'Meanwhile', body: paragraphs('A wombat.') });
      expect(await (await send(app, '/content/v1/articles')).text()).toContain('Meanwhile');

      line.bringBack();
      await finds(app, 'wombat', 'Meanwhile');
      await finds(other, 'wombat', 'Meanwhile');
    });
  });
});
