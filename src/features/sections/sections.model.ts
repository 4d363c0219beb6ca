import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** No newsroom has more: the tree is read whole. */
export const TREE_LIMIT = 2_000;

export interface SectionRecord {
  _id: Types.ObjectId;
  version: number;
  name: string;
  /** What names are compared by; unique among sisters. */
  nameKey: string;
  slug: string;
  /** Slugs that readers may still ask for. */
  formerSlugs: string[];
  parent: Types.ObjectId | null;
  /** From the top of the tree to the section itself. */
  path: Types.ObjectId[];
  createdAt: Date;
  modifiedAt: Date;
}

const definition: Required<SchemaDefinition<Omit<SectionRecord, '_id'>>> = {
  version: { type: Number, required: true },
  name: { type: String, required: true },
  nameKey: { type: String, required: true },
  slug: { type: String, required: true },
  formerSlugs: [String],
  parent: Schema.Types.ObjectId,
  path: [Schema.Types.ObjectId],
  createdAt: { type: Date, required: true },
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<SectionRecord>(definition, STORAGE);

export const sectionModel = (db: Connection): Model<SectionRecord> =>
  db.model<SectionRecord>('Section', schema, 'sections');
