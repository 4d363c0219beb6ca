import type { Purgeable } from './purgeable.ts';

/**
 * What a process remembers holds while it hears of every change. `forget` drops all of it; what was being read at that moment is
 * not remembered either.
 */
export function whileLive(drop: () => void) {
  let isLive = false;
  /** Counted up by whatever makes what is being read right now worthless. */
  let doubts = 0;
  return {
    forget,
    read,
    hears: {
      purgeAll: forget,
      watched(now) {
        isLive = now === 'live';
        forget();
      },
    } satisfies Pick<Purgeable, 'purgeAll' | 'watched'>,
  };

  /** Reads something, and has it remembered if that is still of worth. */
  async function read<T>(load: () => Promise<T>, remember: (value: T) => void): Promise<T> {
    const before = doubts;
    const value = await load();
    if (isLive && before === doubts) remember(value);
    return value;
  }

  function forget(): void {
    doubts += 1;
    drop();
  }
}
