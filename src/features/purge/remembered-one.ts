import type { Purgeable } from './purgeable.ts';

/** Something that every answer asks for, remembered while this process hears of every change, and until all may be wrong. */
export function rememberedOne<T extends object>(load: () => Promise<T>) {
  let known: T | null = null;
  let isLive = false;
  /** Counted up by whatever makes what is being read right now worthless. */
  let doubts = 0;
  return {
    get,
    purge: () => undefined,
    purgeAll: forget,
    watched(now) {
      isLive = now === 'live';
      forget();
    },
  } satisfies Purgeable & Record<string, unknown>;

  async function get(): Promise<T> {
    if (known) return known;
    const before = doubts;
    const value = await load();
    if (isLive && before === doubts) known = value;
    return value;
  }

  function forget(): void {
    doubts += 1;
    known = null;
  }
}
