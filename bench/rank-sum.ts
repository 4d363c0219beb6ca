/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** Ranks from 1; those that are equal share the mean of theirs. */
function ranksOf(numbers: readonly number[]): { ranks: number[]; ties: number } {
  const order = numbers.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(numbers.length).fill(0);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (const { at } of order.slice(from, to)) ranks[at] = (from + 1 + to) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

/** The upper tail of the standard normal distribution, twice (Abramowitz and Stegun 26.2.17; exact to 1e-7). */
function twoSided(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const coefficients = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const tail = coefficients.reduce((sum, one) => sum * t + one, 0) * t;
  return Math.min(1, (2 * tail * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));
}

/** How likely two samples are to differ as much as they do when nothing tells them apart (Wilcoxon's rank-sum test). */
export function rankSumP(one: readonly number[], other: readonly number[]): number {
  const [n, m] = [one.length, other.length];
  const { ranks, ties } = ranksOf([...one, ...other]);
  const sum = ranks.slice(0, n).reduce((total, rank) => total + rank, 0);
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  return twoSided((sum - (n * (total + 1)) / 2) / Math.sqrt(variance));
}
