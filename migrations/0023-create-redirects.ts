import type { Db } from 'mongodb';

/** Manual redirects: one for an address, listed by it; found by where they lead, so that none leads to another. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'redirects' }, { nameOnly: true }).hasNext()))
    await db.createCollection('redirects');
  await db.collection('redirects').createIndexes([
    { name: 'key', key: { key: 1 }, unique: true },
    { name: 'from', key: { from: 1, _id: 1 } },
    { name: 'target', key: { target: 1 } },
  ]);
}
