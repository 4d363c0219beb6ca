import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { notFound, unauthenticated } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import { type SessionRecord, sessionModel } from './auth.model.ts';
import type { Sessions } from './sessions.ts';

export type OwnSessions = ReturnType<typeof createOwnSessions>;

/** What people see of their sessions, and how they end them. Whatever is ended is over at the next request, everywhere. */
export function createOwnSessions(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  sessions: Sessions;
  clock: Clock;
}) {
  const { db, accounts, audit, sessions, clock } = deps;
  const Stored = sessionModel(db);
  return { list, end, endAll, endAllOf };

  /** Those that stand, newest first; uses the index `by_user`. */
  async function list(ctx: Context, query: PageQuery): Promise<PageOf<SessionRecord>> {
    const { user } = await me(ctx);
    return pageOf(Stored, {
      filter: { ...standingOf(user), expiresAt: { $gt: clock.now() } },
      order: { field: 'createdAt', kind: 'date', direction: -1 },
      query,
    });
  }

  /** @returns whether it was the session that asks. */
  async function end(ctx: Context, id: string): Promise<boolean> {
    const { user, sessionId } = await me(ctx);
    await inTransaction(db, ctx, async (tx) => {
      const own = await Stored.findOne({ _id: id, ...standingOf(user) })
        .session(tx.session)
        .lean();
      if (!own) throw notFound('session');
      await sessions.end(tx, own._id, 'session.end', String(user._id));
    });
    return id === sessionId;
  }

  /** All others, and with `current` the one that asks as well; @returns whether it did. */
  async function endAll(ctx: Context, current: boolean): Promise<boolean> {
    const { user, sessionId } = await me(ctx);
    await endStanding(ctx, user, current ? undefined : sessionId);
    return current;
  }

  async function endAllOf(ctx: Context, id: string): Promise<undefined> {
    requirePermission(ctx, 'users:manage');
    const user = await accounts.byId(id);
    if (!user) throw notFound('member of staff');
    await endStanding(ctx, user, undefined);
  }

  async function me(ctx: Context): Promise<{ user: UserRecord; sessionId: string }> {
    requirePermission(ctx, 'session:own');
    const user = ctx.actor.kind === 'user' ? await accounts.byId(ctx.actor.id) : null;
    if (!user || ctx.actor.kind !== 'user') throw unauthenticated('Sign in first.');
    return { user, sessionId: ctx.actor.sessionId };
  }

  async function endStanding(ctx: Context, { _id }: UserRecord, kept: string | undefined): Promise<void> {
    const key = `session:end_all:${randomUUID()}`;
    await inTransaction(db, ctx, async (tx) => {
      const user = await accounts.byId(String(_id), tx.session);
      const ended = user ? await sessions.endAll(tx, user, kept) : 0;
      if (ended === 0) return;
      await audit.record(tx, {
        key,
        action: 'session.end_all',
        target: { kind: 'user', id: String(_id) },
        after: { kept: kept ?? null, ended },
      });
    });
  }
}

/** A session of an older token version has ended with it. */
const standingOf = ({ _id, tokenVersion }: UserRecord) => ({ user: _id, tokenVersion, endedAt: null });
