import { type Connection, type Model, Schema, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

export const HOUR_MS = 3_600_000;

/** How often a story was read within an hour, and nothing of who read it. `_id` is the story and the hour. */
export interface ReadsRecord {
  _id: string;
  article: Types.ObjectId;
  /** When the hour began; eight days later the record is swept up. */
  hour: Date;
  count: number;
}

const schema = new Schema<ReadsRecord>(
  {
    _id: { type: String, required: true },
    article: { type: Schema.Types.ObjectId, required: true },
    hour: { type: Date, required: true },
    count: { type: Number, required: true },
  },
  STORAGE,
);

export const readsModel = (db: Connection): Model<ReadsRecord> =>
  db.model<ReadsRecord>('Reads', schema, 'reads');
