import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BSON } from 'mongodb';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { connect } from '../../src/db/connect.ts';
import { migrate } from '../../src/db/migrate.ts';

type Documents = Record<string, object[]>;

/** A migrated database that no test uses, with the documents that its migrations left in it. */
interface Free {
  readonly name: string;
  readonly documents: Documents;
}

export interface TestDatabase {
  readonly db: Connection;
  /** Empties it, closes the connection, and leaves it to the next one; one whose queries were profiled is dropped. */
  giveBack(): Promise<void>;
}

/**
 * Where the free ones of the run's mongod are written down, a file each: all workers of the run share them. What a
 * test reaches in a way of its own has none, and is dropped.
 */
const shelfOf = (uri: string): string | undefined =>
  uri === process.env.COPYDESK_TEST_MONGODB_URI ? process.env.COPYDESK_TEST_SHELF : undefined;

/** Makes an empty shelf, for a run. */
export const newShelf = (): Promise<string> => mkdtemp(join(tmpdir(), 'copydesk-test-shelf-'));

/**
 * A database with all migrations and nothing else, for one test app at a time. To make its hundred indexes takes a
 * second, to empty it a tenth of one: so it is used again.
 */
export async function takeDatabase(uri: string, log: Logger): Promise<TestDatabase> {
  const shelf = shelfOf(uri);
  const free = shelf === undefined ? null : await takeFrom(shelf);
  const db = await connect(uri, free?.name ?? `test_${randomBytes(8).toString('hex')}`);
  if (free) return lent(db, free.documents, shelf);
  try {
    await migrate(db, log);
    return lent(db, await documentsOf(db), shelf);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** One that is free, which nobody else gets: a file is renamed by one of those who try. */
async function takeFrom(shelf: string): Promise<Free | null> {
  for (const name of await readdir(shelf)) {
    if (name.includes('.')) continue;
    const taken = join(shelf, `${name}.taken`);
    try {
      await rename(join(shelf, name), taken);
    } catch {
      continue;
    }
    // `putOn` has written it.
    const documents = BSON.deserialize(await readFile(taken)) as Documents;
    await rm(taken);
    return { name, documents };
  }
  return null;
}

async function putOn(shelf: string, { name, documents }: Free): Promise<void> {
  const half = join(shelf, `${name}.half`);
  await writeFile(half, BSON.serialize(documents));
  await rename(half, join(shelf, name));
}

/** The database that another has taken, for as long as that one has it. */
export async function shareDatabase(uri: string, name: string): Promise<TestDatabase> {
  const db = await connect(uri, name);
  return { db, giveBack: () => db.destroy() };
}

const lent = (db: Connection, documents: Documents, shelf: string | undefined): TestDatabase => ({
  db,
  async giveBack() {
    const { name } = db;
    let freeOn: string | undefined;
    try {
      const collections = await collectionsOf(db);
      const wasProfiled = collections.some(({ collectionName }) => collectionName.startsWith('system.'));
      freeOn = wasProfiled ? undefined : shelf;
      await (freeOn === undefined ? db.dropDatabase() : empty(db, collections, documents));
    } finally {
      await db.destroy();
    }
    // Last of all: whoever takes it is alone with it.
    if (freeOn !== undefined) await putOn(freeOn, { name, documents });
  },
});

async function empty(db: Connection, collections: Collections, documents: Documents): Promise<void> {
  await Promise.all(collections.map((one) => one.deleteMany({})));
  await Promise.all(Object.entries(documents).map(([name, some]) => db.collection(name).insertMany(some)));
}

const collectionsOf = async (db: Connection) => (await db.db?.collections()) ?? [];

type Collections = Awaited<ReturnType<typeof collectionsOf>>;

async function documentsOf(db: Connection): Promise<Documents> {
  const all = await Promise.all(
    (await collectionsOf(db)).map(async (one) => [one.collectionName, await one.find().toArray()] as const),
  );
  return Object.fromEntries(all.filter(([, some]) => some.length > 0));
}
