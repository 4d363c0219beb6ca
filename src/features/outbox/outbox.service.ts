import type { Connection } from 'mongoose';
import { withWide } from '../../core/surrogate-keys.ts';
import { insertOnce } from '../../db/once.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Purgeable } from '../purge/purgeable.ts';
import { type OutboxRecord, outboxModel } from './outbox.model.ts';

const BATCH = 500;

/** The event types of the contract that this build announces. */
export type EventType =
  | 'article.published'
  | 'article.updated'
  | 'article.corrected'
  | 'article.unpublished'
  | 'article.killed'
  | 'tag.changed'
  | 'section.changed'
  | 'author.changed'
  | 'media.changed'
  | 'redirect.changed'
  | 'front.published'
  | 'front.unpublished'
  | 'translations.changed'
  | StaffEventType;

/** What concerns the staff alone: never told on the content surface, nor to webhooks. */
export type StaffEventType = 'schedule.failed' | 'media.lapsed';

export interface OutboxEvent {
  readonly type: EventType;
  readonly subject: string;
  /** The version of the subject that the event tells of: with type and subject it is the event's key. */
  readonly version: number;
  readonly data: Record<string, unknown>;
}

export type OutboxService = ReturnType<typeof createOutboxService>;

/** What happened, for everything that follows a commit: written in its transaction, numbered without gaps after it. */
export function createOutboxService({
  db,
  purge = () => undefined,
  heard = () => undefined,
}: {
  db: Connection;
  /** Drops what this process keeps of changed things at once; other processes, and a restart, hear it from the outbox. */
  purge?: Purgeable['purge'];
  /** Told of every event of this process as soon as it is committed. */
  heard?: (event: OutboxEvent) => void;
}) {
  const Outbox = outboxModel(db);
  return { announce, number, hasPending, after, last };

  async function announce(tx: Tx, event: OutboxEvent): Promise<void> {
    // Padded, so that two versions announced within one millisecond sort in their order.
    const key = `${event.subject}:${String(event.version).padStart(10, '0')}:${event.type}`;
    const surrogateKeys = keysOf(event);
    await insertOnce(
      Outbox,
      {
        _id: key,
        type: event.type,
        subject: event.subject,
        data: { ...event.data, ...(surrogateKeys ? { surrogateKeys } : {}), version: event.version },
        pending: true,
      },
      tx.session,
    );
    tx.afterCommit(() => {
      heard(event);
      purge(surrogateKeys ?? [], tx.session.operationTime?.toBigInt(), key);
    });
  }

  /** Uses the index `pending_at`. */
  async function hasPending(): Promise<boolean> {
    return (await Outbox.exists({ pending: true })) !== null;
  }

  /** Gives the events that wait the next numbers, oldest first. Only the sequencer calls this, under its lease. */
  async function number(tx: Tx): Promise<number> {
    const events = await Outbox.find({ pending: true }, { _id: 1 })
      .sort({ at: 1, _id: 1 })
      .limit(BATCH)
      .session(tx.session)
      .lean();
    const last = await Outbox.findOne({ seq: { $exists: true } }, { seq: 1 })
      .sort({ seq: -1 })
      .session(tx.session)
      .lean();
    const first = (last?.seq ?? 0) + 1;
    const updates = events.map(({ _id }, index) => ({
      updateOne: {
        filter: { _id, pending: true },
        update: { $set: { seq: first + index }, $unset: { pending: '' } },
      },
    }));
    if (updates.length > 0) await Outbox.collection.bulkWrite(updates as never, { session: tx.session });
    return updates.length;
  }

  /** The number of the newest event; 0 before there is one. Uses the index `seq`. */
  async function last(): Promise<number> {
    const newest = await Outbox.findOne({ seq: { $exists: true } }, { seq: 1 })
      .sort({ seq: -1 })
      .lean();
    return newest?.seq ?? 0;
  }

  /** The numbered events after position `seq`, in order; uses the index `seq`. */
  async function after(seq: number, limit: number): Promise<OutboxRecord[]> {
    return Outbox.find({ seq: { $gt: seq } })
      .sort({ seq: 1 })
      .limit(limit)
      .lean();
  }
}

/** With the wide ones: a page with very many tags carries those. */
const keysOf = ({ data: { surrogateKeys } }: OutboxEvent): string[] | null =>
  Array.isArray(surrogateKeys) ? withWide(surrogateKeys) : null;
