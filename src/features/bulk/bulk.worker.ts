import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BulkSteps, ClaimedJob } from './bulk.steps.ts';

const LOOK_MS = 400;
const TROUBLE_MS = 1_000;

export interface BulkWorker {
  stop(): Promise<void>;
}

/** Carries out bulk actions, one at a time in each process, until it is stopped; what it had in hand it gives back. */
export function startBulkWorker({ steps, log }: { steps: BulkSteps; log: Logger }): BulkWorker {
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
      try {
        const job = await steps.claim();
        if (job) await work(job);
        else await pause(LOOK_MS);
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error }, 'bulk actions: trying again');
        await pause(TROUBLE_MS);
      }
    }
  }

  async function work(job: ClaimedJob): Promise<void> {
    while (await steps.next(job)) {
      if (!stopping.signal.aborted) continue;
      await steps.release(job);
      return;
    }
    log.info({ job: String(job._id), action: job.action }, 'bulk action: done');
  }

  async function pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}
