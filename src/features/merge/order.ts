/** Two orders of one list, made one. */
export interface MergedOrder {
  readonly order: string[];
  /** What both sides put somewhere, and not in the same place. It stands at the earlier of the two. */
  readonly clashes: string[];
}

/** The ids of `side` that were moved against `base`: all but the longest run of them that is still in order. */
function movedIn(base: readonly string[], side: readonly string[]): ReadonlySet<string> {
  const place = new Map(base.map((id, index) => [id, index]));
  const common = side.filter((id) => place.has(id));
  const stayed = longestRising(common.map((id) => place.get(id) ?? 0));
  return new Set(common.filter((_id, index) => !stayed.has(index)));
}

/** Indexes of a longest rising subsequence, by patience sorting. */
function longestRising(values: readonly number[]): ReadonlySet<number> {
  const tops: number[] = [];
  const before: number[] = [];
  values.forEach((value, index) => {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tops[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? (tops[low - 1] ?? -1) : -1;
    tops[low] = index;
  });
  const kept = new Set<number>();
  for (let at = tops.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) kept.add(at);
  return kept;
}

/** What one side put between which of the unmoved: `spine[gap - 1]` comes before gap number `gap`. */
function placed(
  side: readonly string[],
  spine: ReadonlySet<string>,
  floats: (id: string) => boolean,
): Map<string, number> {
  const gaps = new Map<string, number>();
  let gap = 0;
  for (const id of side) {
    if (spine.has(id)) gap += 1;
    else if (floats(id)) gaps.set(id, gap);
  }
  return gaps;
}

/** Two runs in one gap, in an order that does not depend on which side is which. */
function joined(one: readonly string[], other: readonly string[]): string[] {
  const [first, second] = one.join('\n') <= other.join('\n') ? [one, other] : [other, one];
  return first.length === 0 || second.length === 0
    ? [...first, ...second]
    : [...new Set([...first, ...second])];
}

/**
 * Merges two orders by what stayed where it was: that is the spine, and what either side inserted or moved goes where
 * that side put it. What one side removed is gone.
 */
export function mergeOrder(
  base: readonly string[],
  theirs: readonly string[],
  yours: readonly string[],
): MergedOrder {
  const [inBase, inTheirs, inYours] = [new Set(base), new Set(theirs), new Set(yours)];
  const [movedByThem, movedByYou] = [movedIn(base, theirs), movedIn(base, yours)];
  const stays = (id: string): boolean => !inBase.has(id) || (inTheirs.has(id) && inYours.has(id));
  const spine = base.filter((id) => stays(id) && !movedByThem.has(id) && !movedByYou.has(id));
  const unmoved = new Set(spine);
  const floatsBy = (moved: ReadonlySet<string>) => (id: string) =>
    stays(id) && (!inBase.has(id) || moved.has(id));
  const byThem = placed(theirs, unmoved, floatsBy(movedByThem));
  const byYou = placed(yours, unmoved, floatsBy(movedByYou));

  const clashes = [...byThem].flatMap(([id, gap]) => (byYou.has(id) && byYou.get(id) !== gap ? [id] : []));
  const gapOf = (id: string): number => Math.min(byThem.get(id) ?? Infinity, byYou.get(id) ?? Infinity);
  const runs = (side: ReadonlyMap<string, number>): string[][] => {
    const list: string[][] = Array.from({ length: spine.length + 1 }, () => []);
    for (const [id, gap] of side) if (gapOf(id) === gap) list[gap]?.push(id);
    return list;
  };
  const [theirRuns, yourRuns] = [runs(byThem), runs(byYou)];
  const order = theirRuns.flatMap((run, gap) => [
    ...(gap > 0 ? [spine[gap - 1] ?? ''] : []),
    ...joined(run, yourRuns[gap] ?? []),
  ]);
  return { order, clashes: clashes.sort() };
}
