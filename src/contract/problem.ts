import { z } from 'zod';

/** Every code that an answer may carry in `code`. Stable: clients switch on it. */
export const ERROR_CODES = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'second_factor_required',
  'not_found',
  'gone',
  'method_not_allowed',
  'wrong_state',
  'locked',
  'conflict',
  'checks_failed',
  'merge_conflict',
  'sign_off_stale',
  'stale_version',
  'precondition_required',
  'idempotency_key_reused',
  'comments_closed',
  'payload_too_large',
  'uri_too_long',
  'headers_too_large',
  'unsupported_media',
  'rate_limited',
  'unavailable',
  'storage_full',
  'internal',
] as const;

export const ErrorCode = z.enum(ERROR_CODES);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** One fault of an input: `pointer` (RFC 6901) into the body, or the name of a `parameter`. */
export const ProblemIssue = z
  .object({
    pointer: z.string().optional(),
    parameter: z.string().optional(),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'ProblemIssue' });
export type ProblemIssue = z.infer<typeof ProblemIssue>;

/** RFC 9457 problem details, as every error is answered. Further members depend on `code`. */
export const Problem = z
  .looseObject({
    type: z.string().meta({ description: 'A URI that names the kind of problem.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: ErrorCode,
    requestId: z.string(),
    errors: z.array(ProblemIssue).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
