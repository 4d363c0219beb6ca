import type { Db } from 'mongodb';

/** Pictures. Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'media' }, { nameOnly: true }).hasNext()))
    await db.createCollection('media');
  await db.collection('media').createIndexes([
    { name: 'created', key: { createdAt: -1, _id: -1 } },
    { name: 'createdBy', key: { createdBy: 1, createdAt: -1, _id: -1 } },
    { name: 'rendition', key: { 'renditions.key': 1 }, unique: true },
    { name: 'original', key: { original: 1 }, unique: true },
  ]);
}
