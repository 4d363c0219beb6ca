import type { Db } from 'mongodb';

/** The finished pages of stories: found by address, by what is in them, and those that are to be made anew. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'story_pages' }, { nameOnly: true }).hasNext()))
    await db.createCollection('story_pages');
  await db.collection('story_pages').createIndexes([
    { name: 'slug', key: { slug: 1 } },
    { name: 'keys', key: { keys: 1 } },
    { name: 'stale', key: { stale: 1 }, partialFilterExpression: { stale: true } },
  ]);
}
