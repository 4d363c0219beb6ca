import { pause } from './rounds.ts';

/** So long after a change its first readers are answered, before what follows it in the background takes the machine. */
const HOLD_MS = 30;
/** Where one change comes after the other, background work waits no longer than this. */
const PATIENCE_MS = 150;

export interface Calm {
  /** Readers will want something anew: it was just changed in this process. */
  stirred(): void;
  /** Settles when nothing has been changed for a moment, or it has waited long enough, or at `stopping`. */
  settled(stopping: AbortSignal): Promise<void>;
}

/** Lets work that nobody waits for stand behind the readers of what was just published. */
export function createCalm({ holdMs = HOLD_MS, patienceMs = PATIENCE_MS } = {}): Calm {
  let until = Number.NEGATIVE_INFINITY;
  return {
    stirred() {
      until = performance.now() + holdMs;
    },
    async settled(stopping) {
      const end = performance.now() + patienceMs;
      const left = () => Math.min(until, end) - performance.now();
      for (let ms = left(); ms > 0 && !stopping.aborted; ms = left()) await pause(Math.ceil(ms), stopping);
    },
  };
}
