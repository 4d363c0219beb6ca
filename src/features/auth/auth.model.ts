import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** How somebody proved who they are. */
export const SIGN_IN_METHODS = ['password', 'passkey', 'single_sign_on', 'link'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** One sign-in on one device: the family of its refresh tokens. */
export interface SessionRecord {
  _id: Types.ObjectId;
  user: Types.ObjectId;
  /** The person's at sign-in: when it is raised, the session is over, unless it was kept and raised with it. */
  tokenVersion: number;
  method: SignInMethod;
  /** Whether a second factor was shown at this sign-in, here or to the provider of the sign-on. */
  secondFactor: boolean;
  device: string;
  address: string;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
}

/** One refresh token, by its hash. A spent one is kept until it expires, so that its reuse is noticed. */
export interface RefreshTokenRecord {
  _id: string;
  session: Types.ObjectId;
  spentAt: Date | null;
  expiresAt: Date;
}

const sessionDefinition: Required<SchemaDefinition<Omit<SessionRecord, '_id'>>> = {
  user: { type: Schema.Types.ObjectId, required: true },
  tokenVersion: { type: Number, required: true },
  method: { type: String, required: true, enum: SIGN_IN_METHODS },
  secondFactor: { type: Boolean, required: true },
  device: String,
  address: String,
  createdAt: { type: Date, required: true },
  lastUsedAt: { type: Date, required: true },
  expiresAt: { type: Date, required: true },
  endedAt: Date,
};

const refreshTokenDefinition: Required<SchemaDefinition<RefreshTokenRecord>> = {
  _id: { type: String, required: true },
  session: { type: Schema.Types.ObjectId, required: true },
  spentAt: Date,
  expiresAt: { type: Date, required: true },
};

const sessionSchema = new Schema<SessionRecord>(sessionDefinition, STORAGE);
const refreshTokenSchema = new Schema<RefreshTokenRecord>(refreshTokenDefinition, STORAGE);

export const sessionModel = (db: Connection): Model<SessionRecord> =>
  db.model<SessionRecord>('Session', sessionSchema, 'sessions');

export const refreshTokenModel = (db: Connection): Model<RefreshTokenRecord> =>
  db.model<RefreshTokenRecord>('RefreshToken', refreshTokenSchema, 'refreshTokens');
