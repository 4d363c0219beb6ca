import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { DomainError } from '../../../core/errors.ts';
import { type Batch, busy, type Found, type Question } from '../search-index.ts';
import { startWorker as begin, type Order, type WorkerData } from './orders.ts';
import { createThread, type Thread } from './thread.ts';

/** More that wait for one thread are told to come again: they would wait too long. */
const MOST_WAITING = 50;
/** On a machine that is busy with other things it waits for its turn, behind everything else: that is no reason to start more. */
const READER_STUCK_MS = 10_000;
/** A merge of the index or a lock that another process holds is long, and yet it ends. */
const WRITER_STUCK_MS = 60_000;
/** What SQLite may keep of all files in all threads: more made no question faster. */
const WRITER_CACHE_KB = 16_000;
const READERS_CACHE_KB = 48_000;

export interface ThreadsDeps {
  readonly directory: string;
  readonly files: readonly string[];
  /** How many of them answer questions, at most. */
  readonly readers: number;
  readonly log: Logger;
  /** How long a question may take before whoever asked is told to come again. */
  readonly patienceMs: number;
  readonly startWorker?: (data: WorkerData) => Worker;
  /** A reader that answers nothing for so long is left to itself. */
  readonly stuckMs?: number;
}

export type Threads = ReturnType<typeof createThreads>;

/**
 * One thread that writes the index files, and some that answer from them beside it: in WAL mode nobody waits for a
 * writer. They are started when there is something to do, the second reader when the first has more than one question.
 */
export function createThreads(deps: ThreadsDeps) {
  const { directory, files, log, patienceMs, startWorker = begin, stuckMs = READER_STUCK_MS } = deps;
  const start = (role: WorkerData['role'], cacheKb: number) => (left: SharedArrayBuffer) =>
    startWorker({ role, directory, files, cacheKb: Math.floor(cacheKb / files.length), left });
  const readers = Array.from({ length: deps.readers }, (_none, at) =>
    createThread({
      ...{ name: `search thread ${at + 1}`, log, stuckMs },
      start: start('reader', READERS_CACHE_KB / deps.readers),
    }),
  );
  const writer = createThread({
    ...{ name: 'thread of the search index', log, stuckMs: WRITER_STUCK_MS },
    start: start('writer', WRITER_CACHE_KB),
    // The next one may find the file damaged and make another: no reader may stay with this one.
    onEnd: () => {
      for (const reader of readers) reader.retire();
    },
  });
  const withdrawals = new Set<Promise<unknown>>();
  let asking = 0;
  return { readers: readers.length, apply, order, ask, close };

  function order<T>(name: string, verb: Order['verb'], argument?: unknown): Promise<T> {
    return writer.order<T>({ name, verb, argument });
  }

  /** A batch that only takes stories out is done for every question that is asked after this was called. */
  function apply(name: string, batch: Batch): Promise<void> {
    const done = order<void>(name, 'apply', batch);
    if (batch.put.length > 0 || batch.remove.length === 0) return done;
    const settled = done.catch(() => undefined).finally(() => withdrawals.delete(settled));
    withdrawals.add(settled);
    return done;
  }

  /** @throws DomainError `unavailable` when too many wait, or the answer takes too long. */
  async function ask(name: string, question: Question): Promise<Found | null> {
    if (asking >= MOST_WAITING * readers.length) throw busy();
    asking += 1;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(busy()), patienceMs);
    });
    try {
      return await Promise.race([answer(name, question), late]);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      log.error({ err: error }, 'search: a question failed');
      throw busy(error);
    } finally {
      clearTimeout(timer);
      asking -= 1;
    }
  }

  async function answer(name: string, question: Question): Promise<Found | null> {
    const until = Date.now() + patienceMs;
    await writer.opened();
    await Promise.all(withdrawals);
    const reader = leastBusy(readers);
    if (!reader || reader.load() >= MOST_WAITING) throw busy();
    return reader.order({ name, verb: 'query', argument: question, until });
  }

  async function close(): Promise<void> {
    // The last one to close tidies the file up, which a reader must not.
    await Promise.all(readers.map((reader) => reader.close()));
    await writer.close();
  }
}

/** One that does not run yet is as good as one with a question: it is started when all others have two. */
function leastBusy(readers: readonly Thread[]): Thread | undefined {
  const loadOf = (reader: Thread) => (reader.runs() ? reader.load() : 1.5);
  return [...readers].sort((a, b) => loadOf(a) - loadOf(b))[0];
}
