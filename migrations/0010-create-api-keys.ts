import type { Db } from 'mongodb';

/** API keys of frontends and robots. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'apiKeys' }, { nameOnly: true }).hasNext()))
    await db.createCollection('apiKeys');
  await db.collection('apiKeys').createIndexes([{ name: 'created', key: { createdAt: -1, _id: -1 } }]);
}
