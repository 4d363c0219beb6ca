import type { Db } from 'mongodb';

/** Counters of tries, under hashed names; MongoDB sweeps up those whose window is over. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'throttles' }, { nameOnly: true }).hasNext()))
    await db.createCollection('throttles');
  await db.collection('throttles').createIndexes([
    { name: 'key', key: { key: 1 }, unique: true },
    { name: 'expiry', key: { expire: 1 }, expireAfterSeconds: 0 },
  ]);
}
