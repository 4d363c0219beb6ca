import type { ArticleRecord } from './articles.model.ts';

/** What stands in a story and is no part of its text: who is editing it, and whether rights to its pictures have ended. */
export const BESIDE_TEXT = ['lock', 'fences', 'lapsedMedia', 'rightsLapsedAt'] as const;

type Snapshot = Omit<ArticleRecord, (typeof BESIDE_TEXT)[number]>;

/** What the history keeps of a story. */
export function snapshotOf(story: ArticleRecord): Snapshot {
  const kept: Partial<ArticleRecord> = { ...story };
  for (const name of BESIDE_TEXT) delete kept[name];
  return kept as Snapshot;
}
