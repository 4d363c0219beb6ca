import type { Connection, Types } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';
import { articleModel } from './articles.model.ts';
import { publishedModel } from './published.model.ts';

/** So many stories are marked in one transaction: nobody who saves one of them waits for long. */
const AT_ONCE = 200;

/** Stories that were marked now, and whether there are more. */
export interface Marked {
  readonly stories: readonly string[];
  readonly more: boolean;
}

export type LapsedRights = ReturnType<typeof createLapsedRights>;

/**
 * The mark on stories that readers see with a picture whose rights lapsed. It says what the desk has to look at and is no
 * part of the text: no new version, no revision.
 */
export function createLapsedRights({ db }: { db: Connection }) {
  const Articles = articleModel(db);
  const Published = publishedModel(db);
  return { mark, clear };

  /** Marks the stories that readers have with any of these; uses the index `media`. Again, it marks the rest. */
  async function mark(tx: Tx, media: readonly Types.ObjectId[]): Promise<Marked> {
    const { session } = tx;
    const shown = await Published.find({ media: { $in: [...media] } }, { media: 1 })
      .session(session)
      .lean();
    const known = await markedWith(tx, media);
    const wanted = new Set(media.map(String));
    const fresh = shown.filter(({ _id }) => !known.has(String(_id)));
    const now = fresh.slice(0, AT_ONCE);
    for (const story of now) {
      const lapsed = story.media.filter((id) => wanted.has(String(id)));
      const union = { $setUnion: [{ $ifNull: ['$lapsedMedia', []] }, lapsed] };
      await Articles.updateOne(
        { _id: story._id },
        [{ $set: { lapsedMedia: union, rightsLapsedAt: '$$NOW' } }],
        {
          session,
          updatePipeline: true,
        },
      );
    }
    return { stories: now.map(({ _id }) => String(_id)), more: fresh.length > now.length };
  }

  /** Uses the partial index `lapsedMedia`. */
  async function markedWith(tx: Tx, media: readonly Types.ObjectId[]): Promise<ReadonlySet<string>> {
    const found = await Articles.find(marked(media), { _id: 1 }).session(tx.session).lean();
    return new Set(found.map(({ _id }) => String(_id)));
  }

  /** Takes the marks of these off: their rights are others now. */
  async function clear(tx: Tx, media: readonly Types.ObjectId[]): Promise<void> {
    const rest = { $setDifference: ['$lapsedMedia', [...media]] };
    const since = { $cond: [{ $eq: ['$lapsedMedia', []] }, null, '$rightsLapsedAt'] };
    await Articles.updateMany(
      marked(media),
      [{ $set: { lapsedMedia: rest } }, { $set: { rightsLapsedAt: since } }],
      { session: tx.session, updatePipeline: true },
    );
  }
}

const marked = (media: readonly Types.ObjectId[]) => ({
  lapsedMedia: { $in: [...media] },
  rightsLapsedAt: { $type: 'date' as const },
});
