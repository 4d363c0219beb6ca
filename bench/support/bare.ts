import { type Connection, Types } from 'mongoose';

type Plain = Record<string, unknown> & { _id: unknown };

/** What one verb left in the database: collection -> its document of the newest version. */
export type Trail = ReadonlyMap<string, Plain>;

/** Which documents of a collection belong to a story, as verbs key them. */
const BELONGS: Readonly<Record<string, (id: Types.ObjectId) => object>> = {
  articles: (_id) => ({ _id }),
  published: (_id) => ({ _id }),
  revisions: (article) => ({ article }),
  publications: (article) => ({ article }),
  slugs: (article) => ({ article }),
  outbox: (id) => ({ subject: `article:${id}` }),
  audit: (id) => ({ 'target.id': String(id) }),
};

/** Reads what the last verb on a story wrote into these collections. */
export async function trailOf(
  db: Connection,
  id: Types.ObjectId,
  collections: readonly string[],
): Promise<Trail> {
  const trail = new Map<string, Plain>();
  for (const name of collections) {
    const filter = BELONGS[name]?.(id) ?? { _id: id };
    const newest = await db
      .collection(name)
      .find(filter as never)
      .sort({ at: -1, version: -1, _id: -1 })
      .limit(1)
      .next();
    if (!newest) throw new Error(`the verb left nothing in ${name}`);
    trail.set(name, newest as unknown as Plain);
  }
  return trail;
}

/** The same trail, of another story. */
function retold(trail: Trail, from: string, to: Types.ObjectId): Map<string, Plain> {
  const swap = (value: unknown): unknown => {
    if (value instanceof Types.ObjectId) return String(value) === from ? to : value;
    if (typeof value === 'string') return value.replaceAll(from, String(to));
    if (Array.isArray(value)) return value.map(swap);
    if (value === null || typeof value !== 'object' || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value as object).map(([key, member]) => [key, swap(member)]));
  };
  return new Map([...trail].map(([name, document]) => [name, swap(document) as Plain]));
}

const OPTIONS = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
} as const;

/**
 * One transaction of the bare driver that writes the documents of a trail for another story, without a look at anything:
 * the story itself and its slug are replaced, the rest is inserted. `prepare` makes it ahead, so that only writing counts.
 */
export function bareTransaction(db: Connection, trail: Trail, from: Types.ObjectId) {
  const client = db.getClient();
  return {
    prepare(story: { _id: Types.ObjectId; slug: string }): () => Promise<void> {
      const documents = retold(trail, String(from), story._id);
      for (const name of ['articles', 'published']) {
        const own = documents.get(name);
        if (own) own.slug = story.slug;
      }
      const slug = documents.get('slugs');
      if (slug) slug._id = story.slug;
      return () => write([...documents]);
    },
  };

  async function write(documents: readonly (readonly [string, Plain])[]): Promise<void> {
    const session = client.startSession();
    try {
      await session.withTransaction(async () => {
        for (const [name, document] of documents) {
          const collection = db.collection(name);
          const { _id } = document as { _id: never };
          await (name === 'articles' || name === 'slugs'
            ? collection.replaceOne({ _id }, document as never, { session })
            : collection.insertOne(document as never, { session }));
        }
      }, OPTIONS);
    } finally {
      await session.endSession();
    }
  }
}
