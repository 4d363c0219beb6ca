import { createHash } from 'node:crypto';
import { type Collection, type Db, type Document, ObjectId } from 'mongodb';

/** JSON with sorted keys and without nulls: what a publication's hash is taken over. */
const canonical = (value: unknown): string =>
  JSON.stringify(
    JSON.parse(JSON.stringify(value), (_key, item: unknown) => (item === null ? undefined : item)),
    (_key, item: unknown) =>
      item !== null && typeof item === 'object' && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
  );

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

const INDEXES = {
  corrections: [
    { name: 'newest', key: { at: -1, _id: -1 } },
    { name: 'tags', key: { tags: 1, at: -1, _id: -1 } },
    { name: 'section', key: { section: 1, at: -1, _id: -1 } },
    { name: 'article', key: { article: 1 } },
  ],
  revisions: [{ name: 'age', key: { at: 1 } }],
} as const;

/** Links the published versions of each story by hash, and lists the corrections that readers can see. */
export async function up(db: Db): Promise<void> {
  if (!(await db.listCollections({ name: 'corrections' }, { nameOnly: true }).hasNext()))
    await db.createCollection('corrections');
  for (const [name, indexes] of Object.entries(INDEXES))
    await db.collection(name).createIndexes(indexes.map((index) => ({ ...index })));
  await linkPublications(db.collection('publications'));
  await listCorrections(db);
}

/** In order within each story. A link that is there already gives the same hash again. */
async function linkPublications(publications: Collection<Document>): Promise<void> {
  let [article, prev] = ['', ''];
  const all = publications.find({}, { sort: { article: -1, number: 1 } });
  for await (const publication of all) {
    if (String(publication.article) !== article) [article, prev] = [String(publication.article), ''];
    const { hash: _hash, ...record } = publication;
    const hash = sha256(canonical({ ...record, prev }));
    await publications.updateOne({ _id: publication._id }, { $set: { prev, hash } });
    prev = hash;
  }
}

async function listCorrections(db: Db): Promise<void> {
  const told = db.collection('published').find({ 'corrections.0': { $exists: true } });
  for await (const { _id: article, corrections, section, tags, embargoUntil } of told) {
    for (const { change, note, at } of corrections) {
      const id = createHash('sha256').update(`${article}:${change}:${at.toISOString()}`).digest('hex');
      const row = { article, change, note, at, section, tags, embargoUntil };
      await db
        .collection('corrections')
        .replaceOne({ _id: new ObjectId(id.slice(0, 24)) }, row, { upsert: true });
    }
  }
}
