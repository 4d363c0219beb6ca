import { pino } from 'pino';
import { loadConfig } from '../../../src/config.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { connect } from '../../../src/db/connect.ts';
import { startRenditionMaker } from '../../../src/features/media/rendition-job.ts';
import { createServices } from '../../../src/services.ts';

/** A server process reduced to its maker of renditions, for tests that kill it: `… <uri> <database> <dataDir>`. */
const [uri = '', name = '', dataDir = '', jwtSecret = ''] = process.argv.slice(2);

const db = await connect(uri, name);
const config = { ...loadConfig({ DATA_DIR: dataDir, JWT_SECRET: jwtSecret }), jwtSecret };
const services = createServices({ config, db, clock: systemClock, publicUrl: 'http://localhost:3000' });
startRenditionMaker({ job: services.makeRenditions, log: pino({ level: 'silent' }) });
