import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Calm } from '../../core/calm.ts';
import { systemContext } from '../../core/context.ts';
import { startRounds, type Worker } from '../../core/rounds.ts';
import { type Lease, standingLease } from '../../db/lease.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';

const LEASE_MS = 5_000;
const POLL_MS = 100;
const TROUBLE_MS = 1_000;

/**
 * Numbers the outbox and chains the audit log, in one process at a time. The lease is renewed inside the numbering
 * transaction: a holder that lost it conflicts there and commits nothing, so numbers have neither gaps nor twins.
 */
export function startSequencer(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  calm?: Calm;
  log: Logger;
}): Worker {
  const { db, audit, outbox, calm, log } = deps;
  const ctx = systemContext('scheduler', 'sequencer');
  const lease = standingLease(db, 'sequencer', LEASE_MS);
  return startRounds({
    ...{ name: 'sequencer', log, round, calm: calm?.settled, troubleMs: TROUBLE_MS },
    onTrouble: lease.doubt,
    leave: async () => lease.release().catch(() => log.debug('sequencer: the lease runs out by itself')),
  });

  async function round(): Promise<number> {
    const held = await lease.held();
    if (!held) return TROUBLE_MS;
    return (await workOnce(held)) ? 0 : POLL_MS;
  }

  async function workOnce(lease: Lease): Promise<boolean> {
    const [events, acts] = await Promise.all([outbox.hasPending(), audit.hasPending()]);
    if (!events && !acts) return false;
    await inTransaction(db, ctx, async (tx) => {
      if (!(await lease.renew(tx.session))) throw new Error('the sequencer lease was lost');
      await outbox.number(tx);
      await audit.chain(tx);
    });
    return true;
  }
}
