import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** A byline, apart from any login; two people may share a name, never a slug. */
export interface AuthorRecord {
  _id: Types.ObjectId;
  version: number;
  name: string;
  nameKey: string;
  slug: string;
  /** Slugs that readers may still ask for. */
  formerSlugs: string[];
  bio: string;
  /** The member of staff whose byline it is. */
  user: Types.ObjectId | null;
  createdAt: Date;
  modifiedAt: Date;
}

const definition: Required<SchemaDefinition<Omit<AuthorRecord, '_id'>>> = {
  version: { type: Number, required: true },
  name: { type: String, required: true },
  nameKey: { type: String, required: true },
  slug: { type: String, required: true },
  formerSlugs: [String],
  bio: String,
  user: Schema.Types.ObjectId,
  createdAt: { type: Date, required: true },
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<AuthorRecord>(definition, STORAGE);

export const authorModel = (db: Connection): Model<AuthorRecord> =>
  db.model<AuthorRecord>('Author', schema, 'authors');
