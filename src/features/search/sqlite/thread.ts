import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { unavailable } from '../../../core/errors.ts';

export interface WorkerData {
  readonly directory: string;
  readonly files: readonly string[];
}

export interface Order {
  readonly number: number;
  readonly name: string;
  readonly verb: 'apply' | 'query' | 'position' | 'count' | 'clear' | 'close';
  readonly argument?: unknown;
}

export type Reply =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly error: string };

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** More that wait than these are told to come again: they would wait too long. */
const MOST_WAITING = 50;
/** A thread that answers nothing for so long is stuck, and another takes its place. */
const STUCK_MS = 10_000;

const busy = (cause?: unknown) => unavailable('Search is busy. Try again shortly.', cause);

export interface ThreadDeps extends WorkerData {
  readonly log: Logger;
  /** How long a question may take before whoever asked is told to come again. */
  readonly patienceMs: number;
}

export type Thread = ReturnType<typeof createThread>;

/**
 * The thread beside this one in which SQLite works, since each of its calls takes its whole thread. It is started by
 * the first order, and again by the next when it has died.
 */
export function createThread({ directory, files, log, patienceMs }: ThreadDeps) {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let closed = false;
  let last = 0;
  let heard = performance.now();
  return { order, ask, close };

  function running(): Worker {
    if (closed) throw unavailable('Search is closed.');
    worker ??= begin();
    return worker;
  }

  function begin(): Worker {
    const data: WorkerData = { directory, files };
    const begun = startWorker(data);
    begun.on('message', settle);
    begun.on('error', (err) => log.error({ err }, 'the search thread failed'));
    begun.on('exit', () => {
      if (worker === begun) worker = null;
      for (const { reject } of waiting.values()) reject(busy());
      waiting.clear();
    });
    // What else runs decides how long the program lives.
    begun.unref();
    heard = performance.now();
    return begun;
  }

  function settle(reply: Reply): void {
    heard = performance.now();
    const one = waiting.get(reply.number);
    waiting.delete(reply.number);
    if ('error' in reply) one?.reject(new Error(reply.error));
    else one?.resolve(reply.result as never);
  }

  /** Has something done; it is posted before this returns, so that later orders find it done. */
  function order<T>(name: string, verb: Order['verb'], argument?: unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve: resolve as Waiting['resolve'], reject });
      running().postMessage({ number: last, name, verb, argument } satisfies Order);
    });
  }

  /** @throws DomainError `unavailable` when too many wait, or the answer takes too long. */
  async function ask<T>(name: string, verb: Order['verb'], argument?: unknown): Promise<T> {
    if (waiting.size >= MOST_WAITING) throw busy();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        replaceStuck();
        reject(busy());
      }, patienceMs);
    });
    return Promise.race([order<T>(name, verb, argument), late]).finally(() => clearTimeout(timer));
  }

  function replaceStuck(): void {
    if (performance.now() - heard < STUCK_MS) return;
    log.error('the search thread is stuck: another one takes its place');
    void worker?.terminate();
  }

  async function close(): Promise<void> {
    if (worker) for (const name of files) await order(name, 'close').catch(() => undefined);
    closed = true;
    await worker?.terminate();
  }
}

/** Compiled code is started as it is; from its TypeScript (tests, `npm run dev`) it has to be translated over there. */
function startWorker(workerData: WorkerData): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./worker.js', import.meta.url), { workerData });
  }
  const source = new URL('./worker.ts', import.meta.url).href;
  const script = `import('tsx/esm/api').then(({ register }) => { register(); return import('${source}'); });`;
  return new Worker(script, { eval: true, workerData });
}
