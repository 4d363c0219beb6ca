import type { Db } from 'mongodb';

/** For finding a story that was published under the same headline; accents count, letter case does not. */
export async function up(db: Db): Promise<void> {
  await db
    .collection('published')
    .createIndexes([
      { name: 'headline', key: { headline: 1, publishedAt: -1 }, collation: { locale: 'en', strength: 2 } },
    ]);
}
