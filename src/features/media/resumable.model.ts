import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** Bytes that have come, under a key of the storage. */
export interface PartRecord {
  key: string;
  size: number;
}

/** An upload that comes in parts. What it becomes is a picture; then its parts are gone. */
export interface ResumableUpload {
  /** Random: whoever knows it still needs to be its owner. */
  _id: string;
  owner: string;
  length: number;
  /** The bytes of all parts; `length` once there is a picture. */
  offset: number;
  parts: PartRecord[];
  fileName: string;
  declaredType: string;
  said: { alt: string; caption: string; credit: string };
  media: Types.ObjectId | null;
  createdAt: Date;
  expiresAt: Date;
}

const number = { type: Number, required: true };
const text = { type: String, default: '' };
const date = { type: Date, required: true };

const definition: Required<SchemaDefinition<Omit<ResumableUpload, '_id'>>> & { _id: unknown } = {
  _id: { type: String, required: true },
  owner: { type: String, required: true },
  length: number,
  offset: number,
  parts: [Schema.Types.Mixed],
  fileName: text,
  declaredType: text,
  said: { type: Schema.Types.Mixed, required: true },
  media: { type: Schema.Types.ObjectId, default: null },
  createdAt: date,
  expiresAt: date,
};

const schema = new Schema<ResumableUpload>(definition as SchemaDefinition<ResumableUpload>, STORAGE);

export const resumableModel = (db: Connection): Model<ResumableUpload> =>
  db.model<ResumableUpload>('ResumableUpload', schema, 'resumableUploads');
