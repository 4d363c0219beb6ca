import { randomUUID } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';

export interface Lease {
  /** Prolongs the lease; false when it was lost to another holder. In a transaction it guards what else is written. */
  renew(session?: ClientSession): Promise<boolean>;
  release(): Promise<void>;
}

interface LeaseRecord {
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
}

/**
 * Takes the named lease for `ttl` milliseconds of database time, or answers `null` while another holds it.
 * A holder that dies loses it by time: nothing is locked for ever.
 */
export async function takeLease(db: Connection, name: string, ttl: number): Promise<Lease | null> {
  const leases = db.collection<LeaseRecord>('leases');
  const holder = randomUUID();
  const claim = { holder, until: { $add: ['$$NOW', ttl] } };
  const free = { $lte: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] };
  const ours = {
    holder: { $cond: [free, claim.holder, '$holder'] },
    until: { $cond: [free, claim.until, '$until'] },
  };
  const now = await leases.findOneAndUpdate({ _id: name }, [{ $set: ours }], {
    upsert: true,
    returnDocument: 'after',
  });
  if (now?.holder !== holder) return null;
  return {
    async renew(session) {
      const { matchedCount } = await leases.updateOne(
        { _id: name, holder },
        [{ $set: claim }],
        session ? { session } : {},
      );
      return matchedCount === 1;
    },
    async release() {
      await leases.deleteOne({ _id: name, holder });
    },
  };
}

/** Does `work` while it holds the named lease, and gives it back; `null` while another has it, and nothing is done. */
export async function withLease<T>(
  db: Connection,
  name: string,
  ttl: number,
  work: (lease: Lease) => Promise<T>,
): Promise<T | null> {
  const lease = await takeLease(db, name, ttl);
  if (!lease) return null;
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}

/** What one worker holds for as long as it goes on. */
export interface StandingLease {
  /** The lease: taken when it is free, renewed in time; `null` while another process has it. */
  held(): Promise<Lease | null>;
  /** Makes the next `held` ask the database, whatever was known. */
  doubt(): void;
  release(): Promise<void>;
}

export function standingLease(db: Connection, name: string, ttl: number): StandingLease {
  let lease: Lease | null = null;
  let renewed = Number.NEGATIVE_INFINITY;
  return {
    async held() {
      const now = performance.now();
      if (lease && now - renewed < ttl / 4) return lease;
      lease = lease && (await lease.renew()) ? lease : await takeLease(db, name, ttl);
      renewed = now;
      return lease;
    },
    doubt() {
      renewed = Number.NEGATIVE_INFINITY;
    },
    async release() {
      await lease?.release();
    },
  };
}
