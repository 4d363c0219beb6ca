import type { Db, IndexDescription } from 'mongodb';

const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  articles: [
    { name: 'publishDue', key: { publishAt: 1 }, partialFilterExpression: { status: 'scheduled' } },
    {
      name: 'unpublishDue',
      key: { unpublishAt: 1 },
      partialFilterExpression: { status: 'published', unpublishAt: { $type: 'date' } },
    },
    { name: 'dueAt', key: { binnedAt: 1, dueAt: 1, _id: 1 } },
    { name: 'binned', key: { binnedAt: 1 }, partialFilterExpression: { binnedAt: { $type: 'date' } } },
  ],
  bulkJobs: [
    { name: 'open', key: { open: 1, createdAt: 1 }, partialFilterExpression: { open: true } },
    { name: 'mine', key: { createdBy: 1, createdAt: -1, _id: -1 } },
  ],
  bulkSteps: [{ name: 'place', key: { job: 1, place: 1 }, unique: true }],
};

/** What is due, what waits in the bin, and bulk actions. Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    if (!(await db.listCollections({ name }, { nameOnly: true }).hasNext())) await db.createCollection(name);
    await db.collection(name).createIndexes([...indexes]);
  }
}
