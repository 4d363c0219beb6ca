/** Whoever waits at a gate is let in, or refused. */
interface Gate {
  /** How many are inside at a time. */
  readonly atOnce: number;
  /** How many wait at most, and for how many milliseconds. */
  readonly mostWaiting: number;
  readonly patienceMs: number;
  readonly refusal: () => Error;
}

/** Lets so much work go on at a time. The rest waits in the order in which it came. */
export function createGate({ atOnce, mostWaiting, patienceMs, refusal }: Gate) {
  const waiting = new Set<() => void>();
  let inside = 0;
  return { through };

  /** @throws what `refusal` gives, for those who would wait behind too many, or for too long. */
  async function through<T>(work: () => Promise<T>): Promise<T> {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  async function enter(): Promise<void> {
    if (inside < atOnce) {
      inside += 1;
      return;
    }
    if (waiting.size >= mostWaiting) throw refusal();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(letIn);
        reject(refusal());
      }, patienceMs);
      const letIn = (): void => {
        clearTimeout(timer);
        waiting.delete(letIn);
        resolve();
      };
      waiting.add(letIn);
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next) next();
    else inside -= 1;
  }
}
