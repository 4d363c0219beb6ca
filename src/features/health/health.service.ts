import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { unavailable } from '../../core/errors.ts';
import { isMigrated } from '../../db/migrate.ts';

/** Where the process stands. The entry file sets `draining` when it is told to stop. */
export interface Lifecycle {
  draining: boolean;
}

const PATIENCE_MS = 1_000;
const REMEMBER_MS = 1_000;
/** A question to a store on another machine, which may cost money; and one that is down is not asked faster. */
const REMEMBER_STORAGE_MS = 10_000;

export type HealthService = ReturnType<typeof createHealthService>;

/** Liveness needs no service: whoever can answer is alive. */
export function createHealthService(deps: {
  db: Connection;
  lifecycle: Readonly<Lifecycle>;
  /** Rejects when no picture can be stored now. */
  checkStorage: () => Promise<void>;
  /** Whether an index has not followed for long. */
  searchIsBehind: () => boolean;
}) {
  const { db, lifecycle, checkStorage, searchIsBehind } = deps;
  let migrated = false;
  const databaseReady = remembered(() => within(PATIENCE_MS, probe), REMEMBER_MS);
  const storageReady = remembered(
    () => within(PATIENCE_MS, () => checkStorage().then(() => true)),
    REMEMBER_STORAGE_MS,
  );
  return { requireReady, missing };

  /**
   * What does not work although requests are served: stories are written and read without a place for pictures, and
   * without a search.
   */
  async function missing(): Promise<('media' | 'search')[]> {
    return [
      ...((await storageReady()) ? [] : ['media' as const]),
      ...(searchIsBehind() ? ['search' as const] : []),
    ];
  }

  /** @throws DomainError `unavailable` without a word of why: the log of the operator's tools says that. */
  async function requireReady(): Promise<void> {
    if (lifecycle.draining || !(await databaseReady())) throw unavailable('Not ready.');
  }

  async function probe(): Promise<boolean> {
    const hello = await db.db?.command({ hello: 1 }, { timeoutMS: PATIENCE_MS });
    if (hello?.isWritablePrimary !== true) return false;
    // Once is enough: migrations are never undone, and a newer build may add to them while we still serve.
    migrated ||= await isMigrated(db);
    return migrated;
  }
}

/** False when the question fails, or when its answer takes longer. */
async function within(ms: number, ask: () => Promise<boolean>): Promise<boolean> {
  const timer = new AbortController();
  const tooLate = delay(ms, false, { signal: timer.signal, ref: false }).catch(() => false);
  try {
    return await Promise.race([ask().catch(() => false), tooLate]);
  } finally {
    timer.abort();
  }
}

/** Asks once for all who ask at the same time, and keeps the answer for a while: probes cost nobody anything. */
function remembered(ask: () => Promise<boolean>, forMs: number): () => Promise<boolean> {
  let answer: Promise<boolean> | null = null;
  let forgetAt = 0;
  return () => {
    if (answer && performance.now() < forgetAt) return answer;
    forgetAt = Number.POSITIVE_INFINITY;
    answer = ask().finally(() => {
      forgetAt = performance.now() + forMs;
    });
    return answer;
  };
}
