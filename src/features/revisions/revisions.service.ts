import type { Connection, Types } from 'mongoose';
import { insertPlain } from '../../db/plain.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Reason } from './revisions.contract.ts';
import { revisionModel } from './revisions.model.ts';

/** What a revision keeps of a story. */
export interface Snapshot {
  readonly _id: Types.ObjectId;
  readonly version: number;
  readonly modifiedAt: Date;
  readonly modifiedBy: Types.ObjectId | null;
}

/** What a revision says of itself beside its reason. */
export interface Remarks {
  readonly note?: string | null | undefined;
  readonly restored?: number | undefined;
}

export type RevisionsService = ReturnType<typeof createRevisionsService>;

export const revisionKey = (article: string, version: number): string => `${article}:${version}`;

/** Every saved version of every story, written in the transaction of the save. */
export function createRevisionsService({ db }: { db: Connection }) {
  const Revisions = revisionModel(db);
  return { keep, find };

  async function keep(tx: Tx, story: Snapshot, reason: Reason, remarks: Remarks = {}): Promise<void> {
    const revision = {
      _id: revisionKey(String(story._id), story.version),
      article: story._id,
      version: story.version,
      at: story.modifiedAt,
      by: story.modifiedBy,
      reason,
      note: remarks.note?.trim() || null,
      restored: remarks.restored ?? null,
      snapshot: story,
    };
    await insertPlain(Revisions, revision, tx.session);
  }

  /** A story as it stood at `version`, or `null` when there was no such version. `S` is what `keep` was given. */
  async function find<S extends Snapshot>(tx: Tx, article: string, version: number): Promise<S | null> {
    const revision = await Revisions.findById(revisionKey(article, version)).session(tx.session).lean();
    return revision ? (revision.snapshot as S) : null;
  }
}
