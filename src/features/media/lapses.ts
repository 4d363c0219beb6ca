import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { systemContext } from '../../core/context.ts';
import { startRounds, type Worker } from '../../core/rounds.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { LapsedRights } from '../articles/lapsed-rights.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { idsOf } from './identity.ts';
import { type MediaRecord, mediaModel } from './media.model.ts';

const EVERY_MS = 10_000;
/** Longer than a transaction lives: what was being published while the rights ended is found the second time. */
const LOOK_AGAIN_MS = 90_000;

/** Looks after one picture whose rights ended; answers whether there was one. */
export type NoteLapse = () => Promise<boolean>;

/**
 * Marks the stories that readers see with a picture whose rights ended, and tells the staff which they are. What is due
 * stands in the picture and is decided by the database's time; each step is one transaction, so that of many processes one
 * does it, and after a crash another goes on.
 */
export function createNoteLapse(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  lapsed: LapsedRights;
}): NoteLapse {
  const { db, audit, outbox, lapsed } = deps;
  const Items = mediaModel(db);

  return () =>
    inTransaction(db, systemContext('rights', 'rights'), async (tx) => {
      const item = await nextDue(tx);
      if (!item) return false;
      const { stories, more } = await lapsed.mark(tx, idsOf(item));
      await settle(tx, item, more);
      if (!item.lapseToldAt || stories.length > 0) await tell(tx, item, stories);
      return true;
    });

  /** Uses the partial index `lapseDue`. */
  async function nextDue(tx: Tx): Promise<MediaRecord | null> {
    return Items.findOne({ lapseDue: { $type: 'date' }, $expr: { $lte: ['$lapseDue', '$$NOW'] } })
      .sort({ lapseDue: 1 })
      .session(tx.session)
      .lean();
  }

  /** Written in any case, so that of two processes with the same picture one begins anew. */
  async function settle(tx: Tx, { _id, lapseToldAt }: MediaRecord, more: boolean): Promise<void> {
    const again = lapseToldAt ? '$$REMOVE' : { $add: ['$$NOW', LOOK_AGAIN_MS] };
    const set = more ? { lapseDue: '$$NOW' } : { lapseDue: again, lapseToldAt: '$$NOW' };
    await Items.updateOne({ _id }, [{ $set: set }], { session: tx.session, updatePipeline: true });
  }

  async function tell(tx: Tx, item: MediaRecord, stories: readonly string[]): Promise<void> {
    const id = String(item._id);
    const allowedUntil = item.rights?.allowedUntil ?? null;
    // Several of one lapse: the stories that each tells of are in no other.
    const part = stories[0] ? `:${stories[0]}` : '';
    await audit.record(tx, {
      key: `media:${id}:${item.version}:media.lapse${part}`,
      action: 'media.lapse',
      target: { kind: 'media', id },
      after: { allowedUntil, stories },
    });
    await outbox.announce(tx, {
      type: 'media.lapsed',
      subject: `media:${id}${part}`,
      version: item.version,
      data: { id, allowedUntil, stories },
    });
  }
}

/** Looks after the pictures whose rights end, until it is stopped. */
export const startLapses = ({ noteLapse, log }: { noteLapse: NoteLapse; log: Logger }): Worker =>
  startRounds({
    ...{ name: 'picture rights', log, troubleMs: EVERY_MS },
    round: async () => ((await noteLapse()) ? 0 : EVERY_MS),
  });
