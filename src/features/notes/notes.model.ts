import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

export interface NoteRecord {
  _id: Types.ObjectId;
  article: Types.ObjectId;
  text: string;
  by: Types.ObjectId | null;
  at: Date;
  editedAt: Date | null;
  block: string | null;
  blocking: boolean;
  mentions: Types.ObjectId[];
  resolved: boolean;
  resolvedBy: Types.ObjectId | null;
  resolvedAt: Date | null;
  /** How often it was changed: what names its audit rows. */
  changes: number;
}

const id = Schema.Types.ObjectId;

const definition: Required<SchemaDefinition<Omit<NoteRecord, '_id'>>> = {
  article: { type: id, required: true },
  text: { type: String, required: true },
  by: id,
  at: { type: Date, required: true },
  editedAt: Date,
  block: String,
  blocking: { type: Boolean, required: true },
  mentions: [id],
  resolved: { type: Boolean, required: true },
  resolvedBy: id,
  resolvedAt: Date,
  changes: { type: Number, required: true },
};

const schema = new Schema<NoteRecord>(definition, STORAGE);

export const noteModel = (db: Connection): Model<NoteRecord> => db.model<NoteRecord>('Note', schema, 'notes');
