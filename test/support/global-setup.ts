import { testMongod } from './mongod.ts';
import { running } from './running-mongod.ts';

/** One mongod for the whole run; the workers inherit its address through the environment. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export of a globalSetup file
export default async function globalSetup(): Promise<void> {
  const mongod = await testMongod();
  running.mongod = mongod;
  process.env.COPYDESK_TEST_MONGODB_URI = mongod.uri;
}
