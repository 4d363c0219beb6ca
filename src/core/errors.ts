import type { ErrorCode, ProblemIssue } from '../contract/problem.ts';

/** Members that a problem carries beside the standard ones, and headers of its answer. */
export interface ErrorDetails {
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly ProblemIssue[];
  readonly cause?: unknown;
}

/** The one error of the program that a caller is meant to see. Anything else is a bug and answered as `internal`. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'DomainError';
    this.code = code;
    this.details = details;
  }
}

export const notFound = (what: string): DomainError =>
  new DomainError('not_found', `There is no such ${what}.`);

/** Whether something failed for want of what it named, and for nothing else. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'not_found';

export const forbidden = (why: string): DomainError => new DomainError('forbidden', why);

export const unauthenticated = (why: string): DomainError =>
  new DomainError('unauthenticated', why, { headers: { 'WWW-Authenticate': 'Bearer' } });

export const conflict = (why: string, members: Record<string, unknown> = {}): DomainError =>
  new DomainError('conflict', why, { members });

/** The body is valid JSON whose content is not; `pointer` is an RFC 6901 JSON Pointer. */
export const invalidField = (pointer: string, code: string, message: string, cause?: unknown): DomainError =>
  new DomainError('invalid_input', 'The request has content that cannot be taken.', {
    errors: [{ pointer, code, message }],
    ...(cause === undefined ? {} : { cause }),
  });

/** A query parameter is malformed or unknown: answered as 400. */
export const invalidParameter = (parameter: string, message: string, code = 'invalid'): DomainError =>
  new DomainError('invalid_input', 'A parameter cannot be taken.', {
    errors: [{ parameter, code, message }],
  });

/** The client's copy is older than what is stored. `members` hold `current` and `base` where there is a base. */
export const stale = (
  members: Record<string, unknown> = {},
  why = 'This was changed since you read it. Read it again, and make your change to what it says now.',
): DomainError => new DomainError('stale_version', why, { members });

const MEGABYTE = 1_048_576;

/** Nothing more is read of what is sent. */
export const fileTooLarge = (maxBytes: number): DomainError =>
  new DomainError(
    'payload_too_large',
    `The file is too large: it may have ${Math.floor(maxBytes / MEGABYTE)} MB. Save it smaller, and send that.`,
    { headers: { Connection: 'close' } },
  );

export const unavailable = (why: string, cause?: unknown): DomainError =>
  new DomainError('unavailable', why, { headers: { 'Retry-After': '2' }, cause });
