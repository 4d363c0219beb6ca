import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { keptJwtSecret, prepareDataDir } from './data-dir.ts';
import { claimDataDir, openDatabase } from './database.ts';
import { settlePort } from './port.ts';
import type { Shutdown } from './shutdown.ts';
import { summaryOf } from './summary.ts';

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

const program = () => import('./serve.ts');

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
  // Half of a start is mongod's, in a process of its own. Reading the program takes the rest, so it is read meanwhile.
  const waiting = () => void program().catch(() => undefined);
  const database = await openDatabase({ config, log, shutdown, waiting });
  const { serve } = await program();
  shutdown.signal.throwIfAborted();
  const served = await serve({ config, port, db: database.db, log, shutdown });
  const { dataDir, outboundAllow } = config;
  return summaryOf({ ...served, database, dataDir, outboundAllow, tookMs: performance.now() - began });
}
