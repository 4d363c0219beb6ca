import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';
import { CHANGES, type Change } from './articles.contract.ts';

/** One correction or clarification of a story that readers have now, with what the list of all is narrowed by. */
export interface ToldCorrection {
  _id: Types.ObjectId;
  article: Types.ObjectId;
  change: Change;
  note: string;
  at: Date;
  section: Types.ObjectId | null;
  tags: Types.ObjectId[];
  embargoUntil: Date | null;
}

const id = Schema.Types.ObjectId;

const definition: Required<SchemaDefinition<Omit<ToldCorrection, '_id'>>> = {
  article: { type: id, required: true },
  change: { type: String, required: true, enum: CHANGES },
  note: { type: String, required: true },
  at: { type: Date, required: true },
  section: id,
  tags: [id],
  embargoUntil: Date,
};

const schema = new Schema<ToldCorrection>(definition, STORAGE);

export const correctionModel = (db: Connection): Model<ToldCorrection> =>
  db.model<ToldCorrection>('Correction', schema, 'corrections');
