import type { Section } from './sections.contract.ts';
import type { SectionRecord } from './sections.model.ts';

export const presentSection = (record: SectionRecord): Section => ({
  id: String(record._id),
  version: record.version,
  name: record.name,
  slug: record.slug,
  parent: record.parent && String(record.parent),
  createdAt: record.createdAt.toISOString(),
  modifiedAt: record.modifiedAt.toISOString(),
});
