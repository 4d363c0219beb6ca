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

const weak = (tag: string): string => tag.trim().replace(/^W\//, '');

/**
 * True when the client has the answer already (RFC 9110, section 13.2.2): `If-None-Match` decides where it is given,
 * `If-Modified-Since` only without it.
 */
export function isFresh(req: Request, etag: string, lastModified: string | undefined): boolean {
  const known = req.headers['if-none-match'];
  if (known !== undefined) return known.trim() === '*' || known.split(',').map(weak).includes(etag);
  const since = Date.parse(req.headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && lastModified !== undefined && Date.parse(lastModified) <= since;
}
