import { connect as dialTcp, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type TestApp } from '../support/app.ts';
import { paragraphs, published } from '../support/factories.ts';
import { send } from '../support/raw.ts';
import { until } from '../support/records.ts';
import { wire } from '../support/wire.ts';

let app: TestApp;
let other: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  other = await createTestApp({}, { beside: app });
});
afterAll(async () => {
  await other.close();
  await app.close();
});

/** A connection of one's own, to be misused. */
function dial({ url }: TestApp): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = dialTcp(Number(port), hostname, () => resolve(socket));
    socket.on('error', () => undefined);
  });
}

/** Counts the questions that this app asks its database from now on. */
function questions({ db }: TestApp): () => number {
  let count = 0;
  db.getClient().on('connectionCheckedOut', () => {
    count += 1;
  });
  return () => count;
}

const read = async (from: TestApp, slug: string): Promise<Record<string, unknown>> =>
  (await (await send(from, `/content/v1/articles/${slug}`)).json()) as Record<string, unknown>;

/** Published, fetched and kept by `app`. */
async function kept(more: Parameters<typeof published>[1] = {}) {
  const story = await published(await app.as('editor'), more);
  const path = `/content/v1/articles/${story.slug}`;
  const asked = questions(app);
  await until(async () => {
    const before = asked();
    await (await send(app, path)).arrayBuffer();
    return asked() === before;
  });
  return { ...story, path };
}

describe('a story that was read', () => {
  it('is sent again without asking the database', async () => {
    // `kept` has seen it come without a question.
    const { path, headline } = await kept();

    const answer = await send(app, path, { headers: { 'X-Request-Id': 'trace-kept-1' } });

    expect(await answer.json()).toMatchObject({ headline });
    expect(answer.headers.get('x-request-id')).toBe('trace-kept-1');
  });

  it('has the headers that it had when it was made', async () => {
    const { path } = await kept();
    const own = (headers: Headers) =>
      [...headers].filter(([name]) => !/^(?:x-request-id|date|keep-alive|connection)$/.test(name)).sort();
    const made = await send(app, `${path}?format=blocks`, { headers: { 'Accept-Encoding': 'identity' } });

    const again = await send(app, path, { headers: { 'Accept-Encoding': 'identity' } });

    expect(own(again.headers)).toEqual(own(made.headers));
    expect(again.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('is there anew when it was changed, before anybody asks for it', async () => {
    const { id, version, slug } = await kept();
    const { articles } = (await app.as('editor')).editorial;
    const headline = 'Harbour wall: the vote';
    const saved = await articles.change({ params: { id }, ifMatch: version, body: { headline } });
    await articles.publish({ params: { id }, ifMatch: saved.version, body: { change: 'update' } });
    const asked = questions(app);
    // Whatever is asked by now is asked by its making.
    await until(async () => {
      const before = asked();
      await pause(150);
      return before >= 3 && asked() === before;
    });
    const before = asked();

    expect(await read(app, slug)).toMatchObject({ headline });
    // Listening for changes may have asked.
    expect(asked() - before).toBeLessThan(2);
  });

  it('asked for by fifty at once is read once', async () => {
    const asked = questions(app);
    const next = await published(await app.as('editor'));
    const before = asked();

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => send(app, `/content/v1/articles/${next.slug}`)),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // One reading takes three questions; listening for changes asks once a second beside it.
    expect(asked() - before).toBeLessThan(25);
  });

  it('comes smaller to whoever takes that, each form with a tag of its own', async () => {
    const { path } = await kept({ body: paragraphs('The ferry leaves at noon. '.repeat(200)) });
    const raw = async (accepted: string) => {
      const { status, headers } = await send(app, path, {
        method: 'HEAD',
        headers: { 'Accept-Encoding': accepted },
      });
      const [coding, etag, vary] = ['content-encoding', 'etag', 'vary'].map((name) => headers.get(name));
      return { status, coding, etag, vary, length: Number(headers.get('content-length')) };
    };
    await until(async () => (await raw('br')).coding === 'br');

    const [plain, br, gzip, none] = await Promise.all([
      raw('identity'),
      raw('gzip, deflate, br'),
      raw('gzip'),
      raw('br;q=0, *;q=0'),
    ]);

    expect([plain.coding, br.coding, gzip.coding, none.coding]).toEqual([null, 'br', 'gzip', null]);
    expect(new Set([plain, br, gzip].map(({ etag }) => etag)).size).toBe(3);
    expect(plain.vary).toContain('Accept-Encoding');
    expect(br.length).toBeLessThan(plain.length / 4);
    for (const { etag } of [plain, br, gzip]) {
      const again = await send(app, path, { headers: { 'If-None-Match': String(etag) } });
      expect([again.status, again.headers.get('content-length')]).toEqual([304, null]);
    }
  });

  it('does not come to whoever says who they are: the handlers answer them', async () => {
    const { path } = await kept();
    const { token } = await app.person('editor');

    expect((await send(app, path, { token })).status).toBe(200);
    expect((await send(app, path, { token: 'nonsense' })).status).toBe(401);
  });
});

describe('what is kept', () => {
  it('goes when the story changes: at once here, and within a moment elsewhere', async () => {
    const { id, slug, version } = await kept();
    await read(other, slug);
    const desk = (await app.as('editor')).editorial.articles;
    const changed = await desk.change({
      params: { id },
      ifMatch: version,
      body: { standfirst: 'Earlier boats.' },
    });

    await desk.publish({ params: { id }, ifMatch: changed.version, body: { change: 'update' } });

    expect(await read(app, slug)).toMatchObject({ standfirst: 'Earlier boats.' });
    await until(async () => (await read(other, slug)).standfirst === 'Earlier boats.');
  });

  it('goes when the story is pulled', async () => {
    const { id, path, version } = await kept();
    await send(other, path);

    await (await app.as('editor')).editorial.articles.kill({
      params: { id },
      ifMatch: version,
      body: { reason: 'Wrong person.' },
    });

    expect((await send(app, path)).status).toBe(410);
    await until(async () => (await send(other, path)).status === 410);
  });

  it('goes when something that it names is called otherwise', async () => {
    const desk = (await app.as('editor')).editorial;
    const tag = await desk.tags.create({ body: { name: 'Harbour fees' } });
    const { slug } = await kept({ tags: [tag.id] });
    const list = `/content/v1/articles?tag=${tag.slug}`;
    await (await send(app, list)).json();

    await desk.tags.change({
      params: { id: tag.id },
      ifMatch: tag.version,
      body: { name: 'Harbour dues', slug: 'harbour-dues' },
    });

    expect(await read(app, slug)).toMatchObject({ tags: [{ name: 'Harbour dues' }] });
    expect(await (await send(app, list)).json()).toMatchObject({
      data: [{ tags: [{ name: 'Harbour dues' }] }],
    });
  });

  it('goes when a setting changes, on every server', async () => {
    const { slug } = await kept();
    const before = await read(other, slug);
    const desk = (await app.as('admin')).editorial.settings;
    const { version } = await desk.read();

    await desk.change({ ifMatch: version, body: { publishing: { articlePath: '/stories/{slug}' } } });

    expect(String((await read(app, slug)).url)).toContain('/stories/');
    await until(async () => (await read(other, slug)).url !== before.url);
  });

  it('is nobody’s while the site asks for a key', async () => {
    const { path } = await kept();
    const desk = (await app.as('admin')).editorial.settings;
    const { version } = await desk.read();

    const closed = await desk.change({ ifMatch: version, body: { security: { contentNeedsKey: true } } });

    expect((await send(app, path)).status).toBe(401);
    await until(async () => (await send(other, path)).status === 401);
    await desk.change({ ifMatch: closed.version, body: { security: { contentNeedsKey: false } } });
    expect((await send(app, path)).status).toBe(200);
  });
});

describe('while the database is away', () => {
  it('pages go out marked stale, and others get 503; afterwards all is fresh again', async () => {
    const line = await wire();
    const cut = await createTestApp({}, { uri: line.uri });
    const { slug, id, version } = await published(await cut.as('editor'));
    const path = `/content/v1/articles/${slug}`;
    const state = async () => (await send(cut, path)).headers.get('cache-status');
    const asked = questions(cut);
    await until(async () => {
      const before = asked();
      await (await send(cut, path)).arrayBuffer();
      return asked() === before;
    });

    line.takeAway();
    await until(async () => (await state()) !== null);
    const [stale, unknown] = await Promise.all([send(cut, path), send(cut, '/content/v1/articles')]);

    expect([stale.status, stale.headers.get('cache-status')]).toEqual([200, 'Copydesk; hit; detail=stale']);
    expect([unknown.status, Number(unknown.headers.get('retry-after')) > 0]).toEqual([503, true]);

    line.bringBack();
    await until(async () => (await state()) === null, 15_000);
    const { articles } = (await cut.as('editor')).editorial;
    await articles.unpublish({ params: { id }, ifMatch: version });
    expect((await send(cut, path)).status).toBe(404);
    await cut.close();
    await line.close();
  });
});

describe('whoever waits for a page', () => {
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

  it('is not kept waiting by somebody who went away while waiting', async () => {
    const path = '/content/v1/articles/comes-later';
    for (let round = 0; round < 8; round += 1) {
      const [first, second] = await Promise.all([dial(app), dial(app)]);
      first.write(get(path));
      second.write(get(path));
      await new Promise((resolve) => setTimeout(resolve, round));
      second.destroy();
      first.destroy();
    }

    expect((await send(app, path)).status).toBe(404);
  });

  it('is not kept waiting by answers that are never fetched', async () => {
    const { path } = await kept({
      body: paragraphs(...Array.from({ length: 20 }, () => 'The ferry leaves at noon. '.repeat(200))),
    });
    const greedy = await dial(app);
    greedy.pause();
    greedy.write(get(path).repeat(40) + get('/content/v1/articles?limit=13'));

    expect((await send(app, '/content/v1/articles?limit=13')).status).toBe(200);
    greedy.destroy();
    expect((await send(app, '/content/v1/articles?limit=13')).status).toBe(200);
  });

  it('is not kept waiting by a request whose body does not come', async () => {
    const slow = await dial(app);
    slow.write(
      'GET /content/v1/articles?limit=17 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{',
    );
    const began = performance.now();

    expect((await send(app, '/content/v1/articles?limit=17')).status).toBe(200);

    expect(performance.now() - began).toBeLessThan(10_000);
    slow.destroy();
  });
});
