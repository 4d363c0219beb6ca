import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

export interface MediaCollectionRecord {
  _id: Types.ObjectId;
  version: number;
  name: string;
  /** What names are compared by; unique. */
  nameKey: string;
  description: string;
  /** When a picture was last put into it: those who put one in and whoever deletes it meet here. */
  filledAt?: Date;
  createdAt: Date;
  modifiedAt: Date;
}

const definition: Required<SchemaDefinition<Omit<MediaCollectionRecord, '_id'>>> = {
  version: { type: Number, required: true },
  name: { type: String, required: true },
  nameKey: { type: String, required: true },
  description: String,
  filledAt: Date,
  createdAt: { type: Date, required: true },
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<MediaCollectionRecord>(definition, STORAGE);

export const mediaCollectionModel = (db: Connection): Model<MediaCollectionRecord> =>
  db.model<MediaCollectionRecord>('MediaCollection', schema, 'mediaCollections');
