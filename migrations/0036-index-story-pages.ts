import type { Db, IndexDescription } from 'mongodb';

const LISTED = ['tags', 'section', 'authors', 'type', 'language'] as const;

const INDEXES: readonly IndexDescription[] = [
  { name: 'newest', key: { publishedAt: -1, _id: -1 } },
  ...LISTED.map((field) => ({ name: field, key: { [field]: 1, publishedAt: -1, _id: -1 } as const })),
];

/** Lists are found among finished pages as among what is published, by the same indexes. */
export async function up(db: Db): Promise<void> {
  await db.collection('story_pages').createIndexes([...INDEXES]);
}
