import type { ClientSession, Connection, Types } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';
import { type UserRecord, userModel } from './users.model.ts';

export type UserAccounts = ReturnType<typeof createUserAccounts>;

/** Accounts as signing in needs them: looked up by what a token or a person says, without asking who asks. */
export function createUserAccounts({ db }: { db: Connection }) {
  const Users = userModel(db);
  return {
    /** Uses the unique index `email`. */
    byEmail: async (email: string): Promise<UserRecord | null> => Users.findOne({ email }).lean(),
    byId: async (id: string, session: ClientSession | null = null): Promise<UserRecord | null> =>
      Users.findById(id).session(session).lean(),
    /** Whether there is an admin, active or not; uses the index `admins`. */
    anyAdmin: async (session: ClientSession | null = null): Promise<boolean> =>
      (await Users.exists({ role: 'admin' }).session(session)) !== null,
    /** Those of the ids that are active members of staff. */
    async existing(ids: readonly string[], session: ClientSession | null): Promise<ReadonlySet<string>> {
      const found = await Users.find({ _id: { $in: [...ids] }, active: true }, { _id: 1 })
        .session(session)
        .lean();
      return new Set(found.map(({ _id }) => String(_id)));
    },
    async noteSignIn(tx: Tx, id: Types.ObjectId, at: Date): Promise<UserRecord> {
      const user = await Users.findByIdAndUpdate(
        id,
        { $set: { lastSignInAt: at } },
        { returnDocument: 'after', session: tx.session },
      ).lean();
      if (!user) throw new Error('the account vanished while it signed in');
      return user;
    },
  };
}
