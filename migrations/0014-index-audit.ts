import type { Db, IndexDescription } from 'mongodb';

/** The lists of the audit log, of one's sessions and of people; and how far the audit log has come. */
const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  audit: [
    { name: 'newest', key: { at: -1, _id: -1 } },
    { name: 'by_actor', key: { 'actor.id': 1, at: -1, _id: -1 } },
    { name: 'by_action', key: { action: 1, at: -1, _id: -1 } },
    { name: 'by_target', key: { 'target.kind': 1, 'target.id': 1, at: -1, _id: -1 } },
  ],
  sessions: [{ name: 'by_user', key: { user: 1, createdAt: -1, _id: -1 } }],
  users: [{ name: 'people', key: { active: 1, name: 1, _id: 1 } }],
};

/** What the new ones stand in for: nothing was read by these. */
const REPLACED = ['target', 'actor'];

async function dropReplaced(db: Db): Promise<void> {
  const there = (await db.collection('audit').indexes()).map(({ name }) => name);
  for (const name of REPLACED.filter((one) => there.includes(one)))
    await db.collection('audit').dropIndex(name);
}

/** From here on the absence of a head is a fault. What is chained already counts as it stands now. */
async function keepHead(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'auditHead' }, { nameOnly: true }).hasNext()))
    await db.createCollection('auditHead');
  const [last] = await db
    .collection('audit')
    .find({ seq: { $exists: true } })
    .sort({ seq: -1 })
    .limit(1)
    .toArray();
  const { seq, hash } = last ?? { seq: 0, hash: '' };
  await db
    .collection<{ _id: string }>('auditHead')
    .updateOne({ _id: 'head' }, { $setOnInsert: { seq, hash } }, { upsert: true });
}

/** Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES))
    await db.collection(name).createIndexes([...indexes]);
  await dropReplaced(db);
  await keepHead(db);
}
