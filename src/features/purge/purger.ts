import { on } from 'node:events';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { startRounds, type Worker } from '../../core/rounds.ts';
import type { Purgeable } from './purgeable.ts';

const RETRY_MS = 250;
/** The user of `MONGODB_URI` may not watch (13), or this deployment has no change streams (40573). */
const NEVER = new Set([13, 40573]);
const NEVER_MS = 3_600_000;

export interface Purger extends Worker {
  /** Settles when changes are heard of for the first time. */
  readonly ready: Promise<void>;
}

interface Change {
  readonly ns: { readonly coll: string };
  readonly documentKey: { readonly _id: unknown };
  readonly clusterTime: { toBigInt(): bigint };
  readonly fullDocument?: { readonly data?: { readonly surrogateKeys?: readonly string[] } };
}

const HEARD = [
  {
    $match: {
      $or: [{ 'ns.coll': 'outbox', operationType: 'insert' }, { 'ns.coll': 'settings' }],
    },
  },
  { $project: { ns: 1, documentKey: 1, clusterTime: 1, 'fullDocument.data.surrogateKeys': 1 } },
];

/**
 * Hears of every change that any process commits, and purges what it makes wrong. The outbox tells the keys; a change of
 * the settings may be in every page. After a time of hearing nothing everything goes.
 */
export function startPurger(deps: {
  db: Connection;
  pages: Purgeable;
  /** Drops what this process remembers of the settings. */
  forgetSettings: () => void;
  log: Logger;
}): Purger {
  const { db, pages, forgetSettings, log } = deps;
  let heard = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const rounds = startRounds({
    ...{ name: 'purger', log },
    round: async (stopping) => {
      const goOn = await listen(stopping).then(
        () => true,
        (err: unknown) => stopping.aborted || recover(err),
      );
      return goOn ? RETRY_MS : NEVER_MS;
    },
    leave: async () => heard(),
  });
  return { ready, stop: rounds.stop };

  async function listen(stopping: AbortSignal): Promise<void> {
    const stream = requireDb().watch(HEARD);
    // The driver tells a first position as soon as the stream is open: from here on nothing is missed.
    stream.once('resumeTokenChanged', () => {
      pages.purgeAll();
      pages.watched('live');
      heard();
    });
    try {
      // To ask for the next one would keep whoever stops us waiting for the second that mongod holds a question.
      for await (const [change] of on(stream, 'change', { signal: stopping })) apply(change as Change);
    } finally {
      await stream.close().catch(() => undefined);
    }
  }

  function requireDb() {
    if (!db.db) throw new Error('the connection is closed');
    return db.db;
  }

  function apply({ ns, documentKey, clusterTime, fullDocument }: Change): void {
    if (ns.coll === 'outbox') {
      const keys = fullDocument?.data?.surrogateKeys ?? [];
      pages.purge(keys, clusterTime.toBigInt(), String(documentKey._id));
    } else {
      forgetSettings();
      pages.purgeAll();
    }
  }

  /** @returns whether trying again is of any use. */
  function recover(err: unknown): boolean {
    const isNever = NEVER.has(Number((err as { code?: unknown }).code));
    pages.watched(isNever ? 'off' : 'blind');
    if (isNever) heard();
    if (isNever) log.error({ err }, 'pages are not kept: the database does not let changes be watched');
    else log.warn({ err }, 'changes are not heard of: what is kept goes out marked stale; trying again');
    return !isNever;
  }
}
