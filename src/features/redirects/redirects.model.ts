import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

export interface RedirectRecord {
  _id: Types.ObjectId;
  version: number;
  /** As somebody wrote it. */
  from: string;
  /** What `from` is, however it is written; unique. See `address.ts`. */
  key: string;
  /** As somebody wrote it; of a redirect that led to another, as that other has it. */
  to: string;
  /** What `to` is: never the key of another redirect. */
  target: string;
  /** The story that it leads to. */
  story: Types.ObjectId | null;
  permanent: boolean;
  createdAt: Date;
  modifiedAt: Date;
}

const text = { type: String, required: true };
const date = { type: Date, required: true };

const definition: Required<SchemaDefinition<Omit<RedirectRecord, '_id'>>> = {
  version: { type: Number, required: true },
  from: text,
  key: text,
  to: text,
  target: text,
  story: Schema.Types.ObjectId,
  permanent: { type: Boolean, required: true },
  createdAt: date,
  modifiedAt: date,
};

const schema = new Schema<RedirectRecord>(definition, STORAGE);

export const redirectModel = (db: Connection): Model<RedirectRecord> =>
  db.model<RedirectRecord>('Redirect', schema, 'redirects');
