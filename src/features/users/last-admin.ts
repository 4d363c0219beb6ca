import type { Connection } from 'mongoose';
import { conflict } from '../../core/errors.ts';
import type { Tx } from '../../db/transaction.ts';
import { isIn } from './standing.ts';
import { type UserRecord, userModel } from './users.model.ts';

export type LastAdmin = ReturnType<typeof createLastAdmin>;

/** Whoever was only invited cannot sign in yet, and leads nobody. */
const leads = (user: UserRecord): boolean => isIn(user) && user.role === 'admin';

/** The last admin who can sign in stays one. Requests that race meet on the guard's document, and one runs again. */
export function createLastAdmin({ db }: { db: Connection }) {
  const Users = userModel(db);
  return { isLast, keep };

  /** Uses the index `admins`. */
  async function isLast(tx: Tx, user: UserRecord): Promise<boolean> {
    if (!leads(user)) return false;
    await db
      .collection<{ _id: string }>('guards')
      .updateOne({ _id: 'admins' }, { $inc: { changes: 1 } }, { upsert: true, session: tx.session });
    const others = { role: 'admin' as const, active: true, joinedAt: { $ne: null }, _id: { $ne: user._id } };
    return !(await Users.exists(others).session(tx.session));
  }

  /** `after`: what becomes of the account, or `null` when it goes. @throws DomainError `conflict`. */
  async function keep(tx: Tx, before: UserRecord, after: UserRecord | null): Promise<void> {
    if (after && leads(after)) return;
    if (await isLast(tx, before))
      throw conflict('This is the last active admin. Make somebody else an admin first.');
  }
}
