import type { Author } from './authors.contract.ts';
import type { AuthorRecord } from './authors.model.ts';

export const presentAuthor = (record: AuthorRecord): Author => ({
  id: String(record._id),
  version: record.version,
  name: record.name,
  slug: record.slug,
  bio: record.bio,
  user: record.user && String(record.user),
  createdAt: record.createdAt.toISOString(),
  modifiedAt: record.modifiedAt.toISOString(),
});
