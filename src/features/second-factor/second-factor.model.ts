import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';
import type { SignInMethod } from '../auth/auth.model.ts';

/** The authenticator app of one person, and the guard of all their factors. Stays when they have none. */
export interface SecondFactorRecord {
  /** The person's id. */
  _id: Types.ObjectId;
  /** Raised by every change of any factor of this person: two at once meet here, and one runs again. */
  version: number;
  /** Sealed; `null` without an authenticator app. */
  secret: string | null;
  /** Sealed; shown by `setup` and good for nothing but `enable`. */
  pendingSecret: string | null;
  /** Until when `enable` takes it: what a screen showed once must not open an account later. */
  pendingUntil: Date | null;
  /** The last time step whose code was used: it and all before it are refused (RFC 6238, section 5.2). */
  lastStep: number;
  /** SHA-256 of each recovery code that is left. */
  recoveryCodes: string[];
}

const secondFactorDefinition: Required<SchemaDefinition<Omit<SecondFactorRecord, '_id'>>> = {
  version: { type: Number, required: true },
  secret: String,
  pendingSecret: String,
  pendingUntil: Date,
  lastStep: { type: Number, required: true },
  recoveryCodes: { type: [String], required: true },
};

/** A sign-in whose first step is done. Only `POST /auth/mfa` takes its token. */
export interface PendingSignInRecord {
  /** SHA-256 of the token. */
  _id: string;
  user: Types.ObjectId;
  /** The person's at the first step: when it is raised, this is over. */
  tokenVersion: number;
  /** How the first step was done. */
  method: SignInMethod;
  /** Tries so far, right ones too. */
  attempts: number;
  expiresAt: Date;
}

const pendingDefinition: Required<SchemaDefinition<PendingSignInRecord>> = {
  _id: { type: String, required: true },
  user: { type: Schema.Types.ObjectId, required: true },
  tokenVersion: { type: Number, required: true },
  method: { type: String, required: true },
  attempts: { type: Number, required: true },
  expiresAt: { type: Date, required: true },
};

const secondFactorSchema = new Schema<SecondFactorRecord>(secondFactorDefinition, STORAGE);
const pendingSchema = new Schema<PendingSignInRecord>(pendingDefinition, STORAGE);

export const secondFactorModel = (db: Connection): Model<SecondFactorRecord> =>
  db.model<SecondFactorRecord>('SecondFactor', secondFactorSchema, 'secondFactors');

export const pendingSignInModel = (db: Connection): Model<PendingSignInRecord> =>
  db.model<PendingSignInRecord>('PendingSignIn', pendingSchema, 'pendingSignIns');
