import type { Db, Document, IndexDescription } from 'mongodb';

/** The library filters by one of these and reads the newest first. */
const byCreated = (name: string, field: string): IndexDescription => ({
  name,
  key: { [field]: 1, createdAt: -1, _id: -1 },
});

const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  media: [
    byCreated('words', 'words'),
    byCreated('type', 'type'),
    byCreated('collections', 'collections'),
    { name: 'replaces', key: { replaces: 1 }, unique: true, sparse: true },
  ],
  mediaCollections: [{ name: 'nameKey', key: { nameKey: 1 }, unique: true }],
};

const SAID = [
  ...[
    'headline',
    'caption',
    'alt',
    'extendedDescription',
    'byline',
    'credit',
    'copyright',
    'place',
    'source',
  ],
  ...['licensor', 'fileName', 'keywords'],
];
const BATCH = 500;

/** As `src/features/media/words.ts` has it when this was written. */
function wordsOf(item: Document): string[] {
  const wordsIn = (text: unknown): string[] =>
    String(text ?? '')
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.map((word) => word.slice(0, 40)) ?? [];
  const credit = wordsIn(item.credit).map((word) => `credit:${word}`);
  const said = SAID.flatMap((name) => [item[name]].flat().flatMap(wordsIn));
  return [...new Set([...credit, ...said])].slice(0, 400);
}

/** What the media library is searched by, for the pictures that are there already, and their collections. Idempotent. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    if (!(await db.listCollections({ name }, { nameOnly: true }).hasNext())) await db.createCollection(name);
    await db.collection(name).createIndexes([...indexes]);
  }
  const media = db.collection('media');
  const projection = Object.fromEntries(SAID.map((name) => [name, 1]));
  for (;;) {
    const items = await media.find({ words: { $exists: false } }, { projection, limit: BATCH }).toArray();
    if (items.length === 0) return;
    await media.bulkWrite(
      items.map((item) => ({
        updateOne: { filter: { _id: item._id }, update: { $set: { words: wordsOf(item) } } },
      })),
    );
  }
}
