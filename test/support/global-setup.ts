import { newShelf } from './databases.ts';
import { testMongod } from './mongod.ts';
import { running } from './running-mongod.ts';

/** One mongod for the whole run, and one shelf for its free databases; the workers inherit where they are by the environment. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export of a globalSetup file
export default async function globalSetup(): Promise<void> {
  running.mongod = await testMongod();
  running.shelf = await newShelf();
  process.env.COPYDESK_TEST_MONGODB_URI = running.mongod.uri;
  process.env.COPYDESK_TEST_SHELF = running.shelf;
}
