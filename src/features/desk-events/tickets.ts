import { type Connection, Types } from 'mongoose';
import { newToken, sha256 } from '../../core/tokens.ts';
import { type TicketRecord, ticketModel } from './tickets.model.ts';

const TICKET_MS = 60_000;

/** Who opens a stream, and by which session. */
export interface Bearer {
  readonly id: string;
  readonly sessionId: string;
}

export type Tickets = ReturnType<typeof createTickets>;

/** Tickets stand in an address, where an access token must not: each is good once, for a minute of database time. */
export function createTickets({ db }: { db: Connection }) {
  const Stored = ticketModel(db);
  return { issue, spend };

  async function issue({ id, sessionId }: Bearer): Promise<{ ticket: string; expiresAt: Date }> {
    const ticket = newToken();
    const expiresAt = { $add: ['$$NOW', TICKET_MS] };
    const kept: TicketRecord | null = await Stored.findOneAndUpdate(
      { _id: sha256(ticket) },
      [{ $set: { user: new Types.ObjectId(id), session: new Types.ObjectId(sessionId), expiresAt } }],
      { upsert: true, returnDocument: 'after', updatePipeline: true },
    ).lean();
    if (!kept) throw new Error('the ticket was not kept');
    return { ticket, expiresAt: kept.expiresAt };
  }

  /** Whose it was, or `null`: there is none, any more or in time. */
  async function spend(ticket: string): Promise<Bearer | null> {
    const spent: TicketRecord | null = await Stored.findOneAndDelete({
      _id: sha256(ticket),
      $expr: { $gt: ['$expiresAt', '$$NOW'] },
    }).lean();
    return spent && { id: String(spent.user), sessionId: String(spent.session) };
  }
}
