import type { Logger } from 'pino';
import { startRounds, type Worker } from '../../core/rounds.ts';
import type { BulkSteps, ClaimedJob } from './bulk.steps.ts';

const LOOK_MS = 400;

/** Carries out bulk actions, one at a time in each process, until it is stopped; what it had in hand it gives back. */
export function startBulkWorker({ steps, log }: { steps: BulkSteps; log: Logger }): Worker {
  return startRounds({ name: 'bulk actions', round, log });

  async function round(stopping: AbortSignal): Promise<number> {
    const job = await steps.claim();
    if (!job) return LOOK_MS;
    await work(job, stopping);
    return 0;
  }

  async function work(job: ClaimedJob, stopping: AbortSignal): Promise<void> {
    while (await steps.next(job)) {
      if (!stopping.aborted) continue;
      await steps.release(job);
      return;
    }
    log.info({ job: String(job._id), action: job.action }, 'bulk action: done');
  }
}
