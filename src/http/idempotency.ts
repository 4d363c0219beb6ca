import type { Request } from 'express';
import type { Context } from '../core/context.ts';
import { badRequest, problemOf, toDomainError } from './errors.ts';

/** A finished answer, as it is kept for a repeated request. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One attempt at something that must happen once. */
export interface Attempt {
  readonly key: string;
  /** Method and full path. */
  readonly route: string;
  /** The validated input, for telling a repeat from a reuse. */
  readonly fingerprint: string;
}

/**
 * Runs `work` once per attempt: its answer is kept in the transaction of its effect. A repeat gets the kept answer.
 */
export type RunOnce = (
  ctx: Context,
  attempt: Attempt,
  work: (ctx: Context) => Promise<StoredAnswer>,
) => Promise<{ readonly answer: StoredAnswer; readonly replayed: boolean }>;

/** The caller's key, or `undefined`. @throws DomainError 400 when it is not 1 to 255 visible ASCII characters. */
export function idempotencyKey(req: Request): string | undefined {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw badRequest('Idempotency-Key must be 1 to 255 visible ASCII characters.');
  }
  return key;
}

/** The answer of a refusal (4xx) that is kept like any other, or `null` for a fault of ours, which frees the key. */
export type RefusalOf = (error: unknown, requestId: string, route: string) => StoredAnswer | null;

export const refusalOf: RefusalOf = (error, requestId, route) => {
  const known = toDomainError(error);
  if (!known) return null;
  const { status, headers, problem } = problemOf(known, requestId, route.replace(/^\w+ /, ''));
  // A stale version is a matter of the moment: the same request may be right after the next read.
  if (status >= 500 || status === 412) return null;
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json; charset=utf-8' },
    body: problem,
  };
};
