import { setTimeout as delay } from 'node:timers/promises';

const TROUBLE_MS = 1_000;
/** What is away for long is asked for at most so seldom, and as seldom told of. */
const LONGEST_TROUBLE_MS = 5_000;

/** Something that goes on in the background until it is stopped; `stop` settles when its work in hand is done. */
export interface Worker {
  stop(): Promise<void>;
}

/** What workers tell of: pino's logger, as far as they need it. */
export interface WorkerLog {
  warn(facts: { readonly err: unknown }, message: string): void;
}

export interface Rounds {
  /** Who is at work, as the log names it. */
  readonly name: string;
  /**
   * One round of work. `stopping` tells it that no other follows.
   * @returns for how many milliseconds there is nothing to do.
   */
  readonly round: (stopping: AbortSignal) => Promise<number>;
  readonly log: WorkerLog;
  /** Waited for before each round. */
  readonly calm?: ((stopping: AbortSignal) => Promise<void>) | undefined;
  /** How long after a round that failed; twice as long after each further one, up to five seconds. In milliseconds. */
  readonly troubleMs?: number;
  /** Forgets what a failed round may have left wrong. */
  readonly onTrouble?: () => void;
  /** Gives back what is held, after the last round. */
  readonly leave?: () => Promise<unknown>;
}

/** Goes round after round until it is stopped, which cuts a pause short but no round. A failed round is told, and tried again. */
export function startRounds(rounds: Rounds): Worker {
  const stopping = new AbortController();
  const finished = goRound(rounds, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await finished;
    },
  };
}

async function goRound(rounds: Rounds, stopping: AbortSignal): Promise<void> {
  const { name, round, log, calm, troubleMs = TROUBLE_MS, onTrouble, leave } = rounds;
  let failures = 0;
  while (!stopping.aborted) {
    await calm?.(stopping);
    if (stopping.aborted) break;
    const waitMs = await round(stopping).then(
      (nothingToDoMs) => {
        failures = 0;
        return nothingToDoMs;
      },
      (err: unknown) => {
        onTrouble?.();
        if (!stopping.aborted) log.warn({ err }, `${name}: trying again`);
        failures += 1;
        return Math.min(troubleMs * 2 ** (failures - 1), Math.max(troubleMs, LONGEST_TROUBLE_MS));
      },
    );
    if (waitMs > 0) await pause(waitMs, stopping);
  }
  await leave?.();
}

/** Waits for that many milliseconds, or until `stopping`. */
export async function pause(milliseconds: number, stopping: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal: stopping }).catch(() => undefined);
}
