import { LRUCache } from 'lru-cache';
import type { Connection, Types } from 'mongoose';
import { pageRows, type StoryPageRecord, type WordsRecord } from './story-pages.model.ts';

/** Of letters: a story of ordinary length has some seven thousand, the places of its words included. */
const MOST = 8 * 2 ** 20;
/** What one costs beside its letters, in as many: of one-line stories there would be hundreds of thousands. */
const EACH = 500;

/** A finished page, with the number of its words instead of them. */
export interface NumberedRow extends Pick<StoryPageRecord, '_id' | 'era'> {
  readonly words?: Pick<WordsRecord, 'number'>;
}

/** Rows for `createReadWords`, beside whatever else is read of them. */
export const NUMBERED = { era: 1, 'words.number': 1 } as const;

/** All that words are of: what is published under a number never changes, and each era may read texts in a way of its own. */
const placeOf = ({ _id, era, words }: NumberedRow): string => `${era} ${_id} ${words?.number}`;

/**
 * The words that hits are highlighted in. They are the most of what a search reads again, and the only part of it that no
 * change of names, pictures or places touches: those of the hits that come again and again are remembered, up to a bound.
 */
export function createReadWords(db: Connection, options: object) {
  const known = new LRUCache<string, WordsRecord>({
    maxSize: MOST,
    sizeCalculation: ({ headline, text, places }) =>
      EACH + headline.length + text.length + places.headline.length + places.text.length,
  });
  return { wordsOf, clear: () => known.clear() };

  /** By the story's id; none where the page has gone, or has become that of another publication, since its row was read. */
  async function wordsOf(rows: readonly NumberedRow[]): Promise<ReadonlyMap<string, WordsRecord>> {
    const words = new Map<string, WordsRecord>();
    const unknown = new Map<string, Types.ObjectId>();
    for (const row of rows) {
      const place = placeOf(row);
      const remembered = known.get(place);
      if (remembered) words.set(String(row._id), remembered);
      else unknown.set(place, row._id);
    }
    for (const row of await load([...unknown.values()])) {
      const place = placeOf(row);
      if (!row.words || !unknown.has(place)) continue;
      known.set(place, row.words);
      words.set(String(row._id), row.words);
    }
    return words;
  }

  async function load(ids: readonly Types.ObjectId[]): Promise<readonly StoryPageRecord[]> {
    if (ids.length === 0) return [];
    const projection = { era: 1, words: 1 };
    return pageRows(db)
      .find({ _id: { $in: [...ids] } }, { projection, ...options })
      .toArray();
  }
}
