import type { Db, IndexDescription } from 'mongodb';

const index = (name: string, key: IndexDescription['key']): IndexDescription => ({ name, key });

/** What fronts refer to, as the desk has them and as readers do; and what is due of them. */
const INDEXES: readonly IndexDescription[] = [
  index('tags', { tags: 1 }),
  index('shownTags', { 'shown.tags': 1 }),
  index('section', { section: 1 }),
  index('shownSection', { 'shown.section': 1 }),
  index('shownArticles', { 'shown.articles': 1 }),
  { ...index('publishDue', { publishAt: 1 }), partialFilterExpression: { publishAt: { $type: 'date' } } },
];

/** Fronts are found by what they name. Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  await db.collection('fronts').createIndexes([...INDEXES]);
}
