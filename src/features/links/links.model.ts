import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** What a link that came by mail is good for, and nothing else. */
export const LINK_PURPOSES = [
  'invitation',
  'password_reset',
  'email_confirmation',
  'email_approval',
] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** One link. Its secret is derived from its id and stands nowhere in the database. */
export interface LinkRecord {
  _id: Types.ObjectId;
  purpose: LinkPurpose;
  user: Types.ObjectId;
  /** The address that it was sent to. */
  email: string;
  createdAt: Date;
  expiresAt: Date;
  /** When it was used, or withdrawn. */
  endedAt: Date | null;
}

const definition: Required<SchemaDefinition<Omit<LinkRecord, '_id'>>> = {
  purpose: { type: String, required: true, enum: LINK_PURPOSES },
  user: { type: Schema.Types.ObjectId, required: true },
  email: { type: String, required: true },
  createdAt: { type: Date, required: true },
  expiresAt: { type: Date, required: true },
  endedAt: Date,
};

const schema = new Schema<LinkRecord>(definition, STORAGE);

export const linkModel = (db: Connection): Model<LinkRecord> => db.model<LinkRecord>('Link', schema, 'links');
