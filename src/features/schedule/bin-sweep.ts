import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { pause, startRounds, type Worker } from '../../core/rounds.ts';
import { withLease } from '../../db/lease.ts';
import type { EmptyBin } from '../articles/bin.ts';

const EVERY_MS = 10 * 60_000;
const LEASE_MS = 60_000;
const BREATH_MS = 200;

/** Empties the bin by the setting of the site, in small steps and in one process at a time, until it is stopped. */
export function startBinSweep(deps: {
  readonly db: Connection;
  readonly emptyBin: EmptyBin;
  /** 0: everything is kept. */
  readonly retentionDays: () => Promise<number>;
  readonly log: Logger;
}): Worker {
  const { db, emptyBin, retentionDays, log } = deps;
  return startRounds({
    ...{ name: 'bin', log, troubleMs: EVERY_MS },
    round: async (stopping) => {
      await sweep(stopping);
      return EVERY_MS;
    },
  });

  async function sweep(stopping: AbortSignal): Promise<void> {
    const days = await retentionDays();
    if (days === 0) return;
    await withLease(db, 'bin', LEASE_MS, async (lease) => {
      let deleted = 0;
      do {
        deleted = await emptyBin(days);
        if (deleted > 0) log.info({ deleted, days }, 'bin: deleted what was in it for long');
        await pause(BREATH_MS, stopping);
      } while (deleted > 0 && !stopping.aborted && (await lease.renew()));
    });
  }
}
