import type { ClientSession, Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import { literally } from '../../core/literal.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import type { Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import { type UserRecord, userModel } from './users.model.ts';
import { presentUser } from './users.presenter.ts';

/** What colleagues see of somebody. */
export type Colleague = Pick<UserRecord, '_id' | 'name' | 'role'>;

export type UserAccounts = ReturnType<typeof createUserAccounts>;

/** Accounts as signing in needs them: looked up by what a token or a person says, without asking who asks. */
export function createUserAccounts({ db }: { db: Connection }) {
  const Users = userModel(db);
  return {
    /** Uses the unique index `email`. */
    byEmail: async (email: string, session: ClientSession | null = null): Promise<UserRecord | null> =>
      Users.findOne({ email }).session(session).lean(),
    byId: async (id: string, session: ClientSession | null = null): Promise<UserRecord | null> =>
      Users.findById(id).session(session).lean(),
    /** Those of the ids that are accounts, by id. */
    async byIds(
      ids: readonly string[],
      session: ClientSession | null = null,
    ): Promise<ReadonlyMap<string, UserRecord>> {
      const found: UserRecord[] = await Users.find({ _id: { $in: [...ids] } })
        .session(session)
        .lean();
      return byId(found);
    },
    /** The ids of those who may answer for an API key now; uses the index `admins`. */
    async activeAdmins(): Promise<Types.ObjectId[]> {
      const found = await Users.find(
        { role: 'admin', active: true, joinedAt: { $ne: null } },
        { _id: 1 },
      ).lean();
      return found.map(({ _id }) => _id);
    },
    /** Whether there is an admin, active or not; uses the index `admins`. */
    anyAdmin: async (session: ClientSession | null = null): Promise<boolean> =>
      (await Users.exists({ role: 'admin' }).session(session)) !== null,
    /** Those of the ids that are active members of staff, and have joined. */
    async existing(ids: readonly string[], session: ClientSession | null): Promise<ReadonlySet<string>> {
      const found = await Users.find(
        { _id: { $in: [...ids] }, active: true, joinedAt: { $ne: null } },
        { _id: 1 },
      )
        .session(session)
        .lean();
      return new Set(found.map(({ _id }) => String(_id)));
    },
    /** Those who can be given work, by name; `q` is looked for in it as it stands. Uses the index `people`. */
    async colleagues({
      q,
      ...query
    }: PageQuery & { readonly q?: string | undefined }): Promise<PageOf<Colleague>> {
      return pageOf<UserRecord>(Users, {
        filter: {
          active: true,
          joinedAt: { $ne: null },
          ...(q ? { name: { $regex: literally(q), $options: 'i' } } : {}),
        },
        order: { field: 'name', kind: 'text', direction: 1 },
        fields: { name: 1, role: 1 },
        query,
      });
    },
    /** Whether there is a second factor, as `../second-factor` has just made it; no change of the account's version. */
    async noteSecondFactor(tx: Tx, id: Types.ObjectId, secondFactor: boolean): Promise<void> {
      await Users.updateOne({ _id: id }, { $set: { secondFactor } }, { session: tx.session });
    },
    /**
     * Ends every session and token of a person, who must be as the caller read them.
     * @throws DomainError `not_found` or `stale_version`.
     */
    async endAccess(tx: Tx, id: string, version: number, at: Date): Promise<UserRecord> {
      const user = await load(Users, id, 'member of staff', tx.session);
      requireVersion(user, version, presentUser);
      const changes = { tokenVersion: user.tokenVersion + 1, modifiedAt: at };
      return changeAt(Users, { id, version, session: tx.session }, { $set: changes });
    },
    /** Changes an account that must be as the caller read it. */
    async change(tx: Tx, user: UserRecord, changes: Partial<UserRecord>): Promise<UserRecord> {
      const target = { id: String(user._id), version: user.version, session: tx.session };
      return changeAt(Users, target, { $set: changes });
    },
    /** A new password, and the end of every token and every change that came of the one before; the person must be as the caller read them. */
    async setPassword(tx: Tx, user: UserRecord, passwordHash: string, at: Date): Promise<UserRecord> {
      const target = { id: String(user._id), version: user.version, session: tx.session };
      const tokenVersion = user.tokenVersion + 1;
      const changes = { passwordHash, tokenVersion, emailChange: null, modifiedAt: at };
      return changeAt(Users, target, { $set: changes });
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
