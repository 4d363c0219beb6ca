import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { insertOnce } from '../../db/once.ts';
import type { Tx } from '../../db/transaction.ts';
import { type AuditRecord, auditModel } from './audit.model.ts';
import { chainHash, type Link, START } from './chain.ts';
import { createAuditHead } from './head.ts';
import { createAuditReading } from './reading.ts';
import { createVerifyAudit } from './verify.ts';

const BATCH = 500;

/** What happened to what. `key` makes it recorded once, however often the transaction is tried. */
export interface Act {
  readonly key: string;
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string | null };
  readonly before?: unknown;
  readonly after?: unknown;
}

export type AuditService = ReturnType<typeof createAuditService>;

/** The audit log: written in the transaction of the act, chained by hash after commit (`../sequencer`). */
export function createAuditService({ db }: { db: Connection }) {
  const Audit = auditModel(db);
  const head = createAuditHead({ db });
  const { list } = createAuditReading({ db });
  return { list, record, chain, hasPending, head: head.read, verify: createVerifyAudit({ db }) };

  /** Records an act; never with a secret in `before` or `after`. */
  async function record(tx: Tx, act: Act): Promise<void> {
    await insertOnce(
      Audit,
      {
        _id: act.key,
        action: act.action,
        actor: actorOf(tx),
        target: act.target,
        before: act.before ?? null,
        after: act.after ?? null,
        requestId: tx.requestId,
        address: tx.address ?? null,
        device: tx.device ?? null,
        pending: true,
      },
      tx.session,
    );
  }

  /** Uses the index `pending_at`. */
  async function hasPending(): Promise<boolean> {
    return (await Audit.exists({ pending: true })) !== null;
  }

  /** Numbers and chains the rows that wait, oldest first. Only the sequencer calls this, under its lease. */
  async function chain(tx: Tx): Promise<number> {
    const rows = await Audit.find({ pending: true })
      .sort({ at: 1, _id: 1 })
      .limit(BATCH)
      .session(tx.session)
      .lean();
    let { seq, hash: prev } = await lastLink(tx);
    const updates = rows.map((row: AuditRecord) => {
      seq += 1;
      const link = { seq, prev, hash: chainHash(row, seq, prev) };
      prev = link.hash;
      return {
        updateOne: {
          filter: { _id: row._id, pending: true as const },
          update: { $set: link, $unset: { pending: '' } },
        },
      };
    });
    if (updates.length === 0) return 0;
    await Audit.collection.bulkWrite(updates as never, { session: tx.session });
    await head.move({ seq, hash: prev }, tx.session);
    return updates.length;
  }

  /**
   * Where the chain goes on: from its head, also when the rows that led there are gone, so that the gap stays. Only a
   * process of an older version, which keeps no head, may have come further.
   */
  async function lastLink(tx: Tx): Promise<Link> {
    const kept = (await head.read(tx.session)) ?? START;
    const last = await Audit.findOne({ seq: { $gt: kept.seq } })
      .sort({ seq: -1 })
      .session(tx.session)
      .lean();
    return last?.seq && last.hash ? { seq: last.seq, hash: last.hash } : kept;
  }
}

function actorOf({ actor }: Context): AuditRecord['actor'] {
  if (actor.kind === 'user') return { kind: 'user', id: actor.id, name: actor.name, role: actor.role };
  if (actor.kind === 'key') return { kind: 'key', id: actor.id, name: actor.name, role: null };
  return { kind: actor.kind, id: null, name: actor.kind === 'system' ? actor.name : null, role: null };
}
