import { median } from '../rank-sum.ts';

/** One of those who are compared. `round` answers its figure of one round, such as operations a second. */
export interface Contender {
  readonly name: string;
  round(): Promise<number>;
}

export interface Figures {
  /** The middle of a contender's rounds. */
  of(name: string): number;
  /** The middle of the ratios of the rounds: what slowed the machine in one of them met both. */
  ratio(name: string, to: string): number;
}

interface RoundOptions {
  readonly rounds: number;
  /** Rounds that are not counted: what is compiled, connected and cached at first use is so by then. */
  readonly warmUp?: number;
}

/** Lets contenders take turns, in the other order every other round, so that whatever drifts meets all alike. */
export async function interleave(
  contenders: readonly Contender[],
  { rounds, warmUp = 1 }: RoundOptions,
): Promise<Figures> {
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { name, round: run } of round % 2 === 0 ? contenders : [...contenders].reverse()) {
      const figure = await run();
      if (round >= 0) figures.get(name)?.push(figure);
    }
  }
  const all = (name: string): number[] => figures.get(name) ?? [];
  return {
    of: (name) => median(all(name)),
    ratio: (name, to) => median(all(name).map((figure, at) => figure / (all(to)[at] ?? Number.NaN))),
  };
}

/** Operations a second of `times` runs of `operation`, `inFlight` of them at any moment. */
export async function perSecond(
  { times, inFlight }: { readonly times: number; readonly inFlight: number },
  operation: (at: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const began = performance.now();
  async function one(): Promise<void> {
    while (next < times) {
      next += 1;
      await operation(next - 1);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one));
  return (times * 1000) / (performance.now() - began);
}

/** The value below which the given share of some numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
