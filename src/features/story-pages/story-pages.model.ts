import { type Connection, type Model, type mongo, Schema, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';
import type { PublishedRecord } from '../articles/published.model.ts';

/** Where a story is found, as in `published`. */
export type Placing = Readonly<
  Pick<
    PublishedRecord,
    'slug' | 'tags' | 'section' | 'authors' | 'type' | 'language' | 'publishedAt' | 'embargoUntil'
  >
>;

/** The finished page of a public story, with what says how long it is right. `_id` is the story's. */
export interface StoryPageRecord extends Partial<Placing> {
  readonly _id: Types.ObjectId;
  /** Something in it has changed: it is being made anew. */
  readonly stale?: true;
  /** Since when events have been followed for it without a gap; see `PositionRecord`. */
  readonly era?: string;
  /** Everything that was committed up to this moment of the database is in it. */
  readonly through?: mongo.Timestamp;
  readonly keys?: readonly string[];
  readonly tag?: string;
  readonly lastModified?: string;
  /** Header lines: name, value, name, value. */
  readonly lines?: readonly string[];
  readonly body?: Buffer;
  readonly listed?: ListedRecord;
  readonly words?: WordsRecord;
}

/** What hits are highlighted in. */
export interface WordsRecord {
  /** The number of the publication that they are of. */
  readonly number: number;
  readonly language: string;
  readonly headline: string;
  /** Standfirst and body, without markup, in one line. */
  readonly text: string;
  /** Where their words are, as search finds them. */
  readonly places: { readonly headline: string; readonly text: string };
}

/** The story as it stands in a list. */
export interface ListedRecord {
  /** JSON, as bytes: they are sent on as they are, and taking twenty for text costs half of reading them. */
  readonly json: Buffer;
  /** Its cache tags in a list, with spaces in between: a list of them costs three times as much to read. */
  readonly keys: string;
  /** When anything in it last changed. */
  readonly modifiedAt: Date;
}

/** How far the finished pages follow the events. */
export interface PositionRecord {
  readonly _id: 'story pages';
  readonly edition: string;
  /** Begins anew whenever events may have been passed over: what was made before it is never shown again. */
  readonly era: string;
  /** The number of the last event that has been marked on the pages. */
  readonly seq: number;
  /** Pages are being made of all stories: from the newest down to this one. `null`: of all, absent: of none yet. */
  readonly filled?: Types.ObjectId | null;
}

export const pageRows = (db: Connection) => db.collection<StoryPageRecord>('story_pages');
export const positions = (db: Connection) => db.collection<PositionRecord>('story_pages_position');

const anything = new Schema({}, { ...STORAGE, strict: false, strictQuery: false });
/** The same collection for what reads pages of lists; nothing is cast. */
export const pageModel = (db: Connection): Model<StoryPageRecord> =>
  db.model('StoryPage', anything, 'story_pages') as unknown as Model<StoryPageRecord>;
