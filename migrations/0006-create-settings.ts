import type { Db } from 'mongodb';

/** Settings: one document `site`, made by the first change of a setting. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'settings' }, { nameOnly: true }).hasNext()))
    await db.createCollection('settings');
}
