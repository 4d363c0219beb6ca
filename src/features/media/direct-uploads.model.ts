import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** What somebody may send to the store, and what became of it. */
export interface DirectUploadRecord {
  /** Random, and the name of the object. */
  _id: string;
  owner: string;
  bytes: number;
  sha256: string;
  fileName: string;
  declaredType: string;
  said: { alt: string; caption: string; credit: string };
  media: Types.ObjectId | null;
  expiresAt: Date;
}

const text = { type: String, default: '' };
const required = { type: String, required: true };

const definition: Required<SchemaDefinition<Omit<DirectUploadRecord, '_id'>>> & { _id: unknown } = {
  _id: required,
  owner: required,
  bytes: { type: Number, required: true },
  sha256: required,
  fileName: text,
  declaredType: text,
  said: { type: Schema.Types.Mixed, required: true },
  media: { type: Schema.Types.ObjectId, default: null },
  expiresAt: { type: Date, required: true },
};

const schema = new Schema<DirectUploadRecord>(definition as SchemaDefinition<DirectUploadRecord>, STORAGE);

export const directUploadModel = (db: Connection): Model<DirectUploadRecord> =>
  db.model<DirectUploadRecord>('DirectUpload', schema, 'directUploads');
