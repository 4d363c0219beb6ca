import type { SchemaOptions } from 'mongoose';

/**
 * Storage options of every model: an unknown path is an error, versions are ours (`version`), and indexes and
 * collections are made by migrations.
 */
export const STORAGE = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  minimize: false,
} as const satisfies SchemaOptions;
