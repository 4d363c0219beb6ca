import type { Db, IndexDescription } from 'mongodb';

/** Links are kept for 30 days after they expired, so that the desk still sees who opened them. */
const KEPT_SECONDS = 30 * 24 * 3600;

const index = (name: string, key: IndexDescription['key']): IndexDescription => ({ name, key });

/** What readers had at some time, newest first, within one thing that stories are filed under. */
const asOf = (name: string, field?: string): IndexDescription =>
  index(name, { ...(field ? { [field]: 1 } : {}), 'story.publishedAt': -1, _id: -1 });

const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  previewLinks: [
    { name: 'hash', key: { hash: 1 }, unique: true },
    index('article', { article: 1, createdAt: -1, _id: -1 }),
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: KEPT_SECONDS },
  ],
  publications: [
    asOf('asOf'),
    asOf('asOfTags', 'story.tags'),
    asOf('asOfSection', 'story.section'),
    asOf('asOfAuthors', 'story.authors'),
  ],
  fronts: [
    { name: 'slug', key: { slug: 1 }, unique: true },
    index('formerSlugs', { formerSlugs: 1 }),
    index('name', { nameKey: 1, _id: 1 }),
    index('media', { media: 1 }),
    index('shownMedia', { 'shown.media': 1 }),
  ],
  frontVersions: [
    { name: 'version', key: { front: 1, version: -1 }, unique: true },
    {
      name: 'published',
      key: { front: 1, at: -1, version: -1 },
      partialFilterExpression: { published: true },
    },
  ],
};

/** Preview links, the past by its dates, and curated pages. Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    if (!(await db.listCollections({ name }, { nameOnly: true }).hasNext())) await db.createCollection(name);
    await db.collection(name).createIndexes([...indexes]);
  }
}
