import { pino } from 'pino';
import { lockDataDir } from '../../src/db/embedded/data-dir-lock.ts';
import { startEmbedded } from '../../src/db/embedded/embedded.ts';

/**
 * A server process reduced to its database, for tests that kill it: `node --import tsx embedded-server.ts <dataDir>
 * <mongod>`. Prints one line of JSON when it is ready, or `error` and ends with 1. SIGTERM stops it cleanly;
 * SIGUSR2 makes it end by `process.exit` without stopping anything, as a crash handler does.
 */
const [dataDir = '', path = ''] = process.argv.slice(2);

try {
  const lock = await lockDataDir(dataDir);
  const log = pino({ level: 'silent' });
  const mongo = await startEmbedded({ dataDir, binary: { path, version: '6.0.5' }, log, cacheGb: 0.25 });
  process.once('SIGUSR2', () => process.exit(7));
  process.once('SIGTERM', async () => {
    await mongo.stop();
    await lock.release();
    process.exit(0);
  });
  setInterval(() => undefined, 1_000);
  process.stdout.write(`${JSON.stringify({ uri: mongo.uri, mongodPid: mongo.pid() })}\n`);
} catch (error) {
  process.stdout.write(
    `${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`,
  );
  process.exitCode = 1;
}
