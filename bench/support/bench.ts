/** One line of `bench/results.md`: what was measured, what stands beside it, and what it has to be. */
export interface Row {
  readonly measured: string;
  readonly figure: string;
  /** What ran beside it in the same rounds; absent where nothing did. */
  readonly beside?: string;
  readonly ratio?: number;
  /** What is asked of it, in words, and whether that is so. */
  readonly wanted?: string;
  readonly holds?: boolean;
}

export interface BenchOptions {
  readonly rounds: number;
}

/** One entry of the table in `run.ts`. */
export interface Bench {
  /** What it measures and beside what, in a sentence: it stands above its rows. */
  readonly what: string;
  run(options: BenchOptions): Promise<readonly Row[]>;
}

/** A row whose ratio must not be below `least`. */
export const atLeast = (row: Omit<Row, 'wanted' | 'holds'> & { ratio: number }, least: number): Row => ({
  ...row,
  wanted: `at least ${least}`,
  holds: row.ratio >= least,
});

export const rate = (perSecond: number): string =>
  `${perSecond.toFixed(perSecond < 100 ? 1 : 0)}/s (${(1000 / perSecond).toFixed(2)} ms)`;
