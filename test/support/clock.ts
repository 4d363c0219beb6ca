import type { Clock } from '../../src/core/clock.ts';

export interface TestClock extends Clock {
  /** Moves this clock on; the database's time is not moved. */
  advance(milliseconds: number): void;
}

export function testClock(): TestClock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance(milliseconds) {
      ahead += milliseconds;
    },
  };
}
