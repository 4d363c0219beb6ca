import type { Db } from 'mongodb';

/** Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  const name = 'eventTickets';
  if (!(await db.listCollections({ name }, { nameOnly: true }).hasNext())) await db.createCollection(name);
  await db.collection(name).createIndexes([{ name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 }]);
  await db.collection('articles').createIndexes([
    {
      name: 'locked',
      key: { 'lock.expiresAt': 1 },
      partialFilterExpression: { 'lock.expiresAt': { $type: 'date' } },
    },
  ]);
}
