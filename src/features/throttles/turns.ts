interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets so many of a kind run at once, and the others wait for them. A try counts while it is under way: without turns,
 * many right ones at once would be refused for one another.
 */
export function createTurns() {
  const lines = new Map<string, Line>();

  return async function inTurn<T>(kind: string, places: number, work: () => Promise<T>): Promise<T> {
    const line = lines.get(kind) ?? { running: 0, waiting: [] };
    lines.set(kind, line);
    // Whoever ends hands its place on.
    if (line.running >= places) await new Promise<void>((turn) => line.waiting.push(turn));
    else line.running += 1;
    try {
      return await work();
    } finally {
      const next = line.waiting.shift();
      if (next) next();
      else {
        line.running -= 1;
        if (line.running === 0) lines.delete(kind);
      }
    }
  };
}
