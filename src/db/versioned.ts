import type { ClientSession, Model, Types, UpdateQuery } from 'mongoose';
import { notFound, stale } from '../core/errors.ts';

/** A record that clients change with `If-Match`: every change raises `version` by one. */
export interface Versioned {
  readonly _id: Types.ObjectId;
  readonly version: number;
}

interface Target {
  readonly id: string;
  readonly version: number;
  readonly session: ClientSession;
}

/** @throws DomainError `not_found`, calling the thing `what`. */
export async function load<R extends Versioned>(
  model: Model<R>,
  id: string,
  what: string,
  session: ClientSession | null = null,
): Promise<R> {
  const record = (await model.findById(id).session(session).lean()) as R | null;
  if (!record) throw notFound(what);
  return record;
}

/** @throws DomainError `stale_version` with the current state when the caller's copy is older. */
export function requireVersion<R extends Versioned>(
  record: R,
  version: number,
  present: (record: R) => unknown,
): void {
  if (record.version !== version) throw stale({ current: present(record), base: null });
}

/**
 * Changes the record at exactly the version that was read; a writer that came in between is a stale version, never
 * overwritten. Inside a transaction the conflict already shows as such, and the whole body runs again.
 */
export async function changeAt<R extends Versioned>(
  model: Model<R>,
  target: Target,
  update: UpdateQuery<R>,
): Promise<R> {
  const changed = (await model
    .findOneAndUpdate(
      { _id: target.id, version: target.version } as never,
      { ...update, $inc: { version: 1 } } as never,
      { returnDocument: 'after', session: target.session },
    )
    .lean()) as R | null;
  if (!changed) throw stale();
  return changed;
}
