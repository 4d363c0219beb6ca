import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import type { Duty, Role } from '../../contract/roles.ts';
import { ROLES } from '../../contract/roles.ts';
import { STORAGE } from '../../db/model.ts';

/** Who somebody is at the provider of single sign-on. */
export interface SignOn {
  issuer: string;
  subject: string;
  /** The account came into being by single sign-on: without a group that is mapped it is closed. */
  madeAccount: boolean;
}

/** A change of address that waits for the links in two mails. */
export interface EmailChange {
  email: string;
  /** The link to the new address, and the one to the address so far, each by its id. */
  confirmation: string;
  approval: string;
  confirmedAt: Date | null;
  approvedAt: Date | null;
  expiresAt: Date;
}

export interface UserRecord {
  _id: Types.ObjectId;
  version: number;
  email: string;
  name: string;
  role: Role;
  duties: Duty[];
  active: boolean;
  /** When the invitation was accepted, or the account was made with a password; `null` while it is only invited. */
  joinedAt: Date | null;
  /** `null` for those who were invited and have set none yet, and for those who sign on elsewhere. */
  passwordHash: string | null;
  /** Whether there is an authenticator app or a passkey: kept in step by `../second-factor`. */
  secondFactor: boolean;
  /** IANA name; `null`: the site's. */
  timeZone: string | null;
  emailChange?: EmailChange | null;
  /** Absent for those who never signed on. */
  signOn?: SignOn;
  /** Raised whenever every token of this person must die. */
  tokenVersion: number;
  lastSignInAt: Date | null;
  createdAt: Date;
  modifiedAt: Date;
}

const signOnDefinition: Required<SchemaDefinition<SignOn>> = {
  issuer: { type: String, required: true },
  subject: { type: String, required: true },
  madeAccount: { type: Boolean, required: true },
};

const emailChangeDefinition: Required<SchemaDefinition<EmailChange>> = {
  email: { type: String, required: true },
  confirmation: { type: String, required: true },
  approval: { type: String, required: true },
  confirmedAt: Date,
  approvedAt: Date,
  expiresAt: { type: Date, required: true },
};

const definition: Required<SchemaDefinition<Omit<UserRecord, '_id'>>> = {
  version: { type: Number, required: true },
  email: { type: String, required: true },
  name: { type: String, required: true },
  role: { type: String, required: true, enum: ROLES },
  duties: { type: [String], required: true },
  active: { type: Boolean, required: true },
  joinedAt: Date,
  passwordHash: String,
  secondFactor: { type: Boolean, required: true },
  timeZone: String,
  emailChange: new Schema<EmailChange>(emailChangeDefinition, { ...STORAGE, _id: false }),
  signOn: new Schema<SignOn>(signOnDefinition, { ...STORAGE, _id: false }),
  tokenVersion: { type: Number, required: true },
  lastSignInAt: Date,
  createdAt: { type: Date, required: true },
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<UserRecord>(definition, STORAGE);

export const userModel = (db: Connection): Model<UserRecord> => db.model<UserRecord>('User', schema, 'users');
