import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** Why a version was saved. */
export const REASONS = ['create', 'save', 'publish', 'workflow', 'bin', 'restore'] as const;
export type Reason = (typeof REASONS)[number];

/** One saved version of a story, whole. `_id` is story and version, so that each exists once. */
export interface RevisionRecord {
  _id: string;
  article: Types.ObjectId;
  version: number;
  at: Date;
  by: Types.ObjectId | null;
  reason: Reason;
  snapshot: unknown;
}

const definition: Required<SchemaDefinition<RevisionRecord>> = {
  _id: { type: String, required: true },
  article: { type: Schema.Types.ObjectId, required: true },
  version: { type: Number, required: true },
  at: { type: Date, required: true },
  by: Schema.Types.ObjectId,
  reason: { type: String, required: true, enum: REASONS },
  snapshot: { type: Schema.Types.Mixed, required: true },
};

const schema = new Schema<RevisionRecord>(definition, STORAGE);

export const revisionModel = (db: Connection): Model<RevisionRecord> =>
  db.model<RevisionRecord>('Revision', schema, 'revisions');
