import type { ClientSession, Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { unauthenticated } from '../../core/errors.ts';
import { inTransaction } from '../../db/transaction.ts';
import { requireVersion } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Bylines } from '../authors/bylines.ts';
import type { Confirmation } from '../second-factor/confirmation.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import { presentUser } from '../users/users.presenter.ts';
import type { ProfilePatch } from './profile.contract.ts';
import type { ProfileView } from './profile.presenter.ts';

export type ProfileService = ReturnType<typeof createProfileService>;

/** One's own account: what everybody may read and change of themselves, whatever the role. */
export function createProfileService(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  bylines: Bylines;
  confirmation: Confirmation;
  clock: Clock;
}) {
  const { db, accounts, audit, bylines, confirmation, clock } = deps;
  return { read, change };

  async function read(ctx: Context): Promise<ProfileView> {
    return viewOf(await confirmation.owner(ctx));
  }

  async function change(ctx: Context, version: number, patch: ProfilePatch): Promise<ProfileView> {
    const { _id } = await confirmation.owner(ctx);
    return inTransaction(db, ctx, async (tx) => {
      const user = await accounts.byId(String(_id), tx.session);
      if (!user) throw unauthenticated('Sign in first.');
      requireVersion(user, version, presentUser);
      const { byline, ...changes } = patch;
      const changed = await accounts.change(tx, user, { ...changes, modifiedAt: clock.now() });
      if (byline !== undefined) await bylines.take(tx, changed, byline);
      const state = ({ name, timeZone }: UserRecord) => ({ name, timeZone });
      await audit.record(tx, {
        key: `user:${_id}:${changed.version}:profile.change`,
        action: 'profile.change',
        target: { kind: 'user', id: String(_id) },
        before: state(user),
        after: { ...state(changed), ...(byline === undefined ? {} : { byline }) },
      });
      return viewOf(changed, tx.session);
    });
  }

  async function viewOf(user: UserRecord, session: ClientSession | null = null): Promise<ProfileView> {
    const { emailChange = null } = user;
    const waits = emailChange !== null && emailChange.expiresAt > clock.now();
    return { user, byline: await bylines.of(user._id, session), emailChange: waits ? emailChange : null };
  }
}
