/**
 * Lets at most `places` pieces of work run at once; the others wait in their order. For work that would otherwise take
 * the memory or the threads of everything else.
 */
export function createGate(places: number) {
  const waiting: (() => void)[] = [];
  let free = places;

  return async function enter<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
