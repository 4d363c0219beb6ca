import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { conflict } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction } from '../../db/transaction.ts';
import { load, requireVersion } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { LinksService } from '../links/links.service.ts';
import type { Factors } from '../second-factor/factors.ts';
import { createLastAdmin } from './last-admin.ts';
import { userModel } from './users.model.ts';
import { presentUser } from './users.presenter.ts';
import { createWorkOf } from './work.ts';

export type UserRemoval = ReturnType<typeof createUserRemoval>;

/** Takes an account away that never did anything: a wrong address, a second account. Everybody else is deactivated. */
export function createUserRemoval(deps: {
  db: Connection;
  audit: AuditService;
  factors: Factors;
  links: LinksService;
  sessions: Sessions;
}) {
  const { db, audit, factors, links, sessions } = deps;
  const Users = userModel(db);
  const lastAdmin = createLastAdmin({ db });
  const workOf = createWorkOf({ db });
  return { remove };

  /** @throws DomainError `conflict` naming in `usedBy` where somebody's name stands, and for the last admin. */
  async function remove(ctx: Context, id: string, version: number): Promise<undefined> {
    requirePermission(ctx, 'users:manage');
    await inTransaction(db, ctx, async (tx) => {
      const user = await load(Users, id, 'member of staff', tx.session);
      requireVersion(user, version, presentUser);
      await lastAdmin.keep(tx, user, null);
      const usedBy = await workOf(tx, user._id);
      if (Object.keys(usedBy).length > 0)
        throw conflict('There is work to the name of this account. Deactivate it instead.', { usedBy });
      await links.withdraw(tx, user._id);
      await sessions.endAll(tx, user);
      await factors.clear(tx, user._id);
      await Users.deleteOne({ _id: user._id }).session(tx.session);
      const { email, name, role } = user;
      await audit.record(tx, {
        key: `user:${id}:${version + 1}:user.delete`,
        action: 'user.delete',
        target: { kind: 'user', id },
        before: { email, name, role },
      });
    });
  }
}
