import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** A public key credential (W3C Web Authentication, level 3) of one person. */
export interface PasskeyRecord {
  _id: Types.ObjectId;
  version: number;
  user: Types.ObjectId;
  name: string;
  /** The authenticator's id of it, in base64url: unique over all persons. */
  credential: string;
  /** COSE key in base64url; it is public. */
  publicKey: string;
  /** Signature counter at its last use; 0 for those that do not count. Changes without raising `version`. */
  counter: number;
  transports: string[];
  /** Whether it is copied to other devices of its owner. */
  backedUp: boolean;
  createdAt: Date;
  modifiedAt: Date;
  lastUsedAt: Date | null;
}

const passkeyDefinition: Required<SchemaDefinition<Omit<PasskeyRecord, '_id'>>> = {
  version: { type: Number, required: true },
  user: { type: Schema.Types.ObjectId, required: true },
  name: { type: String, required: true },
  credential: { type: String, required: true },
  publicKey: { type: String, required: true },
  counter: { type: Number, required: true },
  transports: { type: [String], required: true },
  backedUp: { type: Boolean, required: true },
  createdAt: { type: Date, required: true },
  modifiedAt: { type: Date, required: true },
  lastUsedAt: Date,
};

/** What a challenge was given out for; it is good for nothing else. */
export const CHALLENGE_PURPOSES = ['registration', 'sign_in', 'second_factor'] as const;
export type ChallengePurpose = (typeof CHALLENGE_PURPOSES)[number];

export interface ChallengeRecord {
  /** SHA-256 of the challenge. */
  _id: string;
  purpose: ChallengePurpose;
  /** For whom; `null` where nobody has said who they are. */
  user: Types.ObjectId | null;
  /** The session or the begun sign-in that asked for it, by its id; no other may answer. */
  asker: string | null;
  expiresAt: Date;
}

const challengeDefinition: Required<SchemaDefinition<ChallengeRecord>> = {
  _id: { type: String, required: true },
  purpose: { type: String, required: true, enum: CHALLENGE_PURPOSES },
  user: Schema.Types.ObjectId,
  asker: String,
  expiresAt: { type: Date, required: true },
};

const passkeySchema = new Schema<PasskeyRecord>(passkeyDefinition, STORAGE);
const challengeSchema = new Schema<ChallengeRecord>(challengeDefinition, STORAGE);

export const passkeyModel = (db: Connection): Model<PasskeyRecord> =>
  db.model<PasskeyRecord>('Passkey', passkeySchema, 'passkeys');

export const challengeModel = (db: Connection): Model<ChallengeRecord> =>
  db.model<ChallengeRecord>('PasskeyChallenge', challengeSchema, 'passkeyChallenges');
