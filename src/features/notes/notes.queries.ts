import type { ClientSession, Connection, Types } from 'mongoose';
import { noteModel } from './notes.model.ts';

/** As many as a finding before publishing can sensibly name. */
const MOST = 50;

/** A note that must be settled before its story is published. */
export interface OpenNote {
  readonly id: string;
  readonly text: string;
  /** Whose it is; `null` for what no person wrote. */
  readonly by: string | null;
  /** The block that it is about. */
  readonly block: string | null;
}

export type NoteLookup = ReturnType<typeof createNoteLookup>;

/** What the checks before publishing ask of the notes. */
export function createNoteLookup({ db }: { db: Connection }) {
  const Notes = noteModel(db);
  return { openBlockingNotes };

  /** Notes that keep a story from being published, oldest first; uses the index `blocking`. */
  async function openBlockingNotes(
    articleId: string | Types.ObjectId,
    session: ClientSession | null,
  ): Promise<OpenNote[]> {
    const open = await Notes.find({ article: articleId, blocking: true, resolved: false })
      .sort({ at: 1 })
      .limit(MOST)
      .session(session)
      .lean();
    return open.map(({ _id, text, by, block }) => ({ id: String(_id), text, by: by && String(by), block }));
  }
}
