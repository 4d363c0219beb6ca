import type { Db } from 'mongodb';

/** Language versions of one another: a story stands in one group. Unsaved text is found by its story. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'translations' }, { nameOnly: true }).hasNext()))
    await db.createCollection('translations');
  await db
    .collection('translations')
    .createIndex({ 'members.article': 1 }, { name: 'article', unique: true });
  await db.collection('autosaves').createIndex({ article: 1 }, { name: 'article' });
}
