import type { Db } from 'mongodb';

/** Uploads that come in parts: gone a day after they began, known to the sweep by their parts. */
export async function up(db: Db): Promise<void> {
  await db.collection('resumableUploads').createIndexes([
    { name: 'expiresAt', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
    { name: 'part', key: { 'parts.key': 1 } },
    { name: 'owner', key: { owner: 1, media: 1 } },
  ]);
}
