import type { AuthorRecord } from './authors.model.ts';

type Seen = Pick<AuthorRecord, '_id' | 'name' | 'slug' | 'bio'>;

/** The cache tags of a change of an author: by name they stand in stories, with all that is said of them on their page. */
export function authorKeys(before: Seen | null, after: Seen | null): string[] {
  if (!before) return [];
  if (!after) return [`author-${before._id}`, `named-author-${before._id}`];
  if (before.name !== after.name || before.slug !== after.slug) return [`author-${before._id}`];
  return before.bio === after.bio ? [] : [`page-author-${before._id}`];
}
