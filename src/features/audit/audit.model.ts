import { type Connection, type Model, Schema } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** One act. `seq`, `prev` and `hash` are absent until the sequencer has chained the row (`pending`). */
export interface AuditRecord {
  _id: string;
  at: Date;
  action: string;
  actor: { kind: string; id: string | null; name: string | null; role: string | null };
  target: { kind: string; id: string | null };
  before: unknown;
  after: unknown;
  requestId: string;
  address: string | null;
  device: string | null;
  pending?: true;
  seq?: number;
  prev?: string;
  hash?: string;
}

const schema = new Schema<AuditRecord>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    action: { type: String, required: true },
    actor: { type: Schema.Types.Mixed, required: true },
    target: { type: Schema.Types.Mixed, required: true },
    before: Schema.Types.Mixed,
    after: Schema.Types.Mixed,
    requestId: { type: String, required: true },
    address: String,
    device: String,
    pending: Boolean,
    seq: Number,
    prev: String,
    hash: String,
  },
  STORAGE,
);

export const auditModel = (db: Connection): Model<AuditRecord> =>
  db.model<AuditRecord>('Audit', schema, 'audit');
