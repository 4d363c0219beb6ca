import type { Db, IndexDescription } from 'mongodb';

const index = (name: string, key: IndexDescription['key']): IndexDescription => ({ name, key });

/** The desk filters by one of these and reads the last changed first. */
const byModified = (name: string, field: string): IndexDescription =>
  index(name, { [field]: 1, modifiedAt: -1, _id: -1 });
/** Readers filter by one of these and read the newest first. */
const byPublished = (name: string, field: string): IndexDescription =>
  index(name, { [field]: 1, publishedAt: -1, _id: -1 });

const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  articles: [
    index('modified', { binnedAt: 1, modifiedAt: -1, _id: -1 }),
    index('created', { binnedAt: 1, createdAt: -1, _id: -1 }),
    index('published', { binnedAt: 1, publishedAt: -1, _id: -1 }),
    byModified('status', 'status'),
    byModified('section', 'section'),
    byModified('tags', 'tags'),
    byModified('authors', 'authors'),
    byModified('assignee', 'assignee'),
    byModified('createdBy', 'createdBy'),
    index('media', { media: 1 }),
  ],
  published: [
    { name: 'slug', key: { slug: 1 }, unique: true },
    index('newest', { publishedAt: -1, _id: -1 }),
    byPublished('tags', 'tags'),
    byPublished('section', 'section'),
    byPublished('authors', 'authors'),
    byPublished('type', 'type'),
    byPublished('language', 'language'),
    index('media', { media: 1 }),
  ],
  publications: [{ name: 'number', key: { article: 1, number: -1 }, unique: true }],
  revisions: [{ name: 'version', key: { article: 1, version: -1 }, unique: true }],
  slugs: [index('article', { article: 1 })],
};

/** Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    if (!(await db.listCollections({ name }, { nameOnly: true }).hasNext())) await db.createCollection(name);
    await db.collection(name).createIndexes([...indexes]);
  }
}
