import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { connect } from '../../src/db/connect.ts';
import { migrate } from '../../src/db/migrate.ts';

type Documents = Record<string, object[]>;

/** A migrated database that no test uses, with the documents that its migrations left in it. */
interface Free {
  readonly _id: string;
  readonly documents: Documents;
}

export interface TestDatabase {
  readonly db: Connection;
  /** Empties it, closes the connection, and leaves it to the next one; one whose queries were profiled is dropped. */
  giveBack(): Promise<void>;
}

/** Where a mongod's free ones are written down: the run's workers share them. */
const shelf = (db: Connection) => db.getClient().db('copydesk_free_databases').collection<Free>('free');

/**
 * A database with all migrations and nothing else, for one test app at a time. To make its hundred indexes takes a
 * second, to empty it a tenth of one: so it is used again.
 */
export async function takeDatabase(uri: string, log: Logger): Promise<TestDatabase> {
  const fresh = await connect(uri, `test_${randomBytes(8).toString('hex')}`);
  const free = await shelf(fresh).findOneAndDelete({});
  if (free) {
    await fresh.destroy();
    return lent(await connect(uri, free._id), free.documents);
  }
  try {
    await migrate(fresh, log);
    return lent(fresh, await documentsOf(fresh));
  } catch (error) {
    await fresh.destroy();
    throw error;
  }
}

/** The database that another has taken, for as long as that one has it. */
export async function shareDatabase(uri: string, name: string): Promise<TestDatabase> {
  const db = await connect(uri, name);
  return { db, giveBack: () => db.destroy() };
}

const lent = (db: Connection, documents: Documents): TestDatabase => ({
  db,
  async giveBack() {
    const collections = await collectionsOf(db);
    if (collections.some(({ collectionName }) => collectionName.startsWith('system.')))
      await db.dropDatabase();
    else await empty(db, collections, documents);
    await db.destroy();
  },
});

async function empty(db: Connection, collections: Collections, documents: Documents): Promise<void> {
  await Promise.all(collections.map((one) => one.deleteMany({})));
  await Promise.all(Object.entries(documents).map(([name, some]) => db.collection(name).insertMany(some)));
  await shelf(db).insertOne({ _id: db.name, documents });
}

const collectionsOf = async (db: Connection) => (await db.db?.collections()) ?? [];

type Collections = Awaited<ReturnType<typeof collectionsOf>>;

async function documentsOf(db: Connection): Promise<Documents> {
  const all = await Promise.all(
    (await collectionsOf(db)).map(async (one) => [one.collectionName, await one.find().toArray()] as const),
  );
  return Object.fromEntries(all.filter(([, some]) => some.length > 0));
}
