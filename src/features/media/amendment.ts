import type { MediaAmendment } from './amendment.contract.ts';
import type { MediaPatch } from './media.contract.ts';

interface Listed {
  readonly keywords?: readonly string[];
  readonly collections?: readonly unknown[];
}

const mended = (
  now: readonly string[],
  { add = [], remove = [] }: { add?: readonly string[] | undefined; remove?: readonly string[] | undefined },
): string[] => [...new Set([...now, ...add])].filter((one) => !remove.includes(one));

/** What an amendment comes to for one picture. */
export function patchOf(item: Listed, amendment: MediaAmendment): MediaPatch {
  const { addKeywords, removeKeywords, addCollections, removeCollections, ...plain } = amendment;
  const keywords = plain.keywords ?? item.keywords ?? [];
  const collections = plain.collections ?? (item.collections ?? []).map(String);
  return {
    ...plain,
    ...(addKeywords || removeKeywords
      ? { keywords: mended(keywords, { add: addKeywords, remove: removeKeywords }) }
      : {}),
    ...(addCollections || removeCollections
      ? { collections: mended(collections, { add: addCollections, remove: removeCollections }) }
      : {}),
  };
}
