import type { ErrorCode } from '../contract/problem.ts';

export interface ProblemHelp {
  readonly means: string;
  readonly todo: string;
}

/** What each code means and what a client does about it. The compiler refuses a code without help. */
export const PROBLEM_HELP: Readonly<Record<ErrorCode, ProblemHelp>> = {
  invalid_input: {
    means:
      'The request is well-formed but something in it cannot be taken (422), or it is malformed, or has a parameter that is wrong or unknown (400). `errors` names every fault, by `pointer` into the body or by `parameter`.',
    todo: 'Show each message at its field, and send the request again when all are mended. Sending it unchanged fails again.',
  },
  unauthenticated: {
    means: 'There are no credentials, or they are wrong or have expired.',
    todo: 'Refresh the access token once; when that fails too, ask the person to sign in.',
  },
  forbidden: {
    means: 'We know who you are, and your role or your part in this does not allow it.',
    todo: 'Ask an editor or an admin. `GET /editorial/v1/auth/me` lists what you may do.',
  },
  second_factor_required: {
    means: 'Your role must have a second factor, and you have none yet.',
    todo: 'Set one up with `POST /editorial/v1/auth/mfa/setup` or `/editorial/v1/auth/passkeys`; the session you have then opens.',
  },
  not_found: {
    means: 'There is nothing here, or nothing that you may see.',
    todo: 'Check the address. It may have been deleted.',
  },
  gone: {
    means: 'It was here, and was taken away for good.',
    todo: 'Remove links to it; it does not come back.',
  },
  method_not_allowed: {
    means: 'The address exists and does not take this method.',
    todo: 'Use one of the methods in the header `Allow`.',
  },
  wrong_state: {
    means:
      'The story is in a state from which this cannot be done; `allowedFrom` names those from which it can.',
    todo: '`detail` says what to do instead. Read the story again and offer only what its state allows.',
  },
  locked: {
    means:
      'Somebody else is editing this; `lock` says who, and since when. Without a `lock`: somebody had it after you.',
    todo: 'Keep the text (`PUT …/autosave`). Wait, ask them, or take the lock over if you may.',
  },
  conflict: {
    means:
      'It clashes with something that is there already: a name or an address is taken, a thing is in use, or the same request still runs.',
    todo: 'Read `detail`. With `Retry-After`, send the same request again after that time; else change what clashes.',
  },
  checks_failed: {
    means: 'The story lacks something that it needs before readers see it; `blocking` lists all of it.',
    todo: 'Mend what is listed and publish again, or let an editor pass over it with a reason (`waive`).',
  },
  merge_conflict: {
    means:
      'Two people changed the same thing differently; `conflicts` holds each with base, theirs and yours.',
    todo: 'Let the person choose for each, and merge again with the version of `current` as `base`.',
  },
  sign_off_stale: {
    means:
      'The text was changed after it was signed off; `blocking` says which sign-off, and what changed since.',
    todo: 'Have it signed off again, then publish.',
  },
  stale_version: {
    means:
      "It was changed after you read it, so your change would overwrite somebody's. `current` holds what is stored now.",
    todo: 'For a story, `POST …/merge` with the version that you read as `base`. Else merge it with the current version and send that version in `If-Match`.',
  },
  precondition_required: {
    means: 'A change of something that exists must say which version it changes.',
    todo: 'Send `If-Match` with the version that you read, in quotes.',
  },
  idempotency_key_reused: {
    means: 'The `Idempotency-Key` was used for another request.',
    todo: 'Take a new random key for each thing that you do; keep it only for repeating the same request.',
  },
  comments_closed: {
    means: 'This story takes no comments, or no more.',
    todo: 'Show the story without the form.',
  },
  payload_too_large: {
    means: 'The body or the file is larger than we take.',
    todo: 'Send less, or a smaller picture.',
  },
  uri_too_long: {
    means: 'The address is longer than we take.',
    todo: 'Ask for fewer things at once.',
  },
  headers_too_large: {
    means: 'The headers are larger than we take.',
    todo: 'Send fewer or shorter headers; a browser may hold too many cookies for this host.',
  },
  unsupported_media: {
    means:
      'The body has a type, a character set or an encoding that is not taken here, or a file is not what it says.',
    todo: 'Send JSON in UTF-8 as `application/json`; files as `multipart/form-data`.',
  },
  rate_limited: {
    means: 'You sent too many requests in a short time.',
    todo: 'Wait for the seconds in `Retry-After`.',
  },
  unavailable: {
    means:
      'The database is away or busy, or the server is stopping. Nothing of the request was kept unless it says so.',
    todo: 'Try again after the seconds in `Retry-After`; with the same `Idempotency-Key` this is always safe.',
  },
  storage_full: {
    means: 'The server has no room to write. Reading goes on.',
    todo: 'Tell an operator. Keep the text on your side and try again after `Retry-After`.',
  },
  internal: {
    means: 'A bug on our side. It has been logged.',
    todo: 'Tell the operator the `requestId`.',
  },
};
