import type { Db } from 'mongodb';

/** Single sign-on: who somebody is at the provider, and sign-ons that are under way. */
export async function up(db: Db): Promise<void> {
  await db.collection('users').createIndex(
    { 'signOn.issuer': 1, 'signOn.subject': 1 },
    {
      name: 'sign_on',
      unique: true,
      partialFilterExpression: { 'signOn.subject': { $exists: true } },
    },
  );
  if (!(await db.listCollections({ name: 'signOnFlows' }, { nameOnly: true }).hasNext()))
    await db.createCollection('signOnFlows');
  await db.collection('signOnFlows').createIndex({ expiresAt: 1 }, { name: 'expiry', expireAfterSeconds: 0 });
}
