import { canonicalJson } from '../../core/json.ts';
import { sha256 } from '../../core/tokens.ts';
import type { AuditRecord } from './audit.model.ts';

/** The hash before the first row. */
const GENESIS = '';

/** What is hashed of a row: everything that tells who did what, its number, and the hash of the row before. */
export function chainHash(row: AuditRecord, seq: number, prev: string): string {
  const { pending: _pending, hash: _hash, seq: _seq, prev: _prev, ...act } = row;
  return sha256(canonicalJson({ ...act, at: row.at.toISOString(), seq, prev }));
}

/** Where the chain stands after some rows. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** Before the first row. */
export const START: Link = { seq: 0, hash: GENESIS };

/** The next link, or `null` when `row` does not follow from the one before it: it was edited, removed or moved. */
export function follow({ seq: last, hash: prev }: Link, row: AuditRecord): Link | null {
  const seq = last + 1;
  if (!(row.at instanceof Date)) return null;
  const hash = chainHash(row, seq, prev);
  return row.seq === seq && row.prev === prev && row.hash === hash ? { seq, hash } : null;
}
