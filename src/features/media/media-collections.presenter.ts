import type { MediaCollection } from './media-collections.contract.ts';
import type { MediaCollectionRecord } from './media-collections.model.ts';

export const presentMediaCollection = (record: MediaCollectionRecord): MediaCollection => ({
  id: String(record._id),
  version: record.version,
  name: record.name,
  description: record.description,
  createdAt: record.createdAt.toISOString(),
  modifiedAt: record.modifiedAt.toISOString(),
});
