import { LRUCache } from 'lru-cache';
import type { Purgeable } from './purgeable.ts';
import { whileLive } from './while-live.ts';

/** What a change announces that may make a name stand for something else: see the keys of tags, sections and authors. */
const OF_NAMES = /^(?:(?:named-)?(?:tag|author)-|sections$)/;
/** So much is remembered, in all. */
const MOST = 100_000;

/** What there is under some keys; keys of nothing are left out. */
type Load<V> = (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>;

/**
 * What names mean, by kinds of names. It is remembered while this process hears of every change, and all of it is
 * forgotten with any change of a name: those are few. What there is nothing of is looked up each time: there may be
 * tomorrow, and nobody tells.
 */
export function rememberedNames<K extends string, V extends object>(
  loads: Readonly<Record<K, Load<V>>>,
  sizeOf: (value: V) => number,
) {
  const known = new LRUCache<string, V>({ maxSize: MOST, sizeCalculation: sizeOf });
  const { forget, read, hears } = whileLive(() => known.clear());
  return {
    of,
    purge: (keys: readonly string[]) => (keys.some((key) => OF_NAMES.test(key)) ? forget() : undefined),
    ...hears,
  } satisfies Purgeable & Record<string, unknown>;

  /** In the order of the keys. */
  async function of(kind: K, keys: readonly string[]): Promise<ReadonlyMap<string, V>> {
    const placeOf = (key: string): string => `${kind} ${key}`;
    const remembered = keys.map((key) => known.get(placeOf(key)));
    const unknown = keys.filter((_key, at) => !remembered[at]);
    const remember = (some: ReadonlyMap<string, V>): void => {
      for (const [key, value] of some) known.set(placeOf(key), value);
    };
    const found: ReadonlyMap<string, V> =
      unknown.length > 0 ? await read(() => loads[kind](unknown), remember) : new Map();
    return new Map(
      keys.flatMap((key, at) => {
        const value = remembered[at] ?? found.get(key);
        return value ? [[key, value] as const] : [];
      }),
    );
  }
}
