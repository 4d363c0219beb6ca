import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { type Page, shrinkFor } from './page.ts';

/** Pages go out for so long, marked stale, while nobody can say whether they are still right. */
const STALE_MS = 15 * 60_000;
/** Whoever waits for another's page waits so long at most: that other may never be answered, or never listen. */
const FLIGHT_MS = 2_000;
/** Addresses that mean what a plainer one means: they are answered, and not kept beside it. */
const ODD = /#|\?(?:&|$)|&&|&$/;
/** What was purged so lately is not finished anew yet. */
const LATELY_MS = 300;
const MOST_LATELY = 1_000;
/** A page that takes more than its share would push out too many others. */
const SHARE = 20;

/**
 * What the cache knows of changes. `live`: it hears of every one. `blind`: it hears of none, since the database is away.
 * `off`: it never will.
 */
export type Watch = 'live' | 'blind' | 'off';

/** A page on its way from the handlers, and what was changed meanwhile. */
interface Flight {
  readonly key: string;
  readonly ended: Promise<void>;
  readonly end: () => void;
  readonly purged: Set<string>;
  spoilt: boolean;
}

export interface Hit {
  readonly page: Page;
  readonly stale: boolean;
}

/** Nobody listens for this answer any more. */
export const isOver = (res: ServerResponse): boolean => res.closed || res.destroyed || res.writableEnded;

export type PageCache = ReturnType<typeof createPageCache>;

interface PageCacheDeps {
  readonly below: string;
  readonly maxBytes: number;
  /**
   * Makes the page at an address that went because these of its cache tags were purged, before anybody asks for it again;
   * `null`: whoever asks next has it made.
   */
  readonly anew?: (url: string, keys: readonly string[]) => (() => Promise<Page | null>) | null;
}

/**
 * Whole answers of the public surface, in bounded memory. Nobody's credentials are in the key, and requests that carry
 * some are not served from here. A page goes when something that it is made of changes (`purge`); what was read before
 * a change and arrives after it is not kept.
 */
export function createPageCache({ below, maxBytes, anew = () => null }: PageCacheDeps) {
  const holders = new Map<string, Set<string>>();
  const pages = maxBytes > 0 ? createStore() : null;
  const flights = new Map<string, Flight>();
  const flightOf = new WeakMap<IncomingMessage, Flight>();
  const lately = new LRUCache<string, true>({ max: MOST_LATELY, ttl: LATELY_MS });
  let watch: Watch = pages ? 'blind' : 'off';
  let blindSince = performance.now();
  return {
    size: () => pages?.size ?? 0,
    ...{ keyOf, find, wentLately, underWay, begin, awaits, keep, purge, purgeAll, watched },
  };

  function createStore() {
    return new LRUCache<string, Page>({
      maxSize: maxBytes,
      maxEntrySize: Math.ceil(maxBytes / SHARE),
      sizeCalculation: ({ bytes }) => bytes,
      dispose: ({ keys }, url) => {
        for (const key of keys) forget(key, url);
      },
    });
  }

  /** The key of a request whose answer is the same for everybody, or `null`. */
  function keyOf({ method, url = '', headers }: IncomingMessage): string | null {
    if ((method !== 'GET' && method !== 'HEAD') || !url.startsWith(below)) return null;
    const personal = headers.authorization !== undefined || headers['preview-token'] !== undefined;
    // A body has to arrive before the handlers answer, and nobody else shall wait for that.
    const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
    return personal || hasBody || ODD.test(url) ? null : url;
  }

  function find(key: string): Hit | null {
    const stale = watch !== 'live';
    if (stale && performance.now() - blindSince > STALE_MS) return null;
    const page = pages?.get(key, { allowStale: stale, noDeleteOnStaleGet: stale });
    return page ? { page, stale } : null;
  }

  /** Whether a change has just made this page wrong, so that there is nothing finished of it either. */
  function wentLately(key: string): boolean {
    return lately.has(key);
  }

  /** Settles when the page that is being made for somebody else has come, or failed to. */
  function underWay(key: string): Promise<void> | null {
    return flights.get(key)?.ended ?? null;
  }

  /**
   * From here on others wait for the answer to this request: until it is kept, or over, or takes too long, and is not kept
   * then. Neither the response nor its connection can be relied on to say that it is over: a pipelined one never does.
   */
  function begin(key: string, req: IncomingMessage, res: ServerResponse): void {
    if (watch === 'off' || flights.has(key) || isOver(res)) return;
    const flight = takeOff(key);
    flightOf.set(req, flight);
    res.once('finish', flight.end).once('close', flight.end);
  }

  function takeOff(key: string): Flight {
    let settle = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const end = (): void => {
      clearTimeout(timer);
      if (flights.get(key) === flight) flights.delete(key);
      settle();
    };
    const timer = setTimeout(end, FLIGHT_MS);
    timer.unref();
    const flight: Flight = { key, ended, end, purged: new Set(), spoilt: watch !== 'live' };
    flights.set(key, flight);
    return flight;
  }

  /** Whether the answer to this request would be kept. */
  function awaits(req: IncomingMessage): boolean {
    return pages !== null && flightOf.has(req);
  }

  /** Keeps the answer to a request that `begin` was told of, unless something in it has changed meanwhile. */
  function keep(req: IncomingMessage, page: Page): void {
    const flight = flightOf.get(req);
    if (!flight) return;
    if (land(flight, page)) shrinkFor(page, req.headers['accept-encoding']);
    flight.end();
  }

  /** @returns whether the page is kept now: nothing in it has changed on its way. */
  function land(flight: Flight, page: Page): boolean {
    // One that ended before its page came has heard of nothing since.
    const wrong =
      flights.get(flight.key) !== flight ||
      flight.spoilt ||
      watch !== 'live' ||
      page.keys.some((key) => flight.purged.has(key));
    if (wrong || !pages) return false;
    pages.set(flight.key, page, { ttl: page.keptMs });
    if (pages.peek(flight.key) === page) for (const key of page.keys) hold(key, flight.key);
    return true;
  }

  /** Keeps a page that nobody asked for yet; whoever does meanwhile waits for it. */
  async function renew(url: string, make: () => Promise<Page | null>): Promise<void> {
    if (watch !== 'live' || flights.has(url)) return;
    const flight = takeOff(url);
    const page = await make().catch(() => null);
    if (page) land(flight, page);
    flight.end();
  }

  /** Something changed: the pages that hold any of these keys are wrong. */
  function purge(keys: Iterable<string>): void {
    const gone = new Map<string, string[]>();
    for (const key of keys) {
      for (const flight of flights.values()) flight.purged.add(key);
      for (const url of holders.get(key) ?? []) gone.set(url, [...(gone.get(url) ?? []), key]);
    }
    for (const [url, changed] of gone) {
      pages?.delete(url);
      lately.set(url, true);
      const make = anew(url, changed);
      // In a turn of its own: by then everybody who remembers something of the page has been told.
      if (make) setImmediate(() => void renew(url, make));
    }
  }

  function purgeAll(): void {
    for (const flight of flights.values()) flight.spoilt = true;
    pages?.clear();
  }

  function watched(now: Watch): void {
    if (!pages || now === watch) return;
    watch = now;
    if (now === 'live') return;
    blindSince = performance.now();
    for (const flight of flights.values()) flight.spoilt = true;
    if (now === 'off') purgeAll();
  }

  function hold(key: string, url: string): void {
    const urls = holders.get(key) ?? new Set();
    holders.set(key, urls.add(url));
  }

  function forget(key: string, url: string): void {
    const urls = holders.get(key);
    urls?.delete(url);
    if (urls?.size === 0) holders.delete(key);
  }
}
