import type { Db } from 'mongodb';

const KEPT_SECONDS = 8 * 24 * 3_600;

/** How often stories were read, by the hour: found by what was read most in an hour, and swept up after eight days. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'reads' }, { nameOnly: true }).hasNext()))
    await db.createCollection('reads');
  await db.collection('reads').createIndexes([
    { name: 'busiest', key: { hour: -1, count: -1, article: 1 } },
    { name: 'expiry', key: { hour: 1 }, expireAfterSeconds: KEPT_SECONDS },
  ]);
}
