import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';
import type { Crops } from './crops.contract.ts';
import type { PhotoFacts } from './facts.contract.ts';
import type { RightsRecord } from './rights.ts';

/** One file that readers may get. `key` is random: an address cannot be guessed. */
export interface RenditionRecord {
  name: string;
  key: string;
  extension: string;
  type: string;
  width: number;
  height: number;
  bytes: number;
}

/** A picture: what was uploaded, what is said of it, and what is served of it. */
export interface MediaRecord extends PhotoFacts {
  _id: Types.ObjectId;
  version: number;
  /** The client's name for the file: a label only. */
  fileName: string;
  type: string;
  bytes: number;
  width: number;
  height: number;
  /** Key of the uploaded bytes, which are kept as they came and never served. */
  original: string;
  /** Of the uploaded bytes; pictures from before it was kept have none. */
  sha256?: string;
  /** The uploaded file carries a C2PA manifest. */
  hasContentCredentials: boolean;
  /** Absent where nobody has said anything of them. */
  rights?: RightsRecord;
  /** What it is found by: `words.ts`. */
  words?: string[];
  /** The collections in which it is. */
  collections?: Types.ObjectId[];
  /** What it stands for since it replaced them: stories keep the ids that they name. */
  replaces?: Types.ObjectId[];
  /** When the stories with it are to be looked at, as its rights have ended then; and when the staff were told. */
  lapseDue?: Date;
  lapseToldAt?: Date;
  focalPoint: { x: number; y: number };
  /** Parts that an editor chose, by proportion; absent before anybody did. */
  crops?: Crops;
  renditions: RenditionRecord[];
  /** Shown before the picture is there; pictures from before have none. */
  dominantColor?: string;
  placeholder?: string;
  /** When the next renditions are to be made, or a maker that took them up is given up on; absent when all are there. */
  renditionsDue?: Date;
  renditionsStage?: 'still' | 'avif';
  renditionsTries?: number;
  /** When another file was put in the place of the one before, and when it took the place of another; absent before. */
  fileAt?: Date;
  tookOverAt?: Date;
  /** When its renditions last changed without an editor. */
  renderedAt?: Date;
  createdBy: Types.ObjectId | null;
  createdAt: Date;
  modifiedBy: Types.ObjectId | null;
  modifiedAt: Date;
}

const text = { type: String, default: '' };
const id = Schema.Types.ObjectId;
const number = { type: Number, required: true };

const definition: Required<SchemaDefinition<Omit<MediaRecord, '_id'>>> = {
  version: number,
  alt: text,
  caption: text,
  credit: text,
  byline: text,
  copyright: text,
  extendedDescription: text,
  headline: text,
  keywords: [String],
  place: text,
  takenAt: text,
  usageTerms: text,
  licensor: text,
  source: text,
  digitalSourceType: text,
  fileName: text,
  type: { type: String, required: true },
  bytes: number,
  width: number,
  height: number,
  original: { type: String, required: true },
  sha256: String,
  hasContentCredentials: { type: Boolean, default: false },
  rights: Schema.Types.Mixed,
  words: [String],
  collections: [id],
  replaces: { type: [id], default: undefined },
  lapseDue: Date,
  lapseToldAt: Date,
  focalPoint: { type: Schema.Types.Mixed, required: true },
  crops: Schema.Types.Mixed,
  renditions: [Schema.Types.Mixed],
  dominantColor: String,
  placeholder: String,
  renditionsDue: Date,
  renditionsStage: String,
  renditionsTries: Number,
  fileAt: Date,
  tookOverAt: Date,
  renderedAt: Date,
  createdBy: id,
  createdAt: { type: Date, required: true },
  modifiedBy: id,
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<MediaRecord>(definition, STORAGE);

export const mediaModel = (db: Connection): Model<MediaRecord> =>
  db.model<MediaRecord>('Media', schema, 'media');
