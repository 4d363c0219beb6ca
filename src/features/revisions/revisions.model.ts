import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';
import { REASONS, type Reason } from './revisions.contract.ts';

/** One saved version of a story, whole. `_id` is story and version, so that each exists once. */
export interface RevisionRecord {
  _id: string;
  article: Types.ObjectId;
  version: number;
  at: Date;
  by: Types.ObjectId | null;
  reason: Reason;
  /** What whoever saved it had to say about it. */
  note: string | null;
  /** The version that this one brought back. */
  restored: number | null;
  snapshot: unknown;
}

const definition: Required<SchemaDefinition<RevisionRecord>> = {
  _id: { type: String, required: true },
  article: { type: Schema.Types.ObjectId, required: true },
  version: { type: Number, required: true },
  at: { type: Date, required: true },
  by: Schema.Types.ObjectId,
  reason: { type: String, required: true, enum: REASONS },
  note: String,
  restored: Number,
  snapshot: { type: Schema.Types.Mixed, required: true },
};

const schema = new Schema<RevisionRecord>(definition, STORAGE);

export const revisionModel = (db: Connection): Model<RevisionRecord> =>
  db.model<RevisionRecord>('Revision', schema, 'revisions');
