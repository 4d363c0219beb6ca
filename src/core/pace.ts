import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { createTurns } from './in-turn.ts';

/** A timer keeps no shorter ones. */
const SHORTEST_REST_MS = 1;

/** Does a piece of work when it is its turn. It must not throw. */
export type Pace = (work: () => void) => void;

/**
 * For work that comes in pieces from many sides at once, and that nobody waits for as others wait for the event loop: of
 * all of it together one piece is done in a turn of the loop, and then it rests for as long as the turn took.
 */
export function createPace(): Pace {
  const { inTurn } = createTurns();
  let owedMs = 0;
  return (work) => void inTurn(() => step(work));

  async function step(work: () => void): Promise<void> {
    const began = performance.now();
    work();
    await nextTurn();
    owedMs += performance.now() - began;
    if (owedMs < SHORTEST_REST_MS) return;
    const restMs = owedMs;
    owedMs = 0;
    await delay(restMs);
  }
}

/**
 * What `make` makes of each of them, in their order: of `atOnce` in one turn of the event loop, so that whoever came meanwhile
 * is served in between. What is done with all of them then begins in a turn of its own.
 */
export async function madeInTurns<T, Made>(
  all: readonly T[],
  atOnce: number,
  make: (one: T) => Made,
): Promise<Made[]> {
  const made: Made[] = [];
  for (let from = 0; from < all.length; from += atOnce) {
    await nextTurn();
    for (const one of all.slice(from, from + atOnce)) made.push(make(one));
  }
  await nextTurn();
  return made;
}
