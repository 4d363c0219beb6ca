import type { Bench } from './bench.ts';

export interface Settings {
  readonly bench: Bench;
  /** How often a fault is repeated. */
  readonly rounds: number;
  readonly writers: number;
  readonly random: () => number;
  /** The moments of a first start at which it is interrupted (`MOMENTS`). */
  readonly moments: readonly string[];
  /** To be called when all that is left is waiting: the next drill may begin. */
  readonly idle: () => void;
}

export interface Result {
  /** What was measured, in the order in which it is told. */
  readonly numbers: Readonly<Record<string, number | string>>;
  /** What should have held and did not; empty when the drill passed. */
  readonly violations: readonly string[];
}

export interface Drill {
  readonly name: string;
  readonly run: (settings: Settings) => Promise<Result>;
}

/** Collects what does not hold, so that one drill tells everything it saw. */
export interface Findings {
  readonly list: string[];
  expect(holds: boolean, otherwise: string): void;
  add(found: readonly string[]): void;
}

export function createFindings(): Findings {
  const list: string[] = [];
  return {
    list,
    expect: (holds, otherwise) => void (holds || list.push(otherwise)),
    add: (found) => void list.push(...found),
  };
}
