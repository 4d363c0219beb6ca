import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { deskEventsRoutes } from './desk-events.contract.ts';
import type { DeskEventsService } from './desk-events.service.ts';

/** Neither kept, nor packed, nor held back by a proxy until there is enough of it. */
const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

export const deskEventsHandlers = (events: DeskEventsService): Handlers<typeof deskEventsRoutes> => ({
  ticket: async (ctx) => {
    const { ticket, expiresAt } = await events.ticket(ctx);
    return { ticket, expiresAt: expiresAt.toISOString() };
  },
  stream: async (_ctx, { query: { ticket, after }, headers: { lastEventId, credentials } }) =>
    new Reply(undefined, {
      headers: HEADERS,
      stream: await events.open({ ticket, after: lastEventId ?? after, credentials }),
    }),
});
