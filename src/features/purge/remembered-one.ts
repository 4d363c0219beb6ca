import type { Purgeable } from './purgeable.ts';
import { whileLive } from './while-live.ts';

/** Something that every answer asks for, remembered while this process hears of every change, and until all may be wrong. */
export function rememberedOne<T extends object>(load: () => Promise<T>) {
  let known: T | null = null;
  const keep = (value: T | null): void => {
    known = value;
  };
  const { read, hears } = whileLive(() => keep(null));
  return {
    get: async (): Promise<T> => known ?? read(load, keep),
    purge: () => undefined,
    ...hears,
  } satisfies Purgeable & Record<string, unknown>;
}
