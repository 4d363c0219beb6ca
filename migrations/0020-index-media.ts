import type { Db } from 'mongodb';

/**
 * One picture for the same bytes, and the queue of renditions. Pictures that were uploaded before have no hash, and are
 * not recognised.
 */
export async function up(db: Db): Promise<void> {
  await db.collection('media').createIndexes([
    {
      name: 'sha256',
      key: { sha256: 1 },
      unique: true,
      partialFilterExpression: { sha256: { $type: 'string' } },
    },
    {
      name: 'renditionsDue',
      key: { renditionsDue: 1 },
      partialFilterExpression: { renditionsDue: { $type: 'date' } },
    },
  ]);
}
