import { setTimeout as delay } from 'node:timers/promises';

export const pause = (milliseconds: number): Promise<void> => delay(milliseconds);

/** Waits for a condition of the real world. @throws Error that names `what` when it takes longer than `ms`. */
export async function until(what: string, holds: () => Promise<boolean>, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await delay(15);
  }
}

/** A seeded generator of numbers in [0, 1) (mulberry32), so that a run's moments can be had again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
