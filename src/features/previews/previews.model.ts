import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

interface OpenRecord {
  at: Date;
  address: string;
  device: string;
}

/** A link to one saved version of a story. Its token is kept nowhere. */
export interface PreviewLinkRecord {
  _id: Types.ObjectId;
  article: Types.ObjectId;
  /** The version of the story that it opens. */
  revision: number;
  label: string | null;
  /** SHA-256 of the token. */
  hash: string;
  /** Whoever made it, by whose rights it opens. */
  by: Types.ObjectId;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  opens: OpenRecord[];
  openCount: number;
}

const date = { type: Date, required: true };
const number = { type: Number, required: true };
const id = { type: Schema.Types.ObjectId, required: true };

const definition: Required<SchemaDefinition<Omit<PreviewLinkRecord, '_id'>>> = {
  article: id,
  revision: number,
  label: String,
  hash: { type: String, required: true },
  by: id,
  createdAt: date,
  expiresAt: date,
  revokedAt: Date,
  opens: [Schema.Types.Mixed],
  openCount: number,
};

const schema = new Schema<PreviewLinkRecord>(definition, STORAGE);

export const previewLinkModel = (db: Connection): Model<PreviewLinkRecord> =>
  db.model<PreviewLinkRecord>('PreviewLink', schema, 'previewLinks');
