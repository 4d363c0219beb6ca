import { type Connection, type Model, Schema } from 'mongoose';
import { STORAGE } from '../../../db/model.ts';

/** A story by its words: stems and markers in one array, so that one index serves every question. */
export interface TermsRecord {
  _id: string;
  at: Date;
  terms: string[];
  section: string;
  type: string;
  tags: string[];
}

/** Where an index stands. */
export interface SearchStateRecord {
  _id: string;
  value: string;
  languages?: string[];
}

const terms = new Schema<TermsRecord>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    terms: [String],
    section: { type: String, default: '' },
    type: { type: String, default: '' },
    tags: [String],
  },
  STORAGE,
);

const state = new Schema<SearchStateRecord>(
  { _id: { type: String, required: true }, value: String, languages: { type: [String], default: undefined } },
  STORAGE,
);

/** `name` is the index's: readers' and the desk's are apart. */
export const termsModel = (db: Connection, name: string): Model<TermsRecord> =>
  db.model<TermsRecord>(`SearchTerms:${name}`, terms, `search_${name}`);

export const searchStateModel = (db: Connection): Model<SearchStateRecord> =>
  db.model<SearchStateRecord>('SearchState', state, 'search_state');
