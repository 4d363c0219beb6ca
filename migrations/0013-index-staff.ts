import type { Db } from 'mongodb';

/** Lists of staff by what an admin looks for, and what belongs to a member of staff. */
export async function up(db: Db): Promise<void> {
  await db.collection('users').createIndexes([
    { name: 'role_created', key: { role: 1, createdAt: -1, _id: -1 } },
    { name: 'active_created', key: { active: 1, createdAt: -1, _id: -1 } },
    { name: 'invited', key: { createdAt: -1, _id: -1 }, partialFilterExpression: { joinedAt: null } },
  ]);
  await db
    .collection('authors')
    .createIndex({ user: 1 }, { name: 'user', partialFilterExpression: { user: { $type: 'objectId' } } });
  await db.collection('apiKeys').createIndex({ owner: 1 }, { name: 'owner' });
}
