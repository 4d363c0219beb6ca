import { createHash } from 'node:crypto';
import { type Connection, Types } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';
import { correctionModel, type ToldCorrection } from './corrections.model.ts';
import type { CorrectionRecord, PublishedRecord } from './published.model.ts';

/** The same correction has the same id whenever the story is shown again, so that cursors stay right. */
function idOf(article: Types.ObjectId, { change, at }: CorrectionRecord): Types.ObjectId {
  const hash = createHash('sha256').update(`${article}:${change}:${at.toISOString()}`).digest('hex');
  return new Types.ObjectId(hash.slice(0, 24));
}

/** The site's list of corrections, kept in the transactions that show and hide stories: it never says more than they do. */
export function createCorrections({ db }: { db: Connection }) {
  const Told = correctionModel(db);
  return { show, hide };

  async function show(tx: Tx, story: PublishedRecord): Promise<void> {
    if (story.corrections.length === 0) return;
    await hide(tx, story._id);
    const { section, tags, embargoUntil } = story;
    const rows: ToldCorrection[] = story.corrections.map((one) => ({
      ...{ _id: idOf(story._id, one), article: story._id, section, tags, embargoUntil },
      ...{ change: one.change, note: one.note, at: one.at },
    }));
    await Told.insertMany(rows, { session: tx.session });
  }

  /** Uses the index `article`. */
  async function hide(tx: Tx, article: Types.ObjectId): Promise<void> {
    await Told.deleteMany({ article }).session(tx.session);
  }
}
