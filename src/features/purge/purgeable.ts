import { LRUCache } from 'lru-cache';

/** Pages that are kept, as far as somebody who hears of changes needs them. */
export interface Purgeable {
  /**
   * `at` is a moment of the database by which the change was committed; after a commit that a failing database was asked
   * for twice, none may be known. `change` is the `_id` of its document in the outbox.
   */
  purge(keys: readonly string[], at: bigint | undefined, change: string): void;
  purgeAll(): void;
  watched(now: 'live' | 'blind' | 'off'): void;
}

const REMEMBERED = 1_000;

/**
 * All of them as one. The process that makes a change hears of it twice, when it is committed and among those of everybody:
 * what was made anew after the first time has the change in it, and stays.
 */
export function together(all: readonly Purgeable[]): Purgeable {
  const heard = new LRUCache<string, true>({ max: REMEMBERED });
  return {
    purge(keys, at, change) {
      if (heard.has(change)) return;
      heard.set(change, true);
      for (const pages of all) pages.purge(keys, at, change);
    },
    purgeAll() {
      for (const pages of all) pages.purgeAll();
    },
    watched(now) {
      for (const pages of all) pages.watched(now);
    },
  };
}
