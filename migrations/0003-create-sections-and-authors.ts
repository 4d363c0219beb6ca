import type { Db, IndexDescription } from 'mongodb';

/** Old addresses are looked up by former slugs; that no slug is another's former one is checked in each transaction. */
const SLUGS: readonly IndexDescription[] = [
  { name: 'slug', key: { slug: 1 }, unique: true },
  { name: 'formerSlugs', key: { formerSlugs: 1 } },
];
const BY_NAME: IndexDescription = { name: 'name', key: { nameKey: 1, _id: 1 } };

const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  tags: [{ name: 'formerSlugs', key: { formerSlugs: 1 } }],
  sections: [
    ...SLUGS,
    BY_NAME,
    { name: 'sisters', key: { parent: 1, nameKey: 1 }, unique: true },
    { name: 'path', key: { path: 1 } },
  ],
  authors: [...SLUGS, BY_NAME],
};

/** Sections and authors, and former slugs for tags too. Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    if (!(await db.listCollections({ name }, { nameOnly: true }).hasNext())) await db.createCollection(name);
    await db.collection(name).createIndexes([...indexes]);
  }
  await db.collection('tags').updateMany({ formerSlugs: { $exists: false } }, { $set: { formerSlugs: [] } });
}
