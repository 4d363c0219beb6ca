import type { Connection } from 'mongoose';
import { Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { newToken, sha256 } from '../../core/tokens.ts';
import type { Tx } from '../../db/transaction.ts';
import type { SignInMethod } from '../auth/auth.model.ts';
import type { UserRecord } from '../users/users.model.ts';
import { type PendingSignInRecord, pendingSignInModel } from './second-factor.model.ts';

/** Seconds that the second step may take. */
export const PENDING_SECONDS = 300;
/** Tries at the second step; then the first one is to be done again. */
export const PENDING_TRIES = 5;

export type PendingSignIns = ReturnType<typeof createPendingSignIns>;

/** Sign-ins between their two steps. A row tells only that the second is missing: nothing in it says that it is done. */
export function createPendingSignIns({ db, clock }: { db: Connection; clock: Clock }) {
  const Stored = pendingSignInModel(db);
  return { begin, find, count, spend };

  /** @returns the token that the second step takes. */
  async function begin(tx: Tx, user: UserRecord, method: SignInMethod): Promise<string> {
    const token = newToken();
    const row: PendingSignInRecord = {
      _id: sha256(token),
      user: user._id,
      tokenVersion: user.tokenVersion,
      method,
      attempts: 0,
      expiresAt: new Date(clock.now().getTime() + PENDING_SECONDS * 1000),
    };
    await Stored.create([row], { session: tx.session });
    return token;
  }

  async function find(token: string): Promise<PendingSignInRecord | null> {
    const row: PendingSignInRecord | null = await Stored.findOne(standing(sha256(token))).lean();
    return row && row.user instanceof Types.ObjectId ? row : null;
  }

  /** Counts a try before it is compared; false when there were too many, also of many at once. */
  async function count({ _id }: PendingSignInRecord): Promise<boolean> {
    const { modifiedCount } = await Stored.updateOne(standing(_id), { $inc: { attempts: 1 } });
    return modifiedCount === 1;
  }

  /** Ends it. Of two who finish at once, one gets true. */
  async function spend(tx: Tx, { _id, user }: PendingSignInRecord): Promise<boolean> {
    const filter = { _id, user, expiresAt: { $gt: clock.now() } };
    return (await Stored.findOneAndDelete(filter, { session: tx.session }).lean()) !== null;
  }

  // A row without a number or a time matches neither bound: what is half written is over.
  function standing(_id: string) {
    return { _id, attempts: { $lt: PENDING_TRIES }, expiresAt: { $gt: clock.now() } };
  }
}
