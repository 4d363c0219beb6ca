import { pino } from 'pino';
import { loadConfig } from '../../../src/config.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { connect } from '../../../src/db/connect.ts';
import { createServices } from '../../../src/services.ts';
import { workers } from '../../../src/workers.ts';

/**
 * A server reduced to what it does without being asked, for tests that kill it:
 * `node --import tsx desk-process.ts <uri> <database> <dataDir>`. Prints `ready` and goes on until it is killed.
 */
const [uri = '', name = '', dataDir = ''] = process.argv.slice(2);

const secret = 'only the killed process knows this one';
const config = { ...loadConfig({ DATA_DIR: dataDir, JWT_SECRET: secret }), jwtSecret: secret };
const db = await connect(uri, name);
const log = pino({ level: 'silent' });
const services = createServices({ config, db, clock: systemClock, publicUrl: 'http://localhost:3000' });
for (const worker of ['sequencer', 'scheduler'] as const)
  workers[worker]({ config, db, clock: systemClock, services, log });
process.stdout.write('ready\n');
