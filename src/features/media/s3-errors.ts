import { messageOf } from '../../core/error-facts.ts';
import { DomainError, unavailable } from '../../core/errors.ts';
import { storageFull } from './storage.ts';

/** What a store says when it has no room: the names of several makers. */
const FULL = new Set([
  'QuotaExceeded',
  'InsufficientStorage',
  'InsufficientCapacity',
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
  'EntityTooLarge',
]);

interface Failure {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const statusOf = (error: unknown): number => (error as Failure).$metadata?.httpStatusCode ?? 0;

/** There is no such object (or, for a question about the bucket, no such bucket). */
export const isAbsent = (error: unknown): boolean =>
  statusOf(error) === 404 && (error as Failure).name !== 'NoSuchBucket';

/** The same again may go well: it was lost on the way, and not for taking too long, or the store has trouble. */
export function isWorthAnother(error: unknown): boolean {
  const status = statusOf(error);
  const unanswered = status === 0 && (error as Failure).name !== 'AbortError';
  return unanswered || status >= 500 || status === 429;
}

/**
 * What a caller is told of a failure of the store. The cause is a plain error: those of the library carry the request,
 * and with it what signs it.
 */
export function explain(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { name = 'Error' } = error as Failure;
  const cause = new Error(`${name} ${statusOf(error) || ''}: ${withoutIds(messageOf(error))}`);
  return FULL.has(name) || statusOf(error) === 507
    ? storageFull(cause)
    : unavailable('Pictures cannot be stored or read for the moment.', cause);
}

/** The store repeats the key that it does not know. */
const withoutIds = (message: string): string => message.replace(/\b[A-Z0-9]{16,}\b/g, '…').slice(0, 300);
