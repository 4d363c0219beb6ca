import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { SCOPES, type Scope } from '../../contract/roles.ts';
import { STORAGE } from '../../db/model.ts';

export interface KeyRecord {
  _id: Types.ObjectId;
  version: number;
  name: string;
  /** What names are searched by. */
  nameKey: string;
  scopes: Scope[];
  /** Requests a minute. */
  rate: number;
  /** The admin who answers for it. */
  owner: Types.ObjectId;
  /** SHA-256 of the whole key; `null` once revoked. The key itself is kept nowhere. */
  hash: string | null;
  /** The hash before the last rotation, good until `formerUntil`. */
  formerHash: string | null;
  formerUntil: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** Noted at most once a minute, without raising `version`. */
  lastUsedAt: Date | null;
  lastUsedFrom: string | null;
  createdAt: Date;
  modifiedAt: Date;
}

const definition: Required<SchemaDefinition<Omit<KeyRecord, '_id'>>> = {
  version: { type: Number, required: true },
  name: { type: String, required: true },
  nameKey: { type: String, required: true },
  scopes: { type: [String], required: true, enum: SCOPES },
  rate: { type: Number, required: true },
  owner: { type: Schema.Types.ObjectId, required: true },
  hash: String,
  formerHash: String,
  formerUntil: Date,
  expiresAt: Date,
  revokedAt: Date,
  lastUsedAt: Date,
  lastUsedFrom: String,
  createdAt: { type: Date, required: true },
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<KeyRecord>(definition, STORAGE);

/** Revoked keys stay, so that whatever names one in the audit log still tells whose it was. */
export const keyModel = (db: Connection): Model<KeyRecord> =>
  db.model<KeyRecord>('ApiKey', schema, 'apiKeys');
