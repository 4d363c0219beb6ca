import type { Db } from 'mongodb';

/** Accounts that are invited, second factors, links that came by mail. */
export async function up(db: Db): Promise<void> {
  const users = db.collection('users');
  await users.updateMany({ joinedAt: { $exists: false } }, [{ $set: { joinedAt: '$createdAt' } }]);
  await users.updateMany({ secondFactor: { $exists: false } }, { $set: { secondFactor: false } });
  await users.updateMany({ timeZone: { $exists: false } }, { $set: { timeZone: null } });
  await db
    .collection('sessions')
    .updateMany({ method: { $exists: false } }, { $set: { method: 'password', secondFactor: false } });
  if (!(await db.listCollections({ name: 'links' }, { nameOnly: true }).hasNext()))
    await db.createCollection('links');
  await db.collection('links').createIndexes([
    { name: 'user_purpose', key: { user: 1, purpose: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 7 * 24 * 3600 },
  ]);
}
