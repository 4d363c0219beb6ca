import type { Db, IndexDescription } from 'mongodb';

/** Autosaves are kept for 30 days after they were last written. */
const KEPT_SECONDS = 30 * 24 * 3600;

const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  autosaves: [{ name: 'expiry', key: { savedAt: 1 }, expireAfterSeconds: KEPT_SECONDS }],
  notes: [
    { name: 'article', key: { article: 1, at: -1, _id: -1 } },
    {
      name: 'blocking',
      key: { article: 1, at: 1 },
      partialFilterExpression: { blocking: true, resolved: false },
    },
  ],
};

/** Unsaved text of each person, and what is said about stories. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    if (!(await db.listCollections({ name }, { nameOnly: true }).hasNext())) await db.createCollection(name);
    await db.collection(name).createIndexes([...indexes]);
  }
}
