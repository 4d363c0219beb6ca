import type { Connection } from 'mongoose';
import { type Context, systemContext } from '../../core/context.ts';
import { forbidden } from '../../core/errors.ts';
import { deriveKey, hmac, sameText } from '../../core/tokens.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Granted, Sessions } from '../auth/sessions.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { UsersService } from '../users/users.service.ts';
import type { FirstAdmin } from './setup.contract.ts';

const GUARD = 'first-admin';

export type SetupService = ReturnType<typeof createSetupService>;

/** The first admin: made once, over the printed link or from the environment. Every later admin is made by an admin. */
export function createSetupService(deps: {
  db: Connection;
  accounts: UserAccounts;
  users: UsersService;
  sessions: Sessions;
  secret: string;
}) {
  const { db, accounts, users, sessions, secret } = deps;
  // Derived and not stored: every process of the newsroom, started ever so often, prints the same link.
  const token = hmac(deriveKey(secret, 'setup'), GUARD);
  return { token, isDone, complete, ensureFirstAdmin };

  async function isDone(): Promise<boolean> {
    return accounts.anyAdmin();
  }

  /** @throws DomainError `forbidden` for a wrong token, and for every token once there is an admin. */
  async function complete(ctx: Context, input: FirstAdmin): Promise<Granted> {
    const { token: given, name, email, password } = input;
    if (!sameText(given, token))
      throw forbidden('This set-up link is not valid. Take the one that the server printed last.');
    const admin = await addFirst(ctx, { name, email, password });
    if (!admin) throw forbidden('There is an admin already. Sign in, or ask them for an account.');
    return inTransaction(db, ctx, (tx) =>
      sessions.open(tx, admin, { method: 'password', secondFactor: false }),
    );
  }

  /** Makes the admin of `ADMIN_EMAIL` and `ADMIN_PASSWORD` while there is none; answers whether it did. */
  async function ensureFirstAdmin(admin: { email: string; password: string }): Promise<boolean> {
    const name = admin.email.split('@')[0] ?? admin.email;
    return (await addFirst(systemContext('setup', 'start'), { ...admin, name })) !== null;
  }

  async function addFirst(
    ctx: Context,
    admin: { name: string; email: string; password: string },
  ): Promise<UserRecord | null> {
    if (await isDone()) return null;
    const asSetup: Context = { ...ctx, actor: { kind: 'system', name: 'setup' } };
    return inTransaction(db, asSetup, async (tx) => {
      // Those who race meet on the guard: one inserts it, the others conflict there, try again and find an admin.
      if (await accounts.anyAdmin(tx.session)) return null;
      const taken = { $set: { at: new Date() } };
      await db
        .collection<{ _id: string }>('guards')
        .updateOne({ _id: GUARD }, taken, { upsert: true, session: tx.session });
      return users.addAccount(tx, { ...admin, role: 'admin', duties: [] });
    });
  }
}
