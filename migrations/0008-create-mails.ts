import type { Db } from 'mongodb';

/** Letters that wait to be sent, with those queued before there was a postman; done ones are swept up by time. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'mails' }, { nameOnly: true }).hasNext()))
    await db.createCollection('mails');
  const mails = db.collection('mails');
  const fresh = { status: 'queued', tries: 0, at: '$$NOW', dueAt: '$$NOW', link: null, error: null };
  await mails.updateMany({ status: { $exists: false } }, [{ $set: fresh }]);
  await mails.createIndexes([
    { name: 'due', key: { status: 1, dueAt: 1, _id: 1 }, partialFilterExpression: { status: 'queued' } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ]);
}
