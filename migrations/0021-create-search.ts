import type { Db } from 'mongodb';

/**
 * Search without a file, for readers and for the desk, and for following the working copies by when they changed.
 * Idempotent.
 */
export async function up(db: Db): Promise<void> {
  const present = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  const wanted = ['search_published', 'search_desk', 'search_state'];
  for (const name of wanted) if (!present.has(name)) await db.createCollection(name);
  for (const name of ['search_published', 'search_desk'])
    await db.collection(name).createIndexes([{ name: 'terms', key: { terms: 1, at: -1, _id: -1 } }]);
  await db.collection('articles').createIndexes([{ name: 'changed', key: { modifiedAt: 1, _id: 1 } }]);
}
