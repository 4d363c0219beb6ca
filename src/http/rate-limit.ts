import type { Request, Response } from 'express';
import { MemoryStore, rateLimit } from 'express-rate-limit';
import type { Actor } from '../core/context.ts';
import { DomainError } from '../core/errors.ts';
import { networkOf } from '../core/network.ts';

/** Counts a request of an actor. @throws DomainError `rate_limited`. */
export type Limit = (req: Request, res: Response, actor: Actor) => Promise<void>;

const MINUTE = 60_000;

interface Limits {
  /** Requests a minute of a person, or of an address that nobody has signed in from; 0 for no limit. */
  readonly person: number;
  readonly address: number;
  /** Answers to nobody in particular are kept by shared caches, which must not keep what is left to one caller. */
  readonly quiet: boolean;
}

interface Caller {
  /** Stands as the policy's name in the headers: `"person"; r=1199; t=60`. */
  readonly kind: 'person' | 'key' | 'address';
  readonly key: string;
  readonly perMinute: number;
}

function callerOf(actor: Actor, address: string, { person, address: nobody }: Limits): Caller {
  switch (actor.kind) {
    case 'user':
      return { kind: 'person', key: `person ${actor.id}`, perMinute: person };
    case 'key':
      return { kind: 'key', key: `key ${actor.id}`, perMinute: actor.rate };
    default:
      return { kind: 'address', key: `address ${networkOf(address)}`, perMinute: nobody };
  }
}

function refuse(_req: Request, res: Response, next: (error: Error) => void): void {
  const seconds = String(res.getHeader('Retry-After') ?? '60');
  const message = `Too many requests in this minute. Send the next one in ${seconds} seconds.`;
  next(new DomainError('rate_limited', message, { headers: { 'Retry-After': seconds } }));
}

/** A limit over all routes of a surface, counted in this process's memory: several processes allow so much each. */
export function createLimit(limits: Limits): Limit {
  const callers = new WeakMap<Request, Caller>();
  const callerOfRequest = (req: Request): Caller =>
    callers.get(req) ?? { kind: 'address', key: '', perMinute: 0 };
  const store = new MemoryStore();
  const count = rateLimit({
    store,
    windowMs: MINUTE,
    limit: (req) => callerOfRequest(req).perMinute,
    identifier: (req) => callerOfRequest(req).kind,
    keyGenerator: (req) => callerOfRequest(req).key,
    handler: refuse,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its own advice on keys goes to the console; ours are made of who the caller is.
    validate: false,
  });
  return async (req, res, actor) => {
    const caller = callerOf(actor, req.ip ?? '', limits);
    if (caller.perMinute === 0) return;
    if (limits.quiet && caller.kind === 'address' && (await hasRoom(caller))) return;
    callers.set(req, caller);
    await new Promise<void>((resolve, reject) => {
      void count(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
    });
  };

  /** Counts without the headers, which also cost ten times as much as counting. */
  async function hasRoom({ key, perMinute }: Caller): Promise<boolean> {
    const { totalHits } = await store.increment(key);
    return totalHits <= perMinute;
  }
}

/** The limits of both surfaces. An address that nobody has signed in from has a quarter of what a person has. */
export const createLimits = (perMinute: { readonly editorial: number; readonly content: number }) => ({
  editorial: createLimit({
    person: perMinute.editorial,
    address: Math.ceil(perMinute.editorial / 4),
    quiet: false,
  }),
  content: createLimit({ person: perMinute.content, address: perMinute.content, quiet: true }),
});
