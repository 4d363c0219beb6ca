import { withoutMedia } from '../../schema/index.ts';
import type { ArticlePatch } from './articles.contract.ts';

/** A change without what it names of these ids. */
export function withoutGone(change: ArticlePatch, ids: readonly string[]): ArticlePatch {
  const gone = new Set(ids);
  if (gone.size === 0) return change;
  const { tags, authors, section, hero, body } = change;
  const left = (named: readonly string[]) => named.filter((id) => !gone.has(id));
  return {
    ...change,
    ...(tags ? { tags: left(tags) } : {}),
    ...(authors ? { authors: left(authors) } : {}),
    ...(section && gone.has(section) ? { section: null } : {}),
    ...(hero && gone.has(hero.media) ? { hero: null } : {}),
    ...(body ? { body: withoutMedia(body, gone) } : {}),
  };
}
