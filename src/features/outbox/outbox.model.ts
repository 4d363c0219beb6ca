import { type Connection, type Model, Schema } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** One event for the world outside the transaction. `seq` is absent until the sequencer has numbered it (`pending`). */
export interface OutboxRecord {
  _id: string;
  at: Date;
  type: string;
  subject: string;
  data: Record<string, unknown>;
  pending?: true;
  seq?: number;
}

const schema = new Schema<OutboxRecord>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    type: { type: String, required: true },
    subject: { type: String, required: true },
    data: { type: Schema.Types.Mixed, required: true },
    pending: Boolean,
    seq: Number,
  },
  STORAGE,
);

export const outboxModel = (db: Connection): Model<OutboxRecord> =>
  db.model<OutboxRecord>('Outbox', schema, 'outbox');
