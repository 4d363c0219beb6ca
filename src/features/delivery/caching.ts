import { bounded } from '../../core/surrogate-keys.ts';
import { Reply } from '../../http/reply.ts';
import type { Moved } from './delivery.service.ts';

/** Shared caches ask again after 5 s, serve the old answer meanwhile, and for ten minutes while we are away. */
const CACHE_CONTROL = 'public, max-age=0, s-maxage=5, stale-while-revalidate=5, stale-if-error=600';

/** Not kept by anybody without asking again: a search index may follow a change later than the caches do. */
export const ASK_AGAIN = { 'Cache-Control': 'no-cache' } as const;

export interface CacheFacts {
  readonly keys: Iterable<string>;
  readonly modifiedAt?: Date;
  /** See `ReplyOptions`. */
  readonly dated?: boolean;
  readonly vary?: string;
  /** For what changes without an event; see `ReplyOptions`. */
  readonly keptSeconds?: number;
  /** The body, where it is JSON already; see `ReplyOptions`. */
  readonly json?: Buffer;
}

/** An answer with what a shared cache is told of it: when it changed, and the tags to purge it by. */
export function cached<B>(
  body: B,
  { keys, modifiedAt, dated = false, vary, keptSeconds, json }: CacheFacts,
): Reply<B> {
  const headers = {
    'Cache-Control': CACHE_CONTROL,
    'Surrogate-Key': bounded(keys).join(' '),
    ...(modifiedAt ? { 'Last-Modified': modifiedAt.toUTCString() } : {}),
  };
  return new Reply(body, {
    ...{ headers, dated },
    ...(vary ? { vary } : {}),
    ...(keptSeconds ? { keptSeconds } : {}),
    ...(json === undefined ? {} : { json }),
  });
}

/** An answer for one caller alone: kept nowhere, found by no search engine. */
export const secret = <B>(body: B): Reply<B> =>
  new Reply(body, {
    headers: { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow, noarchive' },
  });

export interface MoveFacts {
  /** What the move depends on. */
  readonly keys?: readonly string[];
  /** False: the thing may be back one day. */
  readonly permanent?: boolean;
}

/** 301 to where a thing is now, or 302 to where it is for a while. */
export function movedTo(location: string, { keys = [], permanent = true }: MoveFacts = {}): Reply<undefined> {
  const headers = {
    Location: location,
    'Cache-Control': CACHE_CONTROL,
    ...(keys.length > 0 ? { 'Surrogate-Key': keys.join(' ') } : {}),
  };
  return new Reply(undefined, { status: permanent ? 301 : 302, headers });
}

/** Leads readers on: on this surface to the story's place in it, which `pathOf` tells, else to the site. */
export const moved = (move: Moved, pathOf: (slug: string) => string): Reply<undefined> =>
  movedTo('movedTo' in move ? pathOf(move.movedTo) : move.elsewhere, move);
