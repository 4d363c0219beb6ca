import { type Connection, Types } from 'mongoose';
import type { Role } from '../../contract/roles.ts';
import type { Clock } from '../../core/clock.ts';
import type { Tx } from '../../db/transaction.ts';
import { changeAt } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { createLastAdmin } from './last-admin.ts';
import { type UserRecord, userModel } from './users.model.ts';

/** Who somebody is at a provider (OpenID Connect Core 1.0, section 5.7). */
interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

export type SignOnAccounts = ReturnType<typeof createSignOnAccounts>;

/** Accounts as single sign-on needs them. Whether it may is decided in `../sign-on`; each change is in the audit log. */
export function createSignOnAccounts(deps: { db: Connection; audit: AuditService; clock: Clock }) {
  const { db, audit, clock } = deps;
  const Users = userModel(db);
  const lastAdmin = createLastAdmin({ db });
  return { bySubject, byEmail, provision, link, follow };

  /** Uses the unique index `sign_on`. */
  async function bySubject(tx: Tx, { issuer, subject }: Identity): Promise<UserRecord | null> {
    return Users.findOne({ 'signOn.issuer': issuer, 'signOn.subject': subject }).session(tx.session).lean();
  }

  /** Uses the unique index `email`. */
  async function byEmail(tx: Tx, email: string): Promise<UserRecord | null> {
    return Users.findOne({ email }).session(tx.session).lean();
  }

  /** Makes an account for somebody who signs on for the first time. Two at once meet on the unique indexes. */
  async function provision(
    tx: Tx,
    { issuer, subject, name }: Identity & { readonly name: string | null },
    { email, role }: { email: string; role: Role },
  ): Promise<UserRecord> {
    const now = clock.now();
    const user: UserRecord = {
      _id: new Types.ObjectId(),
      version: 1,
      email,
      name: name ?? email,
      role,
      duties: [],
      active: true,
      joinedAt: now,
      passwordHash: null,
      secondFactor: false,
      timeZone: null,
      signOn: { issuer, subject, madeAccount: true },
      tokenVersion: 1,
      lastSignInAt: null,
      createdAt: now,
      modifiedAt: now,
    };
    await Users.create([user], { session: tx.session });
    await record(tx, 'user.create', user, { after: { email, name: user.name, role, issuer, subject } });
    return user;
  }

  /** Ties an account to somebody at the provider. Who was only invited has joined by it. */
  async function link(tx: Tx, user: UserRecord, { issuer, subject }: Identity): Promise<UserRecord> {
    const now = clock.now();
    const linked = await set(tx, user, {
      signOn: { issuer, subject, madeAccount: false },
      joinedAt: user.joinedAt ?? now,
      modifiedAt: now,
    });
    await record(tx, 'user.link_sign_on', linked, { after: { email: linked.email, issuer, subject } });
    return linked;
  }

  /** Gives an account the role that the provider says, except that the last active admin stays one. */
  async function follow(tx: Tx, user: UserRecord, role: Role): Promise<UserRecord> {
    if (user.role === role) return user;
    if (await lastAdmin.isLast(tx, user)) {
      await record(tx, 'user.keep_last_admin', user, { after: { role: user.role, refused: role } });
      return user;
    }
    const changed = await set(tx, user, { role, modifiedAt: clock.now() });
    await record(tx, 'user.change', changed, { before: { role: user.role }, after: { role } });
    return changed;
  }

  function set(tx: Tx, user: UserRecord, changes: Partial<UserRecord>): Promise<UserRecord> {
    const target = { id: String(user._id), version: user.version, session: tx.session };
    return changeAt(Users, target, { $set: changes });
  }

  async function record(
    tx: Tx,
    action: string,
    { _id, version }: UserRecord,
    states: { before?: object; after: object },
  ): Promise<void> {
    const target = { kind: 'user', id: String(_id) };
    await audit.record(tx, { key: `user:${_id}:${version}:${action}`, action, target, ...states });
  }
}
