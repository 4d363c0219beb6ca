import type { Tag } from './tags.contract.ts';
import type { TagRecord } from './tags.model.ts';

export const presentTag = (record: TagRecord): Tag => ({
  id: String(record._id),
  version: record.version,
  name: record.name,
  slug: record.slug,
  description: record.description,
  createdAt: record.createdAt.toISOString(),
  modifiedAt: record.modifiedAt.toISOString(),
});
