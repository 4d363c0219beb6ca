import type { Logger } from 'pino';

const DEADLINE_MS = 14_000;

/** How the process ends: by whom it was told, and what must be stopped in which order. */
export interface Shutdown {
  /** Aborted as soon as the process was told to stop. */
  readonly signal: AbortSignal;
  /** Registers how a part is stopped that has just been started; the last one started is stopped first. */
  onStop(part: string, stop: () => Promise<void>): void;
  /** Stops everything, then ends the process with `code`. Further calls change nothing. */
  begin(why: string, code: number): void;
}

/**
 * Stops parts in the reverse order of their start, each of them even if another fails, and in bounded time. `starting`
 * gives the start that may still be going on: its step in hand is waited for, so that no half-started part is left.
 */
export function createShutdown(deps: {
  readonly log: Logger;
  readonly starting: () => Promise<unknown>;
  readonly exit: (code: number) => void;
}): Shutdown {
  const { log, starting, exit } = deps;
  const told = new AbortController();
  const parts: { part: string; stop: () => Promise<void> }[] = [];
  return {
    signal: told.signal,
    onStop: (part, stop) => void parts.push({ part, stop }),
    begin(why, code) {
      if (told.signal.aborted) {
        log.info(`${why}: already stopping`);
        return;
      }
      log.info(`${why}: stopping`);
      told.abort(new Error(why));
      void end(code);
    },
  };

  async function end(code: number): Promise<void> {
    const deadline = setTimeout(() => {
      log.error(`not stopped within ${DEADLINE_MS / 1000} s: giving up`);
      exit(1);
    }, DEADLINE_MS);
    await starting().catch(() => undefined);
    let failed = false;
    for (const { part, stop } of parts.reverse()) {
      await stop().catch((err: unknown) => {
        failed = true;
        log.error({ err }, `${part}: could not be stopped`);
      });
    }
    clearTimeout(deadline);
    log.info('stopped');
    exit(failed && code === 0 ? 1 : code);
  }
}
