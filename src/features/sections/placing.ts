import type { Connection, Types } from 'mongoose';
import { conflict, invalidField } from '../../core/errors.ts';
import type { Tx } from '../../db/transaction.ts';
import { type SectionRecord, sectionModel, TREE_LIMIT } from './sections.model.ts';

/** Levels of the tree, the top one included. */
export const MAX_DEPTH = 8;

export type Place = Pick<SectionRecord, 'parent' | 'path'>;

const misplaced = (code: string, message: string) => invalidField('/parent', code, message);

/** Where sections stand in the tree. Every verb that changes its shape calls `guard` in its transaction. */
export function createPlacing({ db }: { db: Connection }) {
  const Sections = sectionModel(db);
  return { guard, requireRoom, under, below, follow };

  /**
   * Two changes of the tree that race meet on this document, and one runs again: each alone may be right where both
   * together make a circle, or an orphan.
   */
  async function guard(tx: Tx): Promise<void> {
    await db
      .collection<{ _id: string }>('guards')
      .updateOne({ _id: 'sections' }, { $inc: { changes: 1 } }, { upsert: true, session: tx.session });
  }

  /** @throws DomainError `conflict` when the tree, which is read whole, is full. */
  async function requireRoom(tx: Tx): Promise<void> {
    const there = await Sections.countDocuments({}, { limit: TREE_LIMIT }).session(tx.session);
    if (there >= TREE_LIMIT) throw conflict(`There are ${TREE_LIMIT} sections already. Delete some first.`);
  }

  /**
   * The place of a section (with `height` levels below it) under `parent`.
   * @throws DomainError `invalid_input` for a parent that is not there, lies within the section, or lies too deep.
   */
  async function under(tx: Tx, _id: Types.ObjectId, parent: string | null, height = 0): Promise<Place> {
    if (parent === null) return { parent: null, path: [_id] };
    const above = await Sections.findById(parent).session(tx.session).lean();
    if (!above) throw misplaced('no_such_section', 'There is no such section.');
    if (above.path.some((id) => id.equals(_id))) {
      throw misplaced('circular', 'A section cannot be moved into itself or below itself.');
    }
    if (above.path.length + 1 + height > MAX_DEPTH) {
      throw misplaced('too_deep', `Sections may be nested ${MAX_DEPTH} levels deep.`);
    }
    return { parent: above._id, path: [...above.path, _id] };
  }

  /** What stands below a section, at any depth; uses the index `path`. */
  async function below(tx: Tx, { _id }: SectionRecord): Promise<Pick<SectionRecord, '_id' | 'path'>[]> {
    return Sections.find({ path: _id, _id: { $ne: _id } }, { path: 1 })
      .session(tx.session)
      .lean();
  }

  /** Brings the paths of everything below a section after it. Their versions stay: nothing that editors see changes. */
  async function follow(tx: Tx, before: SectionRecord, after: SectionRecord): Promise<void> {
    const rest = { $slice: ['$path', before.path.length, MAX_DEPTH] };
    await Sections.collection.updateMany(
      { path: before._id, _id: { $ne: before._id } },
      [{ $set: { path: { $concatArrays: [after.path, rest] } } }],
      { session: tx.session },
    );
  }
}
