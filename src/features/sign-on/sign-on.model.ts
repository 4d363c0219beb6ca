import { type Connection, type Model, Schema, type SchemaDefinition } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** A single sign-on that somebody has begun. It is taken away when they come back, so that it serves once. */
export interface FlowRecord {
  /** Hash of the cookie in the browser in which it began. */
  _id: string;
  /** Hash of the `state` that the provider gives back. */
  state: string;
  /** Nonce and code verifier, encrypted for this record. */
  sealed: string;
  /** Path of ours to end at. */
  returnTo: string | null;
  createdAt: Date;
  expiresAt: Date;
}

const definition: Required<SchemaDefinition<FlowRecord>> = {
  _id: { type: String, required: true },
  state: { type: String, required: true },
  sealed: { type: String, required: true },
  returnTo: String,
  createdAt: { type: Date, required: true },
  expiresAt: { type: Date, required: true },
};

const schema = new Schema<FlowRecord>(definition, STORAGE);

export const flowModel = (db: Connection): Model<FlowRecord> =>
  db.model<FlowRecord>('SignOnFlow', schema, 'signOnFlows');
