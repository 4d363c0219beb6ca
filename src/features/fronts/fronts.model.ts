import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';
import type { StoryContent } from '../articles/articles.model.ts';
import type { FrontAction } from './fronts.contract.ts';

type ObjectId = Types.ObjectId;

export interface CardRecord {
  article: ObjectId;
  overrides: {
    kicker?: string;
    headline?: string;
    picture?: { media: ObjectId; alt: string; caption: string; credit: string };
  };
}

export interface ContainerRecord {
  title: string;
  cards: CardRecord[];
  backfill: { section?: ObjectId; tag?: ObjectId; type?: StoryContent['type'] } | null;
  limit: number;
}

/** What a front says, and flatly what it refers to: by these fields it is found when one of them changes. */
export interface FrontContent {
  name: string;
  containers: ContainerRecord[];
  articles: ObjectId[];
  media: ObjectId[];
  tags: ObjectId[];
  section: ObjectId[];
}

/** What readers have of a front. */
export interface ShownFront extends FrontContent {
  version: number;
  at: Date;
}

export interface FrontRecord extends FrontContent {
  _id: ObjectId;
  version: number;
  nameKey: string;
  slug: string;
  formerSlugs: string[];
  hasUnpublishedChanges: boolean;
  /** `null`: readers do not have it. */
  shown: ShownFront | null;
  publishAt: Date | null;
  scheduleError: string | null;
  /** Who set the time: their rights are read again when it has come. */
  scheduledBy: ObjectId | null;
  scheduleLate: boolean;
  firstPublishedAt: Date | null;
  createdBy: ObjectId | null;
  createdAt: Date;
  modifiedBy: ObjectId | null;
  modifiedAt: Date;
}

/** A saved version: written once, never changed. `_id` is front and version. */
export interface FrontVersionRecord {
  _id: string;
  front: ObjectId;
  version: number;
  at: Date;
  by: ObjectId | null;
  action: FrontAction;
  restored: number | null;
  content: FrontContent;
  /** With this version readers got, or lost, what they have. */
  published?: true;
}

const id = Schema.Types.ObjectId;
const date = { type: Date, required: true };
const mixed = Schema.Types.Mixed;

const definition: Required<SchemaDefinition<Omit<FrontRecord, '_id'>>> = {
  version: { type: Number, required: true },
  name: { type: String, required: true },
  nameKey: { type: String, required: true },
  slug: { type: String, required: true },
  formerSlugs: [String],
  containers: [mixed],
  articles: [id],
  media: [id],
  tags: [id],
  section: [id],
  hasUnpublishedChanges: { type: Boolean, required: true },
  shown: mixed,
  publishAt: Date,
  scheduleError: String,
  scheduledBy: id,
  scheduleLate: { type: Boolean, required: true },
  firstPublishedAt: Date,
  createdBy: id,
  createdAt: date,
  modifiedBy: id,
  modifiedAt: date,
};

const versionDefinition: Required<SchemaDefinition<FrontVersionRecord>> = {
  _id: { type: String, required: true },
  front: { type: id, required: true },
  version: { type: Number, required: true },
  at: date,
  by: id,
  action: { type: String, required: true },
  restored: Number,
  content: { type: mixed, required: true },
  published: Boolean,
};

const frontSchema = new Schema<FrontRecord>(definition, STORAGE);
const versionSchema = new Schema<FrontVersionRecord>(versionDefinition, STORAGE);

export const frontModel = (db: Connection): Model<FrontRecord> =>
  db.model<FrontRecord>('Front', frontSchema, 'fronts');

export const frontVersionModel = (db: Connection): Model<FrontVersionRecord> =>
  db.model<FrontVersionRecord>('FrontVersion', versionSchema, 'frontVersions');
