import { type Connection, type Model, Schema, type SchemaDefinition } from 'mongoose';
import { STORAGE } from '../../db/model.ts';
import type { SettingsPatch } from './settings.contract.ts';

/** The one document; absent until somebody changes a setting. */
export interface SettingsRecord {
  _id: 'site';
  version: number;
  /** What was set, checked by the contract. The rest is as it comes. */
  values: SettingsPatch;
  modifiedAt: Date | null;
}

const definition: Required<SchemaDefinition<SettingsRecord>> = {
  _id: { type: String, required: true },
  version: { type: Number, required: true },
  values: { type: Schema.Types.Mixed, required: true },
  modifiedAt: { type: Date, required: true },
};

const schema = new Schema<SettingsRecord>(definition, STORAGE);

export const settingsModel = (db: Connection): Model<SettingsRecord> =>
  db.model<SettingsRecord>('Settings', schema, 'settings');
