import { pino } from 'pino';
import { loadConfig } from '../../../src/config.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { connect } from '../../../src/db/connect.ts';
import { seedDemo } from '../../../src/features/demo/demo.ts';
import { createServices } from '../../../src/services.ts';

/** A server reduced to its seed, for tests that kill it: `node --import tsx seed-process.ts <uri> <database> <dataDir>`. */
const [uri = '', name = '', dataDir = ''] = process.argv.slice(2);

const secret = 'only the killed process knows this one';
const config = {
  ...loadConfig({ DATA_DIR: dataDir, JWT_SECRET: secret, BCRYPT_COST: '4' }),
  jwtSecret: secret,
};
const db = await connect(uri, name);
const services = createServices({ config, db, clock: systemClock, publicUrl: 'http://localhost:3000' });
await seedDemo({ db, services, config, clock: systemClock, log: pino({ level: 'silent' }) });
await db.close();
