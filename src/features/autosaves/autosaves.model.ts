import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** `_id` is story and person: each has one of each story. */
export interface AutosaveRecord {
  _id: string;
  article: Types.ObjectId;
  user: Types.ObjectId;
  base: number;
  /** JSON as it came, as text: nothing in it is ever a query or an update. */
  changes: string;
  /** What is older than 30 days is swept by the index `expiry`. */
  savedAt: Date;
}

const id = Schema.Types.ObjectId;

const definition: Required<SchemaDefinition<AutosaveRecord>> = {
  _id: { type: String, required: true },
  article: { type: id, required: true },
  user: { type: id, required: true },
  base: { type: Number, required: true },
  changes: { type: String, required: true },
  savedAt: { type: Date, required: true },
};

const schema = new Schema<AutosaveRecord>(definition, STORAGE);

export const autosaveModel = (db: Connection): Model<AutosaveRecord> =>
  db.model<AutosaveRecord>('Autosave', schema, 'autosaves');
