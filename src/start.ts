import type { Logger } from 'pino';
import { api } from './api.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { systemClock } from './core/clock.ts';
import { keptJwtSecret, prepareDataDir } from './data-dir.ts';
import { claimDataDir, openDatabase } from './database.ts';
import { migrate } from './db/migrate.ts';
import { drainable } from './drain.ts';
import type { DemoDeps, DemoResult } from './features/demo/demo.ts';
import { standingDemo } from './features/demo/standing.ts';
import type { Lifecycle } from './features/health/health.service.ts';
import { openIndexes } from './features/search/open-indexes.ts';
import { createPageCache } from './http/page-cache.ts';
import { listen, settlePort } from './port.ts';
import { createServer } from './server.ts';
import { createServices } from './services.ts';
import type { Shutdown } from './shutdown.ts';
import { summaryOf } from './summary.ts';
import { workers } from './workers.ts';

const DRAIN_MS = 10_000;

interface Start {
  readonly config: Config;
  readonly log: Logger;
  readonly shutdown: Pick<Shutdown, 'signal' | 'onStop'>;
}

/** The configuration with what the data directory settles: an absolute path, and a secret where none is given. */
export async function settle(config: Config): Promise<Config & { readonly jwtSecret: string }> {
  const dataDir = await prepareDataDir(config.dataDir);
  return { ...config, dataDir, jwtSecret: config.jwtSecret ?? (await keptJwtSecret(dataDir)) };
}

/**
 * Starts the whole program and answers its summary. What has been started is registered with `shutdown` at once; told
 * to stop, it goes no further.
 * @throws Error whose message tells the operator what to do.
 */
export async function start({ config: given, log, shutdown }: Start): Promise<string> {
  const began = performance.now();
  const config = await settle(given);
  await claimDataDir({ config, shutdown });
  const port = await settlePort(config.host, config.port);
  const database = await openDatabase({ config, log, shutdown });
  const { db } = database;
  shutdown.signal.throwIfAborted();
  const applied = await migrate(db, log);
  if (applied.length > 0) log.info({ applied }, 'migrated');

  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const lifecycle: Lifecycle = { draining: false };
  const pages = createPageCache({ below: api.content.base, maxBytes: config.pageCacheBytes });
  const { searchEngine: engine, dataDir: dir } = config;
  const indexes = await openIndexes({ engine, dataDir: dir, db, log });
  shutdown.onStop('search indexes', () => indexes.published.close());
  const services = createServices({
    ...{ config, db, clock: systemClock, publicUrl, lifecycle, indexes, pages },
  });
  if (config.firstAdmin) await services.setup.ensureFirstAdmin(config.firstAdmin);
  if (config.demo) await makeDemo({ db, services, config, log });
  const demo = await standingDemo(db);
  shutdown.signal.throwIfAborted();

  const server = createServer(createApp({ config, publicUrl, services, pages, log }), log, pages);
  const drain = drainable(server);
  for (const [name, startWorker] of Object.entries(workers)) {
    const worker = startWorker({ config, db, clock: systemClock, services, pages, log });
    shutdown.onStop(name, worker.stop);
  }
  await listen(server, config.host, port);
  shutdown.onStop('HTTP server', () => drain(DRAIN_MS));
  shutdown.signal.addEventListener('abort', () => {
    lifecycle.draining = true;
    services.deskEvents.leave();
  });
  const setupToken = (await services.setup.isDone()) ? null : services.setup.token;
  const { dataDir } = config;
  return summaryOf({
    publicUrl,
    database,
    dataDir,
    setupToken,
    demo,
    outboundAllow: config.outboundAllow,
    tookMs: performance.now() - began,
  });
}

/** Loaded only where it is asked for: a newsroom with stories of its own has no use for these. */
export async function makeDemo(deps: Omit<DemoDeps, 'clock'>): Promise<DemoResult | null> {
  const { seedDemo } = await import('./features/demo/demo.ts');
  return seedDemo({ ...deps, clock: systemClock });
}
