import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, invalidField } from '../../core/errors.ts';
import { literally } from '../../core/literal.ts';
import { requirePermission } from '../../core/policy.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { PasswordService } from '../auth/passwords.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { AuthorsService } from '../authors/authors.service.ts';
import type { InvitationsService } from '../invitations/invitations.service.ts';
import type { LinksService } from '../links/links.service.ts';
import { createLastAdmin } from './last-admin.ts';
import type { NewUser, UserPatch } from './users.contract.ts';
import { type UserRecord, userModel } from './users.model.ts';
import { presentUser } from './users.presenter.ts';

export type UsersService = ReturnType<typeof createUsersService>;
export type UserFilter = PageQuery & {
  readonly role?: readonly string[] | undefined;
  readonly active?: boolean | undefined;
  readonly invited?: boolean | undefined;
  readonly secondFactor?: boolean | undefined;
  readonly q?: string | undefined;
};

/** Staff accounts. Only admins reach these verbs; the first admin comes from `../setup`. */
export function createUsersService(deps: {
  db: Connection;
  audit: AuditService;
  links: LinksService;
  passwords: PasswordService;
  authors: Pick<AuthorsService, 'create'>;
  invitations: Pick<InvitationsService, 'send'>;
  sessions: Sessions;
  clock: Clock;
}) {
  const { db, audit, links, passwords, authors, invitations, sessions, clock } = deps;
  const Users = userModel(db);
  const lastAdmin = createLastAdmin({ db });
  return { list, read, create, change, deactivate, activate, addAccount };

  /** Newest first; uses `role_created`, `active_created` or `invited`, and `created` otherwise. */
  async function list(ctx: Context, query: UserFilter): Promise<PageOf<UserRecord>> {
    requirePermission(ctx, 'users:manage');
    const order = { field: 'createdAt', kind: 'date', direction: -1 } as const;
    return pageOf(Users, { filter: filterOf(query), order, query });
  }

  async function read(ctx: Context, id: string): Promise<UserRecord> {
    requirePermission(ctx, 'users:manage');
    return load(Users, id, 'member of staff');
  }

  /** Without a password the person is invited by mail, and joins by setting one. */
  async function create(ctx: Context, { byline, ...input }: NewUser): Promise<UserRecord> {
    requirePermission(ctx, 'users:manage');
    const user = await accountOf(input);
    return inTransaction(db, ctx, async (tx) => {
      await insert(tx, user);
      if (byline !== undefined) await authors.create(tx, { name: byline, bio: '', user: String(user._id) });
      if (user.joinedAt === null) await invitations.send(tx, user);
      return user;
    });
  }

  /** Adds an account without asking who asks: for the set-up and the seed, which are actors of their own. */
  async function addAccount(
    ctx: Context,
    input: Omit<NewUser, 'byline'> & { readonly password: string },
  ): Promise<UserRecord> {
    const user = await accountOf(input);
    return inTransaction(db, ctx, (tx) => insert(tx, user));
  }

  /** Hashed before the transaction, which is no place to take one's time. */
  async function accountOf({ password, ...person }: Omit<NewUser, 'byline'>): Promise<UserRecord> {
    const refusal = password === undefined ? null : passwords.refusal(password, [person.email, person.name]);
    if (refusal) throw invalidField('/password', 'password_refused', refusal);
    const passwordHash = password === undefined ? null : await passwords.hash(password);
    const now = clock.now();
    return {
      _id: new Types.ObjectId(),
      version: 1,
      ...person,
      active: true,
      joinedAt: passwordHash === null ? null : now,
      passwordHash,
      secondFactor: false,
      timeZone: null,
      tokenVersion: 1,
      lastSignInAt: null,
      createdAt: now,
      modifiedAt: now,
    };
  }

  async function insert(tx: Tx, user: UserRecord): Promise<UserRecord> {
    if (await Users.exists({ email: user.email }).session(tx.session))
      throw conflict('A member of staff with this e-mail address is there already.');
    await Users.create([user], { session: tx.session });
    await recordAct(tx, user.joinedAt === null ? 'user.invite' : 'user.create', user, null);
    return user;
  }

  async function change(ctx: Context, id: string, version: number, patch: UserPatch): Promise<UserRecord> {
    const changes = { ...patch, modifiedAt: clock.now() };
    return update(ctx, { id, version, action: 'user.change' }, () => changes);
  }

  /** Ends every session, token and link of the person: nothing they hold is worth anything at the next request. */
  async function deactivate(ctx: Context, id: string, version: number): Promise<UserRecord> {
    const now = clock.now();
    return update(ctx, { id, version, action: 'user.deactivate' }, (user) => ({
      active: false,
      emailChange: null,
      tokenVersion: user.tokenVersion + 1,
      modifiedAt: now,
    }));
  }

  async function activate(ctx: Context, id: string, version: number): Promise<UserRecord> {
    const now = clock.now();
    return update(ctx, { id, version, action: 'user.activate' }, () => ({ active: true, modifiedAt: now }));
  }

  async function update(
    ctx: Context,
    target: { id: string; version: number; action: string },
    changesOf: (user: UserRecord) => Partial<UserRecord>,
  ): Promise<UserRecord> {
    requirePermission(ctx, 'users:manage');
    return inTransaction(db, ctx, async (tx) => {
      const user = await load(Users, target.id, 'member of staff', tx.session);
      requireVersion(user, target.version, presentUser);
      const changes = changesOf(user);
      await lastAdmin.keep(tx, user, { ...user, ...changes });
      const changed = await changeAt(Users, { ...target, session: tx.session }, { $set: changes });
      if (user.active && !changed.active) await endEverything(tx, changed);
      await recordAct(tx, target.action, changed, user);
      return changed;
    });
  }

  /** Keys need nothing here: whoever answers for one is read at each of its requests. */
  async function endEverything(tx: Tx, user: UserRecord): Promise<void> {
    await sessions.endAll(tx, user);
    await links.withdraw(tx, user._id);
  }

  async function recordAct(
    tx: Tx,
    action: string,
    after: UserRecord,
    before: UserRecord | null,
  ): Promise<void> {
    const state = (user: UserRecord) => {
      const { email, name, role, duties, active } = user;
      return { email, name, role, duties, active };
    };
    await audit.record(tx, {
      key: `user:${after._id}:${after.version}:${action}`,
      action,
      target: { kind: 'user', id: String(after._id) },
      before: before && state(before),
      after: state(after),
    });
  }
}

function filterOf({ role, active, invited, secondFactor, q }: UserFilter): Record<string, unknown> {
  const text = q === undefined ? null : { $regex: literally(q), $options: 'i' };
  return {
    ...(role ? { role: { $in: role } } : {}),
    ...(active === undefined ? {} : { active }),
    ...(invited === undefined ? {} : { joinedAt: invited ? null : { $ne: null } }),
    ...(secondFactor === undefined ? {} : { secondFactor }),
    ...(text ? { $or: [{ name: text }, { email: text }] } : {}),
  };
}
