import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';
import type { Waived } from '../checks/waivers.ts';
import { CHANGES, type Change } from './articles.contract.ts';
import { contentDefinition, type StoryContent } from './articles.model.ts';

/** A correction or clarification as readers are told of it. */
export interface CorrectionRecord {
  change: Change;
  note: string;
  at: Date;
}

/** What readers have of a story now; there is none for a story that is not public. `_id` is the story's. */
export interface PublishedRecord extends StoryContent {
  _id: Types.ObjectId;
  /** The number of the publication that this is. */
  number: number;
  /** The working copy's version that was published. */
  version: number;
  wordCount: number;
  readingTimeMinutes: number;
  firstPublishedAt: Date;
  publishedAt: Date;
  /** When readers last got something new; a minor change does not move it. */
  updatedAt: Date;
  /** When this version was put up, whatever the change: for `Last-Modified`. */
  changedAt: Date;
  /** Two versions went up within one second: their `Last-Modified` cannot tell them apart. */
  hasTwin: boolean;
  corrections: CorrectionRecord[];
}

/** A published version for the record: written once, never changed. `_id` is story and number. */
export interface PublicationRecord {
  _id: string;
  article: Types.ObjectId;
  number: number;
  version: number;
  at: Date;
  by: Types.ObjectId | null;
  change: Change | null;
  note: string | null;
  /** Blocking checks that were passed over, with the reasons. */
  waived: readonly Waived[];
  story: unknown;
  /** The hash of the publication before, and that over all of this one: `publication-chain.ts`. */
  prev: string;
  hash: string;
}

const date = { type: Date, required: true };
const number = { type: Number, required: true };

const publishedDefinition: Required<SchemaDefinition<Omit<PublishedRecord, '_id'>>> = {
  ...contentDefinition,
  number,
  version: number,
  wordCount: number,
  readingTimeMinutes: number,
  firstPublishedAt: date,
  publishedAt: date,
  updatedAt: date,
  changedAt: date,
  hasTwin: { type: Boolean, required: true },
  corrections: [Schema.Types.Mixed],
};

const publicationDefinition: Required<SchemaDefinition<PublicationRecord>> = {
  _id: { type: String, required: true },
  article: { type: Schema.Types.ObjectId, required: true },
  number,
  version: number,
  at: date,
  by: Schema.Types.ObjectId,
  change: { type: String, enum: [...CHANGES, null] },
  note: String,
  waived: [Schema.Types.Mixed],
  story: { type: Schema.Types.Mixed, required: true },
  prev: { type: String },
  hash: { type: String, required: true },
};

const publishedSchema = new Schema<PublishedRecord>(publishedDefinition, STORAGE);
const publicationSchema = new Schema<PublicationRecord>(publicationDefinition, STORAGE);

export const publishedModel = (db: Connection): Model<PublishedRecord> =>
  db.model<PublishedRecord>('Published', publishedSchema, 'published');

export const publicationModel = (db: Connection): Model<PublicationRecord> =>
  db.model<PublicationRecord>('Publication', publicationSchema, 'publications');
