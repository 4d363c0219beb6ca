import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { startRounds, type Worker } from '../../core/rounds.ts';
import { type Lease, withLease } from '../../db/lease.ts';
import { mediaModel } from './media.model.ts';
import { isPassing, keysOf, type Storage } from './storage.ts';

const BATCH = 500;
/** So many strangers among the files are no accident but another newsroom's pictures. */
const MANY = 100;

/** A row follows its files within a transaction's lifetime of two minutes; nothing is swept that may get one. */
const OLDER_THAN_MS = 5 * 60_000;
const EVERY_MS = 4 * 60_000;
const LEASE_MS = 60_000;

export interface Swept {
  /** Files removed: without a row, and uploads that never ended. */
  readonly removed: number;
  /** Files without a row that were left alone, because they are more than those that have one. */
  readonly suspicious: number;
}

export type Sweep = (olderThanMs: number) => Promise<Swept>;

/**
 * Removes what a crash left behind: stored files without a row, and files in `scratch`, both older than
 * `olderThanMs`. Where most files have no row, the database is likely the wrong one (a restored or an empty one on this
 * data directory): then nothing stored is removed.
 */
export function createMediaSweep(deps: {
  db: Connection;
  storage: Storage;
  scratch: string;
  /** The keys of other files that are needed, among files of these names. */
  alsoNeeded: (names: readonly string[]) => Promise<string[]>;
}): Sweep {
  const { db, storage, scratch, alsoNeeded } = deps;
  const Items = mediaModel(db);

  return async (olderThanMs) => {
    const before = Date.now() - olderThanMs;
    const abandoned = await abandonedIn(scratch, before);
    for (const path of abandoned) await rm(path, { force: true });
    // One process goes through what all of them store: a bucket of a million objects is a thousand questions.
    const swept = await withLease(db, 'media sweep', LEASE_MS, (lease) => sweepStored(olderThanMs, lease));
    const { removed, suspicious } = swept ?? { removed: 0, suspicious: 0 };
    return { removed: abandoned.length + removed, suspicious };
  };

  async function sweepStored(olderThanMs: number, lease: Lease): Promise<Swept> {
    const { orphans, kept } = await sorted(olderThanMs, lease);
    // Parts of uploads that were given up are many, and nobody's pictures.
    const strangers = orphans.filter((key) => !isPassing(key)).length;
    const suspicious = strangers > MANY && strangers > kept ? strangers : 0;
    const doomed = suspicious > 0 ? orphans.filter(isPassing) : orphans;
    for (const key of doomed) await storage.remove(key);
    return { removed: doomed.length, suspicious };
  }

  async function sorted(olderThanMs: number, lease: Lease): Promise<{ orphans: string[]; kept: number }> {
    const orphans: string[] = [];
    let kept = 0;
    for await (const keys of oldKeys(olderThanMs)) {
      await lease.renew();
      const known = await knownAmong(keys);
      orphans.push(...keys.filter((key) => !known.has(key)));
      kept += known.size;
    }
    return { orphans, kept };
  }

  async function* oldKeys(olderThanMs: number): AsyncGenerator<string[]> {
    let batch: string[] = [];
    for await (const { key, ageMs } of storage.list()) {
      if (ageMs <= olderThanMs) continue;
      batch.push(key);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  /** Uses the indexes `original` and `rendition`. */
  async function knownAmong(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const names = keys.map((key) => key.replace(/^.*\//, '').replace(/\..*$/, ''));
    const items = await Items.find(
      { $or: [{ original: { $in: names } }, { 'renditions.key': { $in: names } }] },
      { original: 1, renditions: 1 },
    ).lean();
    const stored = new Set([...items.flatMap(keysOf), ...(await alsoNeeded(names))]);
    return new Set(keys.filter((key) => stored.has(key)));
  }
}

async function abandonedIn(directory: string, before: number): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ name }) => join(directory, name));
  const ages = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return paths.filter((_path, index) => (ages[index]?.mtimeMs ?? before) < before);
}

/** Sweeps every four minutes until it is stopped, so that nothing is left behind for longer than ten. */
export function startMediaSweep({ sweep, log }: { sweep: Sweep; log: Logger }): Worker {
  return startRounds({
    ...{ name: 'media sweep', log, troubleMs: EVERY_MS },
    round: async () => {
      tell(await sweep(OLDER_THAN_MS));
      return EVERY_MS;
    },
  });

  function tell(swept: Swept): void {
    if (swept.removed > 0) log.info(swept, 'media sweep: removed what was left behind');
    if (swept.suspicious > 0) {
      log.warn(
        swept,
        'media sweep: most stored pictures have no row. Is this the database of this data directory? Nothing was removed.',
      );
    }
  }
}
