import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { SessionRecord } from './auth.model.ts';
import type { OwnSessions } from './own-sessions.ts';
import type { Session, sessionsRoutes } from './sessions.contract.ts';

/** The cookie goes with the session that it belongs to. */
const ended = (wasCurrent: boolean) =>
  wasCurrent ? new Reply(undefined, { sessionCookie: null }) : undefined;

export const sessionsHandlers = (sessions: OwnSessions): Handlers<typeof sessionsRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await sessions.list(ctx, query);
    const own = ctx.actor.kind === 'user' ? ctx.actor.sessionId : '';
    return { data: records.map((record) => presentSession(record, own)), page };
  },
  end: async (ctx, { params }) => ended(await sessions.end(ctx, params.id)),
  endAll: async (ctx, { query }) => ended(await sessions.endAll(ctx, query.current)),
  endAllOf: async (ctx, { params }) => sessions.endAllOf(ctx, params.id),
});

const presentSession = (record: SessionRecord, own: string): Session => ({
  id: String(record._id),
  current: String(record._id) === own,
  device: record.device,
  address: record.address,
  method: record.method,
  secondFactor: record.secondFactor,
  createdAt: record.createdAt.toISOString(),
  lastUsedAt: record.lastUsedAt.toISOString(),
  expiresAt: record.expiresAt.toISOString(),
});
