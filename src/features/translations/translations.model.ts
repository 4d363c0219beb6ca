import { type Connection, type Model, Schema, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** A story with the language of its working copy. */
export interface Member {
  article: Types.ObjectId;
  language: string;
}

/** Stories that are language versions of each other: in one document, so that each language is there once. */
export interface TranslationsRecord {
  _id: Types.ObjectId;
  version: number;
  members: Member[];
}

const schema = new Schema<TranslationsRecord>(
  {
    version: { type: Number, required: true },
    members: [
      new Schema<Member>(
        {
          article: { type: Schema.Types.ObjectId, required: true },
          language: { type: String, required: true },
        },
        { _id: false },
      ),
    ],
  },
  STORAGE,
);

export const translationsModel = (db: Connection): Model<TranslationsRecord> =>
  db.model<TranslationsRecord>('Translations', schema, 'translations');
