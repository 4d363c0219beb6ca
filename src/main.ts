import { parseArgs } from 'node:util';
import { reasonOf } from './complaint.ts';
import { loadConfig } from './config.ts';
import { putBehind } from './core/priority.ts';
import { loadEnvFile } from './env-file.ts';
import { letHeapGrow } from './heap.ts';
import { createLogger } from './logger.ts';
import { createShutdown } from './shutdown.ts';
import { start } from './start.ts';

const USAGE = `Usage: npm start -- [--demo]

  --demo   fill an empty database with a small newsroom to look at

Everything else is set by environment or in .env; .env.example lists it. Other commands: npm run migrate, seed, openapi, audit:verify.
`;

/** The server: `node dist/main.js [--demo]`. Ends with 0 when it was told to stop, with 1 on every fault. */
function main(): void {
  letHeapGrow();
  // V8 collects garbage and compiles on threads of its own, libuv packs and hashes: on few processors readers waited for them.
  putBehind('others', 'little');
  const config = configured();
  const log = createLogger(config.logLevel);
  const exit = (code: number): never => process.exit(code);
  const shutdown = createShutdown({ log, starting: () => started, exit });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => shutdown.begin(signal, 0));
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (err: unknown) => {
      log.fatal({ err }, `a bug: ${fault}`);
      shutdown.begin(fault, 1);
    });
  }
  const started = start({ config, log, shutdown });
  started.then(
    (summary) => process.stdout.write(summary),
    (error: unknown) => {
      if (shutdown.signal.aborted) return;
      process.stderr.write(`Copydesk cannot start. ${reasonOf(error)}\n`);
      shutdown.begin('failed start', 1);
    },
  );
}

function configured() {
  try {
    loadEnvFile();
    const { values } = parseArgs({
      options: { demo: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return process.exit(0);
    }
    return loadConfig({ ...process.env, ...(values.demo ? { DEMO: '1' } : {}) });
  } catch (error) {
    process.stderr.write(`Copydesk cannot start. ${reasonOf(error)}\n`);
    return process.exit(1);
  }
}

main();
