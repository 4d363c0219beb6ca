import type { Tx } from '../../db/transaction.ts';
import { mediaIn, withoutMedia } from '../../schema/index.ts';
import type { ArticlePatch } from './articles.contract.ts';
import type { ReferenceDeps } from './references.ts';

/** A change without what it names and is not there any more, and the ids of that. */
export async function withoutGone(
  tx: Tx,
  { lookups }: Pick<ReferenceDeps, 'lookups'>,
  change: ArticlePatch,
): Promise<{ readonly change: ArticlePatch; readonly gone: readonly string[] }> {
  const { tags = [], authors = [], section, hero, body } = change;
  const named = {
    tags,
    authors,
    sections: section ? [section] : [],
    media: [...(hero ? [hero.media] : []), ...(body ? mediaIn(body) : [])],
  };
  const gone = new Set<string>();
  for (const kind of ['tags', 'authors', 'sections', 'media'] as const) {
    if (named[kind].length === 0) continue;
    const there = await lookups[kind].existing(named[kind], tx.session);
    for (const id of named[kind]) if (!there.has(id)) gone.add(id);
  }
  if (gone.size === 0) return { change, gone: [] };
  const left = (ids: readonly string[]) => ids.filter((id) => !gone.has(id));
  return {
    gone: [...gone],
    change: {
      ...change,
      ...(change.tags ? { tags: left(tags) } : {}),
      ...(change.authors ? { authors: left(authors) } : {}),
      ...(section && gone.has(section) ? { section: null } : {}),
      ...(hero && gone.has(hero.media) ? { hero: null } : {}),
      ...(body ? { body: withoutMedia(body, gone) } : {}),
    },
  };
}
