import type { Db } from 'mongodb';

/** Tags: names unique among those that are not merged, slugs unique among all (old addresses keep leading on). */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'tags' }, { nameOnly: true }).hasNext()))
    await db.createCollection('tags');
  await db.collection('tags').createIndexes([
    { name: 'slug', key: { slug: 1 }, unique: true },
    { name: 'name', key: { nameKey: 1, _id: 1 } },
    {
      name: 'nameKey',
      key: { nameKey: 1 },
      unique: true,
      partialFilterExpression: { mergedInto: { $type: 'null' } },
    },
    { name: 'mergedInto', key: { mergedInto: 1 } },
  ]);
}
