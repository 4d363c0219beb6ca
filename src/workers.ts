import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Clock } from './core/clock.ts';
import type { Worker } from './core/rounds.ts';
import { startBulkWorker } from './features/bulk/bulk.worker.ts';
import { startFrontScheduler } from './features/fronts/front-schedule.ts';
import { startPostman } from './features/mail/postman.ts';
import { createTransport } from './features/mail/transports.ts';
import { startLapses } from './features/media/lapses.ts';
import { startRenditionMaker } from './features/media/rendition-job.ts';
import { startMediaSweep } from './features/media/sweep.ts';
import { startReadWriter } from './features/most-read/read-writer.ts';
import { startPurger } from './features/purge/purger.ts';
import { startThinning } from './features/revisions/sweep.ts';
import { startBinSweep } from './features/schedule/bin-sweep.ts';
import { startScheduler } from './features/schedule/scheduler.ts';
import { startSequencer } from './features/sequencer/sequencer.ts';
import type { Services } from './services.ts';

export interface WorkerDeps {
  readonly config: Config;
  readonly db: Connection;
  readonly clock: Clock;
  readonly services: Services;
  readonly log: Logger;
}

/** What goes on in the background of every process, by the name that the log gives it, in the order of its start. */
export const workers = {
  'bulk actions': ({ services, log }: WorkerDeps) => startBulkWorker({ steps: services.bulkSteps, log }),
  bin: ({ db, services: { emptyBin, binRetentionDays }, log }: WorkerDeps) =>
    startBinSweep({ db, emptyBin, retentionDays: binRetentionDays, log }),
  sequencer: ({ db, services: { audit, outbox, calm }, log }: WorkerDeps) =>
    startSequencer({ db, audit, outbox, calm, log }),
  scheduler: ({ services, clock, log }: WorkerDeps) =>
    startScheduler({ due: services.articles.due, clock, log }),
  'front scheduler': ({ services, log }: WorkerDeps) =>
    startFrontScheduler({ schedule: services.frontSchedule, log }),
  postman: ({ config, db, services: { audit, mailQueue: queue, letterWriter: writer }, log }: WorkerDeps) =>
    startPostman({ db, audit, queue, writer, transport: createTransport(config, log), log }),
  'revision thinning': ({ services, log }: WorkerDeps) => startThinning({ thinOut: services.thinOut, log }),
  purger: ({ db, services, log }: WorkerDeps) =>
    startPurger({ db, log, pages: services.keptPages, forgetSettings: services.settings.forget }),
  'story pages': ({ services, log }: WorkerDeps) => services.storyPages.start(log),
  'read writer': ({ services, log }: WorkerDeps) => startReadWriter({ counting: services.readCounting, log }),
  'search feed': ({ services, log }: WorkerDeps) => services.searchFeed.start(log),
  'desk search feed': ({ services, log }: WorkerDeps) => services.deskSearchFeed.start(log),
  'desk events': ({ services, log }: WorkerDeps) => services.deskEvents.start(log),
  'media sweep': ({ services, log }: WorkerDeps) => startMediaSweep({ sweep: services.sweepMedia, log }),
  renditions: ({ services, log }: WorkerDeps) => startRenditionMaker({ job: services.makeRenditions, log }),
  'picture rights': ({ services, log }: WorkerDeps) => startLapses({ noteLapse: services.noteLapse, log }),
} satisfies Record<string, (deps: WorkerDeps) => Worker>;

export type WorkerName = keyof typeof workers;
