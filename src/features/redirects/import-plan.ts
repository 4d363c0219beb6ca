/** A row of an import by what its addresses are; `null` is no address, which is said when the row is made. */
export interface Planned {
  readonly from: string | null;
  readonly to: string | null;
}

export interface Refusal {
  readonly code: 'conflict' | 'loop';
  readonly message: string;
}

export interface Plan {
  /** The rows to make, each behind the one that it leads to. */
  readonly order: readonly number[];
  readonly refused: ReadonlyMap<number, Refusal>;
}

const named = (key: string): string => key.slice(key.indexOf(':') + 1);

/** Rows of which an earlier one has the same address. */
function doubles(rows: readonly Planned[], first: ReadonlyMap<string, number>): Map<number, Refusal> {
  const refused = new Map<number, Refusal>();
  rows.forEach(({ from }, row) => {
    const earlier = from === null ? row : (first.get(from) ?? row);
    if (earlier === row) return;
    refused.set(row, { code: 'conflict', message: `Row ${earlier} has the same address already.` });
  });
  return refused;
}

/**
 * In which order rows are made so that each finds what it leads to, and which cannot be: the second one from an address,
 * and those that lead round in a circle, or into one.
 */
export function planImport(rows: readonly Planned[]): Plan {
  const first = new Map<string, number>();
  rows.forEach(({ from }, row) => {
    if (from !== null && !first.has(from)) first.set(from, row);
  });
  const refused = doubles(rows, first);
  const order: number[] = [];
  const done = new Set<number>(refused.keys());
  for (const start of rows.keys()) {
    const way: number[] = [];
    let at: number | undefined = start;
    while (at !== undefined && !done.has(at) && !way.includes(at)) {
      way.push(at);
      at = next(at);
    }
    const ends = at === undefined || !(way.includes(at) || refused.get(at)?.code === 'loop');
    for (const row of way.reverse()) {
      done.add(row);
      if (ends) order.push(row);
      else refused.set(row, { code: 'loop', message: circle(row) });
    }
  }
  return { order, refused };

  function next(row: number): number | undefined {
    const to = rows[row]?.to ?? null;
    return to === null ? undefined : first.get(to);
  }

  function circle(start: number): string {
    const names: string[] = [];
    const seen = new Set<number>();
    for (let at: number | undefined = start; at !== undefined && !seen.has(at); at = next(at)) {
      seen.add(at);
      names.push(named(rows[at]?.from ?? ''));
      const to = next(at);
      if (to !== undefined && seen.has(to)) names.push(named(rows[to]?.from ?? ''));
    }
    return `These rows lead round in a circle: ${names.slice(0, 8).join(' → ')}.`;
  }
}
