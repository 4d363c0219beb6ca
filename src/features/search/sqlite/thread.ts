import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { unavailable } from '../../../core/errors.ts';
import { busy } from '../search-index.ts';
import type { Order, Reply } from './orders.ts';

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** One worker from its start to its end: what it was ordered dies with it. */
interface Life {
  readonly worker: Worker;
  /** Settles when the thread has ended. */
  readonly gone: Promise<void>;
  readonly left: Int32Array;
  readonly opened: Promise<void>;
  readonly waiting: Map<number, Waiting>;
  isOpen: boolean;
  /** How many looks in a row found that it had said nothing, with something ordered of it. */
  silent: number;
}

/** How often it is looked whether a thread still answers; counted, since a clock runs on while this thread is held up. */
const LOOK_MS = 250;
/** Until a thread has its code and its files. */
const OPENING_MS = 60_000;
const CLOSING_MS = 2_000;
/** The number of an order whose reply nobody waits for. */
const NOBODYS = -1;

export type Thread = ReturnType<typeof createThread>;

/**
 * A thread beside this one in which SQLite works, since each of its calls takes its whole thread. It is started by the
 * first order, and again by the next when it has died or hung. It is never terminated: inside a call that would end the whole
 * process, since the addon cannot throw what Node then makes of it. It is told to leave, and does when its call returns.
 */
export function createThread(deps: {
  /** As the log names it. */
  readonly name: string;
  readonly start: (left: SharedArrayBuffer) => Worker;
  /** A thread that answers nothing for so long is left to itself, and another takes its place. */
  readonly stuckMs: number;
  readonly log: Logger;
  readonly onEnd?: () => void;
}) {
  const { name, start, stuckMs, log, onEnd } = deps;
  let life: Life | null = null;
  /** Those that were left to themselves are among them until they have ended. */
  const lives = new Set<Life>();
  let closed = false;
  let last = 0;
  let looking: NodeJS.Timeout | undefined;
  return { order, opened, load: () => life?.waiting.size ?? 0, runs: () => life !== null, retire, close };

  function running(): Life {
    if (closed) throw unavailable('Search is closed.');
    life ??= begin();
    return life;
  }

  function begin(): Life {
    const left = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const worker = start(left.buffer);
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const waiting: Life['waiting'] = new Map();
    const opened = new Promise<void>((resolve, reject) => waiting.set(0, { resolve, reject }));
    opened.catch(() => undefined);
    const begun: Life = { worker, gone, left, opened, waiting, isOpen: false, silent: 0 };
    lives.add(begun);
    worker.on('message', (reply: Reply) => settle(begun, reply));
    worker.on('error', (err) => log.error({ err }, `the ${name} failed`));
    worker.on('exit', () => {
      lives.delete(begun);
      end(begun);
    });
    // What else runs decides how long the program lives.
    worker.unref();
    looking ??= setInterval(look, LOOK_MS).unref();
    return begun;
  }

  function settle(begun: Life, reply: Reply): void {
    begun.silent = 0;
    if (reply.number === 0) begun.isOpen = true;
    const one = begun.waiting.get(reply.number);
    begun.waiting.delete(reply.number);
    if ('error' in reply) one?.reject(new Error(reply.error));
    else one?.resolve(reply.result as never);
  }

  function end(ended: Life): void {
    for (const { reject } of ended.waiting.values()) reject(busy());
    ended.waiting.clear();
    if (life !== ended) return;
    life = null;
    clearInterval(looking);
    looking = undefined;
    onEnd?.();
  }

  function look(): void {
    if (!life) return;
    life.silent = life.waiting.size > 0 ? life.silent + 1 : 0;
    if (life.silent * LOOK_MS < (life.isOpen ? stuckMs : OPENING_MS)) return;
    log.error(`the ${name} is stuck: another one takes its place`);
    retire();
  }

  /** Another one is started by the next order; this one ends by itself. */
  function retire(): void {
    const leaving = life;
    if (!leaving) return;
    end(leaving);
    dismiss(leaving);
  }

  /** Whatever was ordered and not begun is not carried out any more: the next thread may do it, and later things. */
  function dismiss({ worker, left }: Life): void {
    Atomics.store(left, 0, 1);
    // One that waits for an order looks.
    worker.postMessage({ verb: 'close', number: NOBODYS } satisfies Order);
  }

  /** Has something done; it is posted before this returns, so that later orders find it done. */
  function order<T>(asked: Omit<Order, 'number'>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { worker, waiting } = running();
      last += 1;
      waiting.set(last, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage({ ...asked, number: last } satisfies Order);
    });
  }

  /** Settles when the thread has its files open, which it is started for. */
  async function opened(): Promise<void> {
    await running().opened;
  }

  /** It ends when everything that was ordered is done; if that takes too long, after what it has in hand. */
  async function close(): Promise<void> {
    if (life) order({ verb: 'close' }).catch(() => undefined);
    closed = true;
    if (!(await within(CLOSING_MS, allGone()))) {
      for (const one of lives) dismiss(one);
      await within(CLOSING_MS, allGone());
    }
    clearInterval(looking);
  }

  async function allGone(): Promise<void> {
    await Promise.all([...lives].map(({ gone }) => gone));
  }
}

/** Whether it was settled by then: who closes does not wait for a thread that hangs. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const isDone = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return isDone;
}
