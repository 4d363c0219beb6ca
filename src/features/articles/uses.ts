import type { ClientSession, Connection, Types } from 'mongoose';

/** Where something that stories refer to is used: how many stories, and the first few by id. */
export interface Uses {
  readonly count: number;
  readonly articles: readonly string[];
  /** Curated pages by id, where there are some: as the desk has them, or as readers do. */
  readonly fronts?: readonly string[];
}

/** The references of a story, by the field that holds them. Each has an index of its name on both collections. */
export type Reference = 'tags' | 'section' | 'authors' | 'media';

/** As far as a front's containers matter here. */
interface PlacedCards {
  readonly cards: readonly {
    readonly article: Types.ObjectId;
    readonly overrides: { readonly picture?: { readonly media: Types.ObjectId } };
  }[];
}

const COUNTED = 1_000;
const NAMED = 10;
/** How many stories may take up one thing at the same moment without waiting for each other. */
const SHARDS = 16;

export type StoryUses = ReturnType<typeof createStoryUses>;

/** Answers whether stories refer to something: working copies, the bin and published versions alike. */
export function createStoryUses({ db }: { db: Connection }) {
  const guards = db.collection<{ _id: string }>('guards');
  return { of, note, isPublic, frontsWith };

  /**
   * Uses of things that this transaction is about to delete. A story that takes one up in the same moment has written to
   * one of their guards (`note`), and this writes to all of them: one of the two transactions runs again and sees the other.
   */
  async function of(field: Reference, ids: readonly Types.ObjectId[], session: ClientSession): Promise<Uses> {
    const all = ids.flatMap((id) => Array.from({ length: SHARDS }, (_, shard) => guardOf(field, id, shard)));
    await touch(all, session);
    const filter = { [field]: { $in: [...ids] } };
    const found = new Set<string>();
    for (const collection of ['articles', 'published']) {
      const options = { projection: { _id: 1 }, limit: COUNTED, session };
      for (const { _id } of await db.collection(collection).find(filter, options).toArray())
        found.add(String(_id));
    }
    const fronts = await frontsWith(field, ids, session);
    return {
      count: found.size + fronts.length,
      articles: [...found].slice(0, NAMED),
      ...(fronts.length > 0 ? { fronts: fronts.slice(0, NAMED) } : {}),
    };
  }

  /** The curated pages that refer to it; uses the index of the field, and that of its name in `shown`. */
  async function frontsWith(
    field: Reference,
    ids: readonly Types.ObjectId[],
    session: ClientSession | null,
  ): Promise<string[]> {
    // Fronts name no bylines.
    if (field === 'authors') return [];
    const any = { $in: [...ids] };
    const options = { projection: { _id: 1 }, limit: COUNTED, ...(session ? { session } : {}) };
    const found = await db
      .collection('fronts')
      .find({ $or: [{ [field]: any }, { [`shown.${field}`]: any }] }, options)
      .toArray();
    return found.map(({ _id }) => String(_id));
  }

  /** Marks in a story's transaction that it newly refers to these things, so that none is deleted in the same moment. */
  async function note(
    uses: readonly { readonly field: Reference; readonly id: string }[],
    session: ClientSession,
  ): Promise<void> {
    const shard = Math.floor(Math.random() * SHARDS);
    await touch(
      uses.map(({ field, id }) => guardOf(field, id, shard)),
      session,
    );
  }

  async function touch(keys: readonly string[], session: ClientSession): Promise<void> {
    if (keys.length === 0) return;
    const update = { $inc: { uses: 1 } };
    const writes = keys.map((_id) => ({ updateOne: { filter: { _id }, update, upsert: true } }));
    await guards.bulkWrite(writes, { session, ordered: true });
  }

  /** True while a version that readers see refers to any of these. */
  async function isPublic(field: Reference, ids: readonly Types.ObjectId[]): Promise<boolean> {
    const now = { $expr: { $lte: ['$embargoUntil', '$$NOW'] } };
    const used = await db
      .collection('published')
      .findOne({ [field]: { $in: [...ids] }, ...now }, { projection: { _id: 1 } });
    return used !== null || (field === 'media' && (await isOnFront(ids, now)));
  }

  /** True while a front shows the picture on the card of a story that readers see; uses the index `shownMedia`. */
  async function isOnFront(media: readonly Types.ObjectId[], now: object): Promise<boolean> {
    const fronts = await db
      .collection<{ shown: { containers: readonly PlacedCards[] } }>('fronts')
      .find({ 'shown.media': { $in: [...media] } } as never, { projection: { 'shown.containers': 1 } })
      .toArray();
    const cards = fronts.flatMap(({ shown }) => shown.containers.flatMap((one) => one.cards));
    const any = new Set(media.map(String));
    const stories = cards.flatMap(({ article, overrides: { picture } }) =>
      picture && any.has(String(picture.media)) ? [article] : [],
    );
    if (stories.length === 0) return false;
    const shown = { _id: { $in: stories }, ...now };
    return (await db.collection('published').findOne(shown, { projection: { _id: 1 } })) !== null;
  }
}

const guardOf = (field: Reference, id: unknown, shard: number): string => `use:${field}:${id}:${shard}`;
