import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { systemContext } from '../../core/context.ts';
import { type Lease, takeLease } from '../../db/lease.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';

const LEASE_MS = 5_000;
const POLL_MS = 100;
const TROUBLE_MS = 1_000;

export interface Sequencer {
  stop(): Promise<void>;
}

/**
 * Numbers the outbox and chains the audit log, in one process at a time. The lease is renewed inside the numbering
 * transaction: a holder that lost it conflicts there and commits nothing, so numbers have neither gaps nor twins.
 */
export function startSequencer(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  log: Logger;
}): Sequencer {
  const { db, audit, outbox, log } = deps;
  const stopping = new AbortController();
  const ctx = systemContext('scheduler', 'sequencer');
  const finished = loop();
  return {
    async stop() {
      stopping.abort();
      await finished;
    },
  };

  async function loop(): Promise<void> {
    let lease: Lease | null = null;
    let renewed = 0;
    while (!stopping.signal.aborted) {
      try {
        lease ??= await takeLease(db, 'sequencer', LEASE_MS);
        if (lease && performance.now() - renewed > LEASE_MS / 4) {
          if (!(await lease.renew())) lease = null;
          renewed = performance.now();
        }
        const busy = lease !== null && (await workOnce(lease));
        if (!busy) await pause(lease ? POLL_MS : TROUBLE_MS);
      } catch (error) {
        lease = null;
        if (!stopping.signal.aborted) log.warn({ err: error }, 'sequencer: trying again');
        await pause(TROUBLE_MS);
      }
    }
    await lease?.release().catch(() => log.debug('sequencer: the lease runs out by itself'));
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

  async function pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}
