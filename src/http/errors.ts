import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { ZodError } from 'zod';
import type { ErrorCode, Problem, ProblemIssue } from '../contract/problem.ts';
import { DomainError, unavailable } from '../core/errors.ts';
import { pointerOf } from '../core/json.ts';
import { codeOf, wordsOf } from '../schema/index.ts';

/** The status and title of each code. The compiler refuses a code without them. */
export const STATUS: Readonly<Record<ErrorCode, readonly [status: number, title: string]>> = {
  invalid_input: [422, 'The input cannot be taken'],
  unauthenticated: [401, 'Sign in first'],
  forbidden: [403, 'Not allowed'],
  second_factor_required: [403, 'Second factor required'],
  not_found: [404, 'Not found'],
  gone: [410, 'Gone for good'],
  method_not_allowed: [405, 'Method not allowed'],
  wrong_state: [409, 'Not in this state'],
  locked: [409, 'Somebody else is editing this'],
  conflict: [409, 'Conflict'],
  checks_failed: [409, 'Checks before publishing failed'],
  merge_conflict: [409, 'The changes clash'],
  sign_off_stale: [409, 'A sign-off is out of date'],
  stale_version: [412, 'Changed since you read it'],
  precondition_required: [428, 'If-Match is missing'],
  idempotency_key_reused: [422, 'Idempotency key used for something else'],
  comments_closed: [403, 'Comments are closed'],
  payload_too_large: [413, 'Too large'],
  uri_too_long: [414, 'Address too long'],
  headers_too_large: [431, 'Headers too large'],
  unsupported_media: [415, 'Unsupported media type'],
  rate_limited: [429, 'Too many requests'],
  unavailable: [503, 'Unavailable for the moment'],
  storage_full: [503, 'Storage is full'],
  internal: [500, 'Internal error'],
};

const malformed = (message: string, errors?: ProblemIssue[]): DomainError =>
  new DomainError('invalid_input', message, { members: { status: 400 }, ...(errors ? { errors } : {}) });

export const badRequest = malformed;

/** All faults that zod found in a body, with JSON Pointers. */
export const bodyIssues = (error: ZodError): ProblemIssue[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          pointer: pointerOf([...issue.path, key]),
          code: 'unknown_field',
          message: 'There is no such field here.',
        }))
      : [{ pointer: pointerOf(issue.path), code: codeOf(issue), message: wordsOf(issue) }],
  );

/** All faults that zod found in a query, by parameter. */
export const queryIssues = (error: ZodError): ProblemIssue[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          parameter: key,
          code: 'unknown_parameter',
          message: 'There is no such parameter here.',
        }))
      : [{ parameter: String(issue.path[0] ?? ''), code: codeOf(issue), message: wordsOf(issue) }],
  );

type Converter = (error: Error & { code?: unknown; type?: unknown; status?: unknown }) => DomainError | null;

const MONGO_AWAY =
  /^Mongo(?:Network|ServerSelection|NotConnected|WaitQueue|PoolCleared|PoolClosed|TopologyClosed|ExpiredSession|ServerClosed|OperationTimeout)/;
// Of a socket that mongod's death has half closed; the driver lets these through as they are.
const SOCKET_BROKEN = new Set<unknown>(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT']);
// NotWritablePrimary and kin, interrupted by shutdown or step-down, write concern timed out, maxTimeMS.
const MONGO_PASSING = new Set([50, 64, 89, 91, 189, 10107, 11600, 11602, 13435, 13436, 262]);
const DISK_FULL = new Set([14031, 28]);

/** Known errors of libraries, as ours. The first that answers wins. */
const CONVERTERS: readonly Converter[] = [
  (error) => (error instanceof DomainError ? error : null),
  (error) =>
    error.name === 'MongooseServerSelectionError' ||
    MONGO_AWAY.test(error.name) ||
    SOCKET_BROKEN.has(error.code)
      ? unavailable('The database is away. Try again shortly.', error)
      : null,
  (error) =>
    MONGO_PASSING.has(Number(error.code))
      ? unavailable('The database is busy. Try again shortly.', error)
      : null,
  (error) => (isTransient(error) ? unavailable('Many changes at once. Try again shortly.', error) : null),
  (error) =>
    DISK_FULL.has(Number(error.code)) || error.code === 'ENOSPC'
      ? new DomainError('storage_full', 'The disk is full. Tell an operator.', {
          cause: error,
          headers: { 'Retry-After': '60' },
        })
      : null,
  (error) =>
    error.code === 11000
      ? new DomainError('conflict', 'Something with this name or address is there already.', { cause: error })
      : null,
  (error) =>
    error instanceof RangeError && /call stack/.test(error.message)
      ? malformed('The input is nested too deeply.')
      : null,
  (error) =>
    error instanceof URIError || error.message.startsWith('Failed to decode param')
      ? malformed('The address is not well-formed.')
      : null,
];

const isTransient = (error: Error): boolean => {
  const labelled = error as { hasErrorLabel?: (label: string) => boolean };
  return labelled.hasErrorLabel?.('TransientTransactionError') === true;
};

/** Any error as one of ours, or `null` for a bug. */
export function toDomainError(error: unknown): DomainError | null {
  // By shape and not by class: errors of Node's own modules may come from another realm.
  if (typeof error !== 'object' || error === null || !('message' in error)) return null;
  for (const convert of CONVERTERS) {
    const known = convert(error as Error);
    if (known) return known;
  }
  return null;
}

/** A query's fault is a malformed request (400), a body's an invalid one (422). */
function statusOf(error: DomainError): number {
  const own = error.details.members?.status;
  if (typeof own === 'number') return own;
  if (error.code === 'invalid_input' && error.details.errors?.some((issue) => issue.parameter)) return 400;
  return STATUS[error.code][0];
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;
}

/** The RFC 9457 document of an error. */
export function problemOf(error: DomainError, requestId: string, instance: string): Answered {
  const { members, headers, errors } = error.details;
  const status = statusOf(error);
  const problem = {
    type: `/docs/problems#${error.code}`,
    title: STATUS[error.code][1],
    detail: error.message,
    instance,
    code: error.code,
    requestId,
    ...(errors ? { errors: [...errors] } : {}),
    ...members,
    status,
  };
  return { status, headers: headers ?? {}, problem };
}

/** Writes a problem as `application/problem+json`. */
export function sendProblem(res: Response, answered: Answered): void {
  res.status(answered.status);
  res.set({
    ...answered.headers,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/problem+json; charset=utf-8',
  });
  res.end(JSON.stringify(answered.problem));
}

const internal = (): DomainError =>
  new DomainError('internal', 'Something went wrong on our side. It has been logged under this request id.');

/** The one error middleware. What is no known error is a bug: logged with its stack, answered without a word of it. */
export const errorMiddleware =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    const requestId = String(res.getHeader('X-Request-Id') ?? '');
    const known = toDomainError(error);
    if (!known) log.error({ err: error, requestId }, 'a bug: unexpected error');
    else if (known.details.cause) log.warn({ err: known.details.cause, requestId }, known.message);
    if (res.headersSent) {
      next(error);
      return;
    }
    sendProblem(res, problemOf(known ?? internal(), requestId, req.path));
  };
