import { asSent, costOf, type Page } from '../../http/page.ts';
import type { ListedRecord, StoryPageRecord, WordsRecord } from './story-pages.model.ts';

/** What is finished of a story. */
export interface Finished {
  readonly page: Page;
  readonly listed: ListedRecord;
  /** `null` where those that are kept are still right. */
  readonly words: WordsRecord | null;
}

/** As the database keeps it. */
export function rowOf({ page, listed, words }: Finished) {
  const { tag, lastModified, keys, plain } = page;
  const { body, lines } = plain;
  return {
    ...{ tag, keys, lines, body, listed },
    ...(words === null ? {} : { words }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

/** As it is sent; `null` for one that has not been made yet. */
export function pageOfRow({ tag, lastModified, keys, lines, body }: StoryPageRecord): Page | null {
  if (tag === undefined || !keys || !lines || !body) return null;
  return {
    ...{ tag, keys, lastModified, smaller: null, keptMs: 0 },
    // A copy: what the driver gives is a part of everything that came with it.
    plain: asSent({ coding: 'identity', etag: `"${tag}"`, body: Buffer.from(body), lines }),
    bytes: costOf(body, keys),
  };
}
