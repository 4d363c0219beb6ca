import type { Db } from 'mongodb';

/** Uploads that go to the object store itself: gone an hour after they began. */
export async function up(db: Db): Promise<void> {
  await db.collection('directUploads').createIndexes([
    { name: 'expiresAt', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
    { name: 'owner', key: { owner: 1, media: 1 } },
  ]);
}
