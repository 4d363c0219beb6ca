import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '../../core/error-facts.ts';
import { LOG_LIMIT, rotateLog } from './log-rotation.ts';
import type { Mongod } from './mongod-process.ts';

export type MongoState = 'up' | 'restarting' | 'stopped';

export type Supervisor = {
  state(): MongoState;
  pid(): number | undefined;
  /** Calls back on every change of state; returns the way to end that. */
  onChange(listener: (state: MongoState) => void): () => void;
  stop(): Promise<void>;
};

export type SupervisorOptions = {
  /** Already up. */
  first: Mongod;
  /** Starts another on the same port and resolves when it is primary; rejects with the reason. */
  restart: (isCurrent: (mongod: Mongod) => void) => Promise<Mongod>;
  logFile: string;
  log: Logger;
};

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** Up for this long, a mongod counts as healthy and its next end begins with the first delay again. */
const HEALTHY_MS = 5_000;
const STOP_GRACE_MS = 10_000;
const LOG_CHECK_MS = 60_000;

/** Keeps a mongod running: each unwanted end is followed by a new start, after a growing pause. */
export function supervise({ first, restart, logFile, log }: SupervisorOptions): Supervisor {
  let state: MongoState = 'up';
  let current: Mongod | undefined = first;
  let stopping: Promise<void> | undefined;
  const listeners = new Set<(state: MongoState) => void>();
  const stopped = new AbortController();
  const logTimer = setInterval(checkLog, LOG_CHECK_MS).unref();
  const watching = watch();

  return {
    state: () => state,
    pid: () => current?.pid,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };

  async function watch(): Promise<void> {
    let delay = FIRST_DELAY_MS;
    while (current && !stopped.signal.aborted) {
      const upSince = performance.now();
      const reason = await current.ended;
      current = undefined;
      if (stopped.signal.aborted) return;
      become('restarting');
      if (performance.now() - upSince > HEALTHY_MS) delay = FIRST_DELAY_MS;
      log.error(`${reason.message} Starting it again.`);
      delay = await startAgain(delay);
    }
  }

  /** Tries until one is up, or until we are stopped; returns the delay for the next time. */
  async function startAgain(firstDelay: number): Promise<number> {
    const began = performance.now();
    let delay = firstDelay;
    while (!stopped.signal.aborted) {
      await wait(delay, undefined, { signal: stopped.signal }).catch(() => undefined);
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
      if (stopped.signal.aborted) break;
      if (await tryOnce(delay)) {
        log.info({ pid: current?.pid, tookMs: Math.round(performance.now() - began) }, 'MongoDB is up again');
        break;
      }
    }
    return delay;
  }

  async function tryOnce(nextDelay: number): Promise<boolean> {
    try {
      current = await restart((mongod) => {
        current = mongod;
      });
      if (!stopped.signal.aborted) become('up');
      return true;
    } catch (error) {
      current = undefined;
      if (!stopped.signal.aborted) log.error(`${messageOf(error)} Next try in ${nextDelay / 1000} s.`);
      return false;
    }
  }

  async function stop(): Promise<void> {
    stopped.abort();
    become('stopped');
    clearInterval(logTimer);
    await current?.stop(STOP_GRACE_MS);
    await watching;
    // One that was just being started when we stopped.
    await current?.stop(STOP_GRACE_MS);
  }

  function become(next: MongoState): void {
    if (state === next || state === 'stopped') return;
    state = next;
    for (const listener of listeners) listener(next);
  }

  function checkLog(): void {
    rotateLog(logFile, LOG_LIMIT, current?.pid).catch((error) =>
      log.warn(error, 'could not rotate the mongod log'),
    );
  }
}
