export type Trust = ReturnType<typeof createTrust>;

/**
 * Which finished pages may be shown: those that were made of everything this process has heard of, however far the
 * one who makes them anew may have come. Moments are those of the database, as numbers that grow.
 */
export function createTrust(most = 20_000) {
  const changed = new Map<string, bigint>();
  return { change, allows, clear: () => changed.clear(), isFull: () => changed.size > most };

  /** These tags were changed by something that was committed at that moment or before. */
  function change(keys: Iterable<string>, at: bigint): void {
    for (const key of keys) {
      const known = changed.get(key);
      if (known === undefined || known < at) changed.set(key, at);
    }
  }

  /** Whether a page with these tags, made of everything up to `through`, is as it would be made now. */
  function allows(keys: readonly string[], through: bigint): boolean {
    return keys.every((key) => (changed.get(key) ?? 0n) <= through);
  }
}
