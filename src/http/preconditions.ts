import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { DomainError } from '../core/errors.ts';
import { badRequest } from './errors.ts';

/** The strong ETag of a version (RFC 9110, section 8.8.3). */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * The version in `If-Match`.
 * @throws DomainError 428 when the header is missing, 400 when it is not one version.
 */
export function requireIfMatch(req: Request): number {
  const header = req.headers['if-match'];
  if (header === undefined) {
    throw new DomainError(
      'precondition_required',
      'Send If-Match with the version that you read, such as "7".',
    );
  }
  const version = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (version === undefined) throw badRequest('If-Match must be one version in quotes, such as "7".');
  return Number(version);
}

/**
 * The number of an editing lock in `Lock-Fence`, where it is given.
 * @throws DomainError 400 when it is no number.
 */
export function lockFence(req: Request): number | undefined {
  const header = req.headers['lock-fence'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw badRequest('Lock-Fence must be the number in "fence" of your lock, such as 3.');
}

const unquoted = (tag: string): string => tag.trim().replace(/^(?:W\/)?"([^"]*?)(?:\.(?:br|gzip))?"$/, '$1');

/** The tag of an answer in whatever coding: without quotes, `W/` and the name of the coding. */
const bare = (tag: string): string => (tag.includes('"') ? unquoted(tag) : tag);

function knows(known: string, tag: string): boolean {
  const own = bare(tag);
  // What nearly everybody sends: the one tag, as it was given to him.
  return known === `"${own}"` || known.trim() === '*' || known.split(',').map(bare).includes(own);
}

/**
 * True when the client has the answer already (RFC 9110, section 13.2.2): `If-None-Match` decides where it is given,
 * `If-Modified-Since` only without it. `tag` is the answer's, with or without its quotes: the caller has it, whichever coding
 * it came in.
 */
export function isFresh(
  { headers }: Pick<IncomingMessage, 'headers'>,
  tag: string,
  lastModified: string | undefined,
): boolean {
  const known = headers['if-none-match'];
  if (known !== undefined) return knows(known, tag);
  if (lastModified === undefined || headers['if-modified-since'] === undefined) return false;
  return Date.parse(lastModified) <= Date.parse(headers['if-modified-since']);
}
