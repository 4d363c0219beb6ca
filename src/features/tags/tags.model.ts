import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

export interface TagRecord {
  _id: Types.ObjectId;
  version: number;
  name: string;
  /** What names are compared by; unique among tags that are not merged. */
  nameKey: string;
  slug: string;
  /** Slugs that readers may still ask for. */
  formerSlugs: string[];
  description: string;
  /** The tag that this one became. Merged tags stay, so that stories and old addresses find their way. */
  mergedInto: Types.ObjectId | null;
  createdAt: Date;
  modifiedAt: Date;
}

const definition: Required<SchemaDefinition<Omit<TagRecord, '_id'>>> = {
  version: { type: Number, required: true },
  name: { type: String, required: true },
  nameKey: { type: String, required: true },
  slug: { type: String, required: true },
  formerSlugs: [String],
  description: String,
  mergedInto: Schema.Types.ObjectId,
  createdAt: { type: Date, required: true },
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<TagRecord>(definition, STORAGE);

export const tagModel = (db: Connection): Model<TagRecord> => db.model<TagRecord>('Tag', schema, 'tags');
