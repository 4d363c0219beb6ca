import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { api } from './api.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { systemClock } from './core/clock.ts';
import { atEndOfTurn } from './core/one-turn.ts';
import { migrate } from './db/migrate.ts';
import { makeDemo } from './demo.ts';
import { drainable } from './drain.ts';
import { type DemoSignIns, standingDemo } from './features/demo/standing.ts';
import type { Lifecycle } from './features/health/health.service.ts';
import { openIndexes } from './features/search/open-indexes.ts';
import { createPageCache } from './http/page-cache.ts';
import { createBlockLog } from './logger.ts';
import { listen } from './port.ts';
import { createServer } from './server.ts';
import { createServices } from './services.ts';
import type { Shutdown } from './shutdown.ts';
import { workers } from './workers.ts';

const DRAIN_MS = 10_000;

interface Serve {
  readonly config: Config & { readonly jwtSecret: string };
  readonly port: number;
  readonly db: Connection;
  readonly log: Logger;
  readonly shutdown: Pick<Shutdown, 'signal' | 'onStop'>;
}

export interface Served {
  readonly publicUrl: string;
  /** For the first admin, while there is none. */
  readonly setupToken: string | null;
  readonly demo: DemoSignIns | null;
}

/** Brings the database up to date, starts the workers, and answers requests on `port` until `shutdown`. */
export async function serve({ config, port, db, log, shutdown }: Serve): Promise<Served> {
  const applied = await migrate(db, log);
  if (applied.length > 0) log.info({ applied }, 'migrated');

  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const pageLog = createBlockLog(config.logLevel);
  shutdown.onStop('access log', async () => pageLog.flush());
  const lifecycle: Lifecycle = { draining: false };
  const pages = createPageCache({
    ...{ below: api.content.base, maxBytes: config.pageCacheBytes },
    anew: (url, keys) => services.storyAnew(url, keys),
  });
  const { searchEngine: engine, searchThreads: threads, opensearch, dataDir } = config;
  const indexes = await openIndexes({ engine, opensearch, threads, dataDir, db, log });
  shutdown.onStop('search indexes', () => indexes.published.close());
  const services = createServices({
    ...{ config, db, clock: systemClock, publicUrl, lifecycle, indexes, pages },
  });
  if (config.firstAdmin) await services.setup.ensureFirstAdmin(config.firstAdmin);
  if (config.demo) await makeDemo({ db, services, config, log });
  const demo = await standingDemo(db);
  shutdown.signal.throwIfAborted();

  const together = atEndOfTurn();
  const server = createServer(createApp({ config, publicUrl, services, pages, log }), {
    ...{ log, pageLog: pageLog.log, pages, finished: services.shownPages, together },
  });
  const drain = drainable(server, together);
  for (const [name, startWorker] of Object.entries(workers)) {
    const worker = startWorker({ config, db, clock: systemClock, services, log });
    shutdown.onStop(name, worker.stop);
  }
  await listen(server, config.host, port);
  shutdown.onStop('HTTP server', () => drain(DRAIN_MS));
  shutdown.signal.addEventListener('abort', () => {
    lifecycle.draining = true;
    services.deskEvents.leave();
  });
  const setupToken = (await services.setup.isDone()) ? null : services.setup.token;
  return { publicUrl, setupToken, demo };
}
