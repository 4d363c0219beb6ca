import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { conflict } from '../../core/errors.ts';
import type { Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { type UserRecord, userModel } from './users.model.ts';
import { presentUser } from './users.presenter.ts';

export type InvitedAccounts = ReturnType<typeof createInvitedAccounts>;

/**
 * Accounts of people who have not joined yet. Inviting again, taking back and accepting all write the account at the
 * version that they read: of two that race, one happens.
 */
export function createInvitedAccounts(deps: { db: Connection; audit: AuditService; clock: Clock }) {
  const { db, audit, clock } = deps;
  const Users = userModel(db);
  return { read, noteInvited, join, remove };

  /** @throws DomainError `not_found`, `stale_version`, or `conflict` for somebody who has joined or may not. */
  async function read(tx: Tx, id: string, version: number): Promise<UserRecord> {
    const user = await load(Users, id, 'member of staff', tx.session);
    requireVersion(user, version, presentUser);
    if (user.joinedAt !== null)
      throw conflict(
        'This person has joined already: there is no invitation. Deactivate the account instead.',
      );
    return user;
  }

  /** The account is invited once more. */
  async function noteInvited(tx: Tx, user: UserRecord): Promise<UserRecord> {
    if (!user.active) throw conflict('This account is deactivated. Activate it, then invite again.');
    const invited = await set(tx, user, { modifiedAt: clock.now() });
    await record(tx, 'user.invite_again', invited, { after: { email: invited.email } });
    return invited;
  }

  /** The person has a password, and is in. */
  async function join(
    tx: Tx,
    user: UserRecord,
    { name, passwordHash }: { name: string; passwordHash: string },
  ): Promise<UserRecord> {
    const now = clock.now();
    const joined = await set(tx, user, { name, passwordHash, joinedAt: now, modifiedAt: now });
    await record(tx, 'user.accept_invitation', joined, {
      before: { name: user.name },
      after: { name, role: joined.role },
    });
    return joined;
  }

  /** Nothing can stand under the name of somebody who never joined: the account goes, and its address is free. */
  async function remove(tx: Tx, user: UserRecord): Promise<void> {
    await Users.deleteOne({ _id: user._id }).session(tx.session);
    const { email, name, role, duties } = user;
    const gone = { ...user, version: user.version + 1 };
    await record(tx, 'user.revoke_invitation', gone, { before: { email, name, role, duties }, after: null });
  }

  function set(tx: Tx, user: UserRecord, changes: Partial<UserRecord>): Promise<UserRecord> {
    const target = { id: String(user._id), version: user.version, session: tx.session };
    return changeAt(Users, target, { $set: changes });
  }

  async function record(
    tx: Tx,
    action: string,
    { _id, version }: UserRecord,
    states: { before?: object; after: object | null },
  ): Promise<void> {
    const target = { kind: 'user', id: String(_id) };
    await audit.record(tx, { key: `user:${_id}:${version}:${action}`, action, target, ...states });
  }
}
