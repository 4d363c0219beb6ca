import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import { createAllowance, OF_ALL, OF_ONE_STORY } from '../../../src/features/most-read/allowance.ts';
import { createReadCounting, MOST_WAITING } from '../../../src/features/most-read/counting.ts';
import { rank } from '../../../src/features/most-read/ranking.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';

const HOUR = 3_600_000;

describe('the reads that one address may add', () => {
  /** An allowance on a clock of its own. */
  function timed(cells?: number) {
    let time = 0;
    const small = cells === undefined ? {} : { storyCells: cells, networkCells: cells };
    const allowance = createAllowance({ now: () => time, ...small });
    const taken = (tries: number, network: string, slug: (at: number) => string = () => 'ferry') =>
      Array.from({ length: tries }, (_none, at) => allowance.take(network, slug(at))).filter(Boolean).length;
    return { taken, pass: (ms: number) => (time += ms) };
  }

  it.each([
    [1, 1],
    [OF_ONE_STORY, OF_ONE_STORY],
    [OF_ONE_STORY + 1, OF_ONE_STORY],
    [5_000, OF_ONE_STORY],
  ])('of one story, after %i tries, are %i', (tries, counted) => {
    expect(timed().taken(tries, '192.0.2.7')).toBe(counted);
  });

  it('of all stories together end as well', () => {
    expect(timed().taken(5_000, '192.0.2.7', (at) => `story-${at}`)).toBe(OF_ALL);
  });

  it('are their own for each address', () => {
    const { taken } = timed();
    taken(50, '192.0.2.7');

    expect(taken(3, '192.0.2.8')).toBe(3);
  });

  it('are new after an hour, and not before', () => {
    const { taken, pass } = timed();
    taken(50, '192.0.2.7');
    pass(HOUR - 1);
    expect(taken(50, '192.0.2.7')).toBe(0);
    pass(1);
    expect(taken(50, '192.0.2.7')).toBe(OF_ONE_STORY);
  });

  it('are shared, and never more, where addresses meet in one counter', () => {
    const { taken } = timed(1);

    expect(taken(6, '192.0.2.7') + taken(6, '192.0.2.8')).toBe(OF_ONE_STORY);
  });
});

describe('the order of what was read', () => {
  const [older, newer] = ['64b000000000000000000001', '64b000000000000000000002'];
  const reads = (article: string, hoursAgo: number, count: number) => ({
    article: new Types.ObjectId(article),
    hour: new Date(500_000 * HOUR - hoursAgo * HOUR),
    count,
  });

  it.each([
    ['more reads in the same hour', [reads(older, 0, 3), reads(newer, 0, 2)], [older, newer]],
    [
      'reads of several hours, added',
      [reads(older, 0, 3), reads(newer, 0, 2), reads(newer, 1, 2)],
      [newer, older],
    ],
    [
      'the newest hour, before a little more eight hours ago',
      [reads(older, 8, 15), reads(newer, 0, 8)],
      [newer, older],
    ],
    ['much more eight hours ago', [reads(older, 8, 17), reads(newer, 0, 8)], [older, newer]],
    ['the newer of two alike', [reads(older, 0, 2), reads(newer, 0, 2)], [newer, older]],
    ['nothing', [], []],
  ])('is by %s', (_why, hours, order) => {
    expect(rank(hours)).toEqual(order);
  });
});

describe('most read', () => {
  let app: TestApp;
  let editor: Client;
  beforeAll(async () => {
    app = await createTestApp({ TRUST_PROXY: 'loopback' });
    editor = await app.as('editor');
  });
  beforeEach(() => app.db.collection('reads').deleteMany({}));
  afterAll(() => app.close());

  const beacon = (slug: string, from = '192.0.2.7', init: object = {}) =>
    send(app, `/content/v1/articles/${slug}/reads`, {
      method: 'POST',
      ...init,
      headers: { 'X-Forwarded-For': from },
    });
  const read = async (slug: string, times: number): Promise<void> => {
    for (let at = 0; at < times; at += 1) await beacon(slug, `198.51.100.${at}`);
  };
  /** Past what is kept: each question is another one. */
  let asked = 0;
  const list = async (query = ''): Promise<string[]> => {
    asked += 1;
    const { data } = (await (
      await send(app, `/content/v1/most-read?limit=${(asked % 40) + 30}${query}`)
    ).json()) as { data: { headline: string }[] };
    return data.map(({ headline }) => headline);
  };
  const write = () => app.services.readCounting.write();
  const counts = async () =>
    (await app.db.collection<{ count: number }>('reads').find({}).toArray()).map(({ count }) => count);

  it('is listed by what readers opened, in the format of lists', async () => {
    const one = await published(editor, { headline: 'Read once' });
    const two = await published(editor, { headline: 'Read twice' });
    await read(one.slug, 1);
    await read(two.slug, 2);
    await write();

    expect(await list()).toEqual(['Read twice', 'Read once']);
    const answer = await app.anonymous.content.mostRead.list({ query: { limit: '1', fields: 'slug' } });
    expect(answer).toEqual({
      data: [{ id: two.id, slug: two.slug }],
      page: { limit: 1, next: null, prev: null },
    });
  });

  it('is counted in one record for each story and hour, with nothing of who read', async () => {
    const { id, slug } = await published(editor);
    await read(slug, 2);
    await write();
    await read(slug, 3);
    await write();

    const records = await app.db.collection('reads').find({}).toArray();
    expect(records).toEqual([
      { _id: expect.stringContaining(id), article: new Types.ObjectId(id), hour: expect.any(Date), count: 5 },
    ]);
    expect(Number(records[0]?.hour) % HOUR).toBe(0);
  });

  it('does not grow by what one address sends, IPv6 customers with all their addresses among them', async () => {
    const { slug } = await published(editor);
    const tries = Array.from({ length: 40 }, (_none, at) => at);

    const answers = await Promise.all([
      ...tries.map(() => beacon(slug, '203.0.113.1')),
      ...tries.map((at) => beacon(slug, `2001:db8:0:${at}::${at}`)),
    ]);
    await write();

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await counts()).toEqual([2 * OF_ONE_STORY]);
  });

  it('answers alike whatever stands under the slug, and counts what readers see', async () => {
    const shown = await published(editor);
    const hidden = await draft(editor);
    const answers = await Promise.all(
      [shown.slug, hidden.slug, 'nothing-of-that-name'].map(async (slug) => {
        const answer = await beacon(slug);
        const headers = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
        return JSON.stringify([answer.status, headers, await answer.text()]);
      }),
    );
    await write();

    expect(new Set(answers).size).toBe(1);
    expect(JSON.parse(String(answers[0]))[0]).toBe(204);
    expect(await counts()).toEqual([1]);
  });

  it.each([
    ['a body', 'ferry', { body: '{"count":1000}' }, 422],
    ['what is no slug', 'Not%20a%20slug', {}, 404],
  ])('is not told of by %s', async (_what, slug, init, status) => {
    const answer = await beacon(slug, '192.0.2.7', init);

    expect(answer.status).toBe(status);
  });

  it('is open to pages of any site, as a browser sends a beacon', async () => {
    const { slug } = await published(editor);
    const answer = await fetch(`${app.url}/content/v1/articles/${slug}/reads`, {
      method: 'POST',
      body: '',
      headers: { Origin: 'https://paper.example', 'Content-Type': 'text/plain;charset=UTF-8' },
    });

    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('leaves out at once what readers no longer have, and has it again when it comes back', async () => {
    const { id, slug, version } = await published(editor, { headline: 'Comes and goes' });
    await read(slug, 2);
    await write();
    const path = '/content/v1/most-read?limit=3';
    const shown = async () => (await (await send(app, path)).text()).includes('Comes and goes');
    expect(await shown()).toBe(true);

    const gone = await editor.editorial.articles.unpublish({ params: { id }, ifMatch: version });
    expect(await shown()).toBe(false);

    await editor.editorial.articles.publish({ params: { id }, ifMatch: gone.version });
    expect(await shown()).toBe(true);
  });

  it('is kept for a while, under the cache tags of what stands in it', async () => {
    const { id, slug } = await published(editor);
    await read(slug, 1);
    await write();
    const answer = await send(app, '/content/v1/most-read?limit=2');

    expect(answer.headers.get('cache-control')).toMatch(/^public.*s-maxage=5/);
    expect(answer.headers.get('surrogate-key')?.split(' ')).toEqual(
      expect.arrayContaining(['most-read', `article-${id}`]),
    );
  });

  it('finds a story by the index of the busiest, however many are read', async () => {
    const hour = new Date(500_000 * HOUR);
    const ids = Array.from({ length: 1_000 }, () => new Types.ObjectId());
    await app.db
      .collection<{ _id: string }>('reads')
      .insertMany(ids.map((article, at) => ({ _id: String(article), article, hour, count: at }) as never));
    const plan = JSON.stringify(
      await app.db
        .collection('reads')
        .find({ hour }, { projection: { _id: 0, article: 1, hour: 1, count: 1 } })
        .sort({ count: -1, article: 1 })
        .limit(200)
        .explain('executionStats'),
    );

    expect(plan).toMatch(/"totalKeysExamined":200,"totalDocsExamined":0/);
  });

  it('takes no more stories in one batch than it has room for, and goes on counting those it has', async () => {
    const { slug } = await published(editor);
    const { db } = app;
    const counting = createReadCounting({
      db,
      published: app.services.published,
      allowance: { take: () => true },
    });
    counting.note('192.0.2.7', slug);
    for (let at = 0; at < MOST_WAITING + 100; at += 1) counting.note('192.0.2.7', `none-${at}`);
    counting.note('192.0.2.7', slug);
    const late = await published(editor);
    counting.note('192.0.2.7', late.slug);
    await counting.write();

    expect(await counts()).toEqual([2]);
  });

  it('is written by the server itself, at the latest when it stops', async () => {
    const { slug } = await published(editor);
    const writer = app.start('read writer');
    await beacon(slug);
    await writer.stop();

    expect(await counts()).toEqual([1]);
  });
});
