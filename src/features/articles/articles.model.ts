import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import type { z } from 'zod';
import { STORAGE } from '../../db/model.ts';
import type { BodyDoc } from '../../schema/index.ts';
import type { SignOffRecord } from '../sign-offs/signed-text.ts';
import {
  ARTICLE_TYPES,
  type ArticleType,
  type CommentMode,
  STATUSES,
  type Status,
} from './articles.contract.ts';

type ObjectId = Types.ObjectId;

export interface HeroRecord {
  media: ObjectId;
  caption: string;
  alt: string;
  credit: string;
}

export interface SeoRecord {
  title: string | null;
  description: string | null;
  canonicalUrl: string | null;
  noindex: boolean;
}

/** What readers will get of a story: the part of a working copy that is published as it stands. */
export interface StoryContent {
  type: z.infer<typeof ArticleType>;
  language: string;
  headline: string;
  kicker: string;
  standfirst: string;
  slug: string;
  body: BodyDoc;
  section: ObjectId | null;
  tags: ObjectId[];
  authors: ObjectId[];
  hero: HeroRecord | null;
  /** Every media item that hero and body refer to. */
  media: ObjectId[];
  comments: { mode: z.infer<typeof CommentMode>; closesAt: Date | null };
  sensitive: boolean;
  seo: SeoRecord;
  embargoUntil: Date | null;
}

/** Who carries out what is due: a worker that dies loses it by time, and the next one has a higher `fence`. */
export interface ScheduleClaim {
  fence: number;
  until: Date;
}

/** Who edits the story now. One person may have it open in several windows. */
export interface LockRecord {
  by: ObjectId;
  name: string;
  since: Date;
  expiresAt: Date;
  fence: number;
}

export interface ArticleRecord extends StoryContent {
  _id: ObjectId;
  version: number;
  status: Status;
  /** The slug is made from the headline until somebody sets one or the story is published. */
  slugFollowsHeadline: boolean;
  assignee: ObjectId | null;
  publishAt: Date | null;
  unpublishAt: Date | null;
  scheduleZone: string | null;
  scheduleError: string | null;
  /** Who set the times: their rights are read again when one is due. Absent in stories older than this. */
  scheduledBy?: ObjectId | null;
  /** What was due last was done late, since no server was there to do it. */
  scheduleLate?: boolean;
  scheduleClaim?: ScheduleClaim | null;
  /** When the desk wants it; absent in stories older than this, as `urgency` is. */
  dueAt?: Date | null;
  /** 1 (most urgent) to 9, as wire services count. */
  urgency?: number | null;
  /** Who vouched for the text; absent in stories older than this. */
  signOffs?: SignOffRecord[];
  /** Pictures that readers see there and whose rights lapsed, and since when that is marked; absent where there are none. */
  lapsedMedia?: ObjectId[];
  rightsLapsedAt?: Date | null;
  firstPublishedAt: Date | null;
  publishedAt: Date | null;
  /** How many versions were published; the number of the newest. */
  publications: number;
  hasUnpublishedChanges: boolean;
  binnedAt: Date | null;
  killReason: string | null;
  /** As read by the database's time: `null` once it has expired. */
  lock: LockRecord | null;
  /** The number of the newest lock that was ever granted. */
  fences: number;
  schemaVersion: number;
  createdBy: ObjectId | null;
  createdAt: Date;
  modifiedBy: ObjectId | null;
  modifiedAt: Date;
}

const text = { type: String, default: '' };
const id = Schema.Types.ObjectId;
const mixed = Schema.Types.Mixed;

/** Shared with the published version's schema, so that both have the same content. */
export const contentDefinition: Required<SchemaDefinition<StoryContent>> = {
  type: { type: String, required: true, enum: ARTICLE_TYPES },
  language: { type: String, required: true },
  headline: { type: String, required: true },
  kicker: text,
  standfirst: text,
  slug: { type: String, required: true },
  body: { type: mixed, required: true },
  section: id,
  tags: [id],
  authors: [id],
  hero: mixed,
  media: [id],
  comments: { type: mixed, required: true },
  sensitive: { type: Boolean, required: true },
  seo: { type: mixed, required: true },
  embargoUntil: Date,
};

const definition: Required<SchemaDefinition<Omit<ArticleRecord, '_id'>>> = {
  ...contentDefinition,
  version: { type: Number, required: true },
  status: { type: String, required: true, enum: STATUSES },
  slugFollowsHeadline: { type: Boolean, required: true },
  assignee: id,
  publishAt: Date,
  unpublishAt: Date,
  scheduleZone: String,
  scheduleError: String,
  scheduledBy: id,
  scheduleLate: Boolean,
  scheduleClaim: mixed,
  dueAt: Date,
  urgency: Number,
  signOffs: { type: [mixed], default: undefined },
  lapsedMedia: { type: [id], default: undefined },
  rightsLapsedAt: Date,
  firstPublishedAt: Date,
  publishedAt: Date,
  publications: { type: Number, required: true },
  hasUnpublishedChanges: { type: Boolean, required: true },
  binnedAt: Date,
  killReason: String,
  lock: mixed,
  fences: Number,
  schemaVersion: { type: Number, required: true },
  createdBy: id,
  createdAt: { type: Date, required: true },
  modifiedBy: id,
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<ArticleRecord>(definition, STORAGE);

/** What is read otherwise than it is stored: an expired lock is none, by the database's time. */
export const AS_READ = {
  lock: { $cond: [{ $gt: ['$lock.expiresAt', '$$NOW'] }, '$lock', null] },
  fences: { $ifNull: ['$fences', 0] },
} as const;

const fieldsOf = (names: readonly string[]): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(names.map((name) => [name, 1])),
  ...AS_READ,
});

export const STORY_FIELDS = fieldsOf(Object.keys(definition));
export const SUMMARY_FIELDS = fieldsOf(Object.keys(definition).filter((name) => name !== 'body'));

export const articleModel = (db: Connection): Model<ArticleRecord> =>
  db.model<ArticleRecord>('Article', schema, 'articles');
