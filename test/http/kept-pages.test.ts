import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Page, pageOf } from '../../src/http/page.ts';
import { createPageCache } from '../../src/http/page-cache.ts';
import { until } from '../support/records.ts';

describe('the cache', () => {
  const page = (keys: string, text = 'x'): Page =>
    pageOf({ headers: { 'surrogate-key': keys }, body: Buffer.from(text), tag: text, dated: false });
  const request = (url: string) => ({ method: 'GET', url, headers: {} }) as unknown as IncomingMessage;
  const response = () => new EventEmitter() as unknown as ServerResponse;
  /** A page that comes when it is told to. */
  function landing() {
    let come: (page: Page | null) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const page = new Promise<Page | null>((resolve, reject) => {
      [come, fail] = [resolve, reject];
    });
    return { page, come, fail };
  }

  it('keeps nothing that was read before a change and comes after it', async () => {
    const pages = createPageCache({ below: '/', maxBytes: 1_000_000 });
    pages.watched('live');
    const [early, late] = [request('/a'), request('/b')];
    pages.begin('/a', early, response());
    pages.begin('/b', late, response());

    pages.purge(['tag-1']);
    pages.keep(early, page('article-1 tag-1'));
    pages.keep(late, page('article-2 tag-2'));

    expect([pages.find('/a'), pages.find('/b')?.page.keys]).toEqual([null, ['article-2', 'tag-2']]);
    expect([pages.underWay('/a'), pages.underWay('/b')]).toEqual([null, null]);
  });

  it('knows for a moment what a change has made wrong: nothing finished is there of it either', async () => {
    const pages = createPageCache({ below: '/', maxBytes: 1_000_000 });
    pages.watched('live');
    const req = request('/a');
    pages.begin('/a', req, response());
    pages.keep(req, page('article-1'));
    const before = pages.wentLately('/a');

    pages.purge(['article-1']);

    expect([before, pages.wentLately('/a'), pages.wentLately('/b')]).toEqual([false, true, false]);
    await until(async () => !pages.wentLately('/a'));
  });

  it('has a page made anew before anybody asks, and whoever does meanwhile waits for it', async () => {
    const [land, made] = [landing(), [] as string[]];
    const anew = (url: string, keys: readonly string[]) =>
      keys.includes('article-1') ? () => land.page.finally(() => made.push(url)) : null;
    const pages = createPageCache({ below: '/', maxBytes: 1_000_000, anew });
    pages.watched('live');
    for (const url of ['/story', '/other']) {
      const req = request(url);
      pages.begin(url, req, response());
      pages.keep(req, page(url === '/story' ? 'article-1 tag-1' : 'tag-1'));
    }
    pages.purge(['tag-1', 'article-1']);
    expect([pages.find('/story'), pages.find('/other')]).toEqual([null, null]);
    await until(async () => pages.underWay('/story') !== null);
    expect(pages.underWay('/other')).toBeNull();

    const waiting = pages.underWay('/story');
    land.come(page('article-1 tag-1', 'new'));
    await waiting;
    expect([made, pages.find('/story')?.page.tag]).toEqual([['/story'], 'new']);
  });

  it('keeps no page made anew that was changed once more on its way, nor one that could not be made', async () => {
    const landings: ReturnType<typeof landing>[] = [];
    const anew = () => () => {
      const next = landing();
      landings.push(next);
      return next.page;
    };
    const pages = createPageCache({ below: '/', maxBytes: 1_000_000, anew });
    pages.watched('live');
    const changed = async (url: string) => {
      const req = request(url);
      pages.begin(url, req, response());
      pages.keep(req, page('article-1'));
      pages.purge(['article-1']);
      await until(async () => pages.underWay(url) !== null);
      return { waiting: pages.underWay(url), last: landings.at(-1) };
    };

    const twice = await changed('/twice');
    pages.purge(['article-1']);
    twice.last?.come(page('article-1', 'already old'));
    await twice.waiting;
    const failed = await changed('/failed');
    failed.last?.fail(new Error('the database is away'));
    await failed.waiting;
    const gone = await changed('/gone');
    gone.last?.come(null);
    await gone.waiting;

    expect(['/twice', '/failed', '/gone'].map((url) => [pages.find(url), pages.underWay(url)])).toEqual(
      Array.from({ length: 3 }, () => [null, null]),
    );
  });

  it('keeps no page whose request was over before it came: it would have heard of no change since', () => {
    const pages = createPageCache({ below: '/', maxBytes: 1_000_000 });
    pages.watched('live');
    const [req, res] = [request('/a'), response()];
    pages.begin('/a', req, res);
    (res as unknown as EventEmitter).emit('close');
    pages.purge(['article-1']);
    pages.keep(req, page('article-1'));

    expect(pages.find('/a')).toBeNull();
  });

  it('stays within its memory, and forgets what it has no room for', () => {
    const pages = createPageCache({ below: '/', maxBytes: 400_000 });
    pages.watched('live');
    for (let n = 0; n < 100; n += 1) {
      const req = request(`/${n}`);
      pages.begin(`/${n}`, req, response());
      pages.keep(req, page(`article-${n} all`, `${n} ${'x'.repeat(8_000)}`));
    }

    expect(pages.size()).toBeLessThanOrEqual(30);
    expect(pages.find('/0')).toBeNull();
    pages.purge(['all']);
    expect(pages.size()).toBe(0);
  });

  it('prepares the smaller forms once: they unpack to the same bytes', async () => {
    const pages = createPageCache({ below: '/', maxBytes: 1_000_000 });
    pages.watched('live');
    const req = { ...request('/a'), headers: { 'accept-encoding': 'gzip' } } as unknown as IncomingMessage;
    const text = 'The harbour wall. '.repeat(100);
    pages.begin('/a', req, response());
    pages.keep(req, page('k', text));
    await until(async () => pages.find('/a')?.page.smaller?.length === 2);

    const [br, gzip] = pages.find('/a')?.page.smaller ?? [];
    expect([br?.coding, gzip?.coding]).toEqual(['br', 'gzip']);
    expect(brotliDecompressSync(br?.body ?? Buffer.of()).toString()).toBe(text);
    expect(gunzipSync(gzip?.body ?? Buffer.of()).toString()).toBe(text);
    // Nothing is kept beside the bytes.
    expect([br, gzip].map((one) => one?.body.buffer.byteLength)).toEqual(
      [br, gzip].map((one) => one?.body.length),
    );
  });

  it('keeps nothing under an address that only looks different, nor what has a body', () => {
    const pages = createPageCache({ below: '/', maxBytes: 1_000_000 });
    const withBody = { ...request('/a'), headers: { 'content-length': '5' } } as unknown as IncomingMessage;

    expect(
      ['/a?', '/a#b', '/a?&x=1', '/a?x=1&&y=2', '/a?x=1&'].map((url) => pages.keyOf(request(url))),
    ).toEqual(Array.from({ length: 5 }, () => null));
    expect([pages.keyOf(withBody), pages.keyOf(request('/a?x=1&y=2'))]).toEqual([null, '/a?x=1&y=2']);
  });

  it('makes a page anew after its time, and has it, marked stale, while nothing is heard', async () => {
    const pages = createPageCache({ below: '/', maxBytes: 1_000_000 });
    pages.watched('live');
    const keep = (url: string, keptMs: number) => {
      const req = request(url);
      pages.begin(url, req, response());
      pages.keep(req, { ...page('k'), keptMs });
    };
    keep('/lasting', 0);
    keep('/aging', 1);
    await until(async () => pages.find('/aging') === null);
    keep('/aging', 1);
    pages.watched('blind');
    const wasThere = performance.now() + 5;
    await until(async () => performance.now() > wasThere);

    expect([pages.find('/aging')?.stale, pages.find('/lasting')?.stale]).toEqual([true, true]);
  });

  it('without memory keeps nothing', () => {
    const pages = createPageCache({ below: '/', maxBytes: 0 });
    pages.watched('live');
    const req = request('/a');
    pages.begin('/a', req, response());
    pages.keep(req, page('k', 'text'));

    expect([pages.find('/a'), pages.underWay('/a'), pages.size()]).toEqual([null, null, 0]);
  });
});
