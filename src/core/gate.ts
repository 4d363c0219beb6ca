/** For those who wait at a gate: how many at most, and for how many milliseconds. The others are refused. */
interface Patience {
  readonly mostWaiting: number;
  readonly patienceMs: number;
  readonly refusal: () => Error;
}

/**
 * Lets at most `places` pieces of work run at once; the others wait in their order, without `patience` for as long as it takes.
 * For work that would otherwise take the memory, the threads or the processors of everything else.
 */
export function createGate(places: number, patience?: Patience) {
  const waiting = new Set<() => void>();
  let free = places;

  /** @throws what `refusal` gives, for those who would wait behind too many, or for too long. */
  return async function enter<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await turn();
    try {
      return await work();
    } finally {
      const [next] = waiting;
      if (next) next();
      else free += 1;
    }
  };

  async function turn(): Promise<void> {
    if (patience && waiting.size >= patience.mostWaiting) throw patience.refusal();
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        waiting.delete(go);
        reject(patience?.refusal());
      };
      const timer = patience && setTimeout(giveUp, patience.patienceMs);
      const go = (): void => {
        clearTimeout(timer);
        waiting.delete(go);
        // In a turn of its own: what one that is done still does would go on without a break into what this one begins.
        setImmediate(resolve);
      };
      waiting.add(go);
    });
  }
}
