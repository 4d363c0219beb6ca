import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { takeLease } from '../../db/lease.ts';
import type { EmptyBin } from '../articles/bin.ts';

const EVERY_MS = 10 * 60_000;
const LEASE_MS = 60_000;
const BREATH_MS = 200;

export interface BinSweep {
  stop(): Promise<void>;
}

/** Empties the bin by the setting of the site, in small steps and in one process at a time, until it is stopped. */
export function startBinSweep(deps: {
  readonly db: Connection;
  readonly emptyBin: EmptyBin;
  /** 0: everything is kept. */
  readonly retentionDays: () => Promise<number>;
  readonly log: Logger;
}): BinSweep {
  const { db, emptyBin, retentionDays, log } = deps;
  const stopping = new AbortController();
  const finished = loop();
  return {
    async stop() {
      stopping.abort();
      await finished;
    },
  };

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sweep().catch((err: unknown) => log.warn({ err }, 'bin: trying again later'));
      await pause(EVERY_MS);
    }
  }

  async function sweep(): Promise<void> {
    const days = await retentionDays();
    if (days === 0) return;
    const lease = await takeLease(db, 'bin', LEASE_MS);
    if (!lease) return;
    try {
      let deleted = 0;
      do {
        deleted = await emptyBin(days);
        if (deleted > 0) log.info({ deleted, days }, 'bin: deleted what was in it for long');
        await pause(BREATH_MS);
      } while (deleted > 0 && !stopping.signal.aborted && (await lease.renew()));
    } finally {
      await lease.release();
    }
  }

  async function pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}
