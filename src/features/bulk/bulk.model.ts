import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import type { ErrorCode } from '../../contract/problem.ts';
import { STORAGE } from '../../db/model.ts';
import { BULK_ACTIONS, BULK_ITEM_STATES, type BulkAction, type BulkOrder } from './bulk.contract.ts';

/** A bulk action: who ordered what. Its steps stand beside it, one a story. */
export interface BulkJobRecord {
  _id: Types.ObjectId;
  action: BulkAction;
  /** The request without its list of stories or pictures. */
  order: BulkOrder;
  total: number;
  succeeded: number;
  failed: number;
  /** Absent when nothing is left to do. */
  open?: true;
  /** Who works on it, until when: whoever comes after a dead one has a higher `fence`. */
  claim: { fence: number; until: Date } | null;
  createdBy: Types.ObjectId;
  requestId: string;
  address: string | null;
  device: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** One story or picture of a bulk action, and what became of it. */
export interface BulkStepRecord {
  _id: string;
  job: Types.ObjectId;
  place: number;
  /** The id of the story, or of the picture. */
  article: string;
  version: number;
  status: (typeof BULK_ITEM_STATES)[number];
  newVersion: number | null;
  error: { code: ErrorCode; message: string } | null;
}

const number = { type: Number, required: true };
const mixed = Schema.Types.Mixed;

const jobDefinition: Required<SchemaDefinition<Omit<BulkJobRecord, '_id'>>> = {
  action: { type: String, required: true, enum: BULK_ACTIONS },
  order: { type: mixed, required: true },
  total: number,
  succeeded: number,
  failed: number,
  open: Boolean,
  claim: mixed,
  createdBy: { type: Schema.Types.ObjectId, required: true },
  requestId: String,
  address: String,
  device: String,
  createdAt: { type: Date, required: true },
  startedAt: Date,
  finishedAt: Date,
};

const stepDefinition: Required<SchemaDefinition<BulkStepRecord>> = {
  _id: { type: String, required: true },
  job: { type: Schema.Types.ObjectId, required: true },
  place: number,
  article: { type: String, required: true },
  version: number,
  status: { type: String, required: true, enum: BULK_ITEM_STATES },
  newVersion: Number,
  error: mixed,
};

const jobSchema = new Schema<BulkJobRecord>(jobDefinition, STORAGE);
const stepSchema = new Schema<BulkStepRecord>(stepDefinition, STORAGE);

export const bulkJobModel = (db: Connection): Model<BulkJobRecord> =>
  db.model<BulkJobRecord>('BulkJob', jobSchema, 'bulkJobs');

export const bulkStepModel = (db: Connection): Model<BulkStepRecord> =>
  db.model<BulkStepRecord>('BulkStep', stepSchema, 'bulkSteps');
