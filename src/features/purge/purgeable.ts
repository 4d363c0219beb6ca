/** Pages that are kept, as far as somebody who hears of changes needs them. */
export interface Purgeable {
  /**
   * `at` is a moment of the database by which the change was committed; after a commit that a failing database was asked
   * for twice, none may be known.
   */
  purge(keys: readonly string[], at: bigint | undefined): void;
  purgeAll(): void;
  watched(now: 'live' | 'blind' | 'off'): void;
}

/** All of them as one. */
export const together = (all: readonly Purgeable[]): Purgeable => ({
  purge: (keys, at) => {
    for (const pages of all) pages.purge(keys, at);
  },
  purgeAll: () => {
    for (const pages of all) pages.purgeAll();
  },
  watched: (now) => {
    for (const pages of all) pages.watched(now);
  },
});
