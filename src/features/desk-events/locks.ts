import { presentLock } from '../articles/lock.ts';
import type { LockedStory } from './desk.queries.ts';
import type { Happening } from './happenings.ts';

export interface LockWatch {
  /** What has changed since the last look: taken, renewed, given back or run out. */
  changes(now: readonly LockedStory[]): Happening[];
  /** Every lock that there was at the last look, for whoever has just come. */
  standing(): Happening[];
}

const toldOf = (article: string, lock: LockedStory['lock'] | null): Happening => ({
  seq: null,
  type: 'lock.changed',
  about: { kind: 'article', id: article },
  at: new Date(),
  data: {
    article,
    ...(lock ? { by: { id: String(lock.by), name: lock.name } } : {}),
    lock: presentLock(lock),
  },
  permission: 'articles:read',
  mentions: [],
});

const isSame = (a: LockedStory['lock'], b: LockedStory['lock'] | undefined): boolean =>
  a.fence === b?.fence && a.expiresAt.getTime() === b.expiresAt.getTime();

/** Locks are no part of any log: they are compared with what they were at the last look. */
export function createLockWatch(): LockWatch {
  let known = new Map<string, LockedStory['lock']>();
  return {
    changes(now) {
      const before = known;
      known = new Map(now.map(({ article, lock }) => [article, lock]));
      const taken = now.filter(({ article, lock }) => !isSame(lock, before.get(article)));
      const gone = [...before.keys()].filter((article) => !known.has(article));
      return [
        ...taken.map(({ article, lock }) => toldOf(article, lock)),
        ...gone.map((article) => toldOf(article, null)),
      ];
    },
    standing: () => [...known].map(([article, lock]) => toldOf(article, lock)),
  };
}
