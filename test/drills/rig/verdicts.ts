import type { Intent, Line, Outcome } from './journal.ts';

export type Verdict = 'acknowledged' | 'refused' | 'unknown';

/** An operation of the journal with what its client knows of its end. */
export interface Operation extends Omit<Intent, 'line'> {
  readonly verdict: Verdict;
  /** Of an acknowledged one: the story, and its version after it. */
  readonly version: number | null;
  readonly attempts: number;
}

const isSuccess = ({ status }: Outcome): boolean => status !== null && status >= 200 && status < 300;
const isRefusal = ({ status }: Outcome): boolean => status !== null && status >= 400 && status < 500;

/** 2xx once is acknowledged; 4xx every time is refused; 5xx, a time-out, a reset or no outcome at all is unknown. */
export function verdictOf(outcomes: readonly Outcome[]): Verdict {
  if (outcomes.some(isSuccess)) return 'acknowledged';
  return outcomes.length > 0 && outcomes.every(isRefusal) ? 'refused' : 'unknown';
}

/** The operations of a journal, in the order in which they were meant. */
export function operationsOf(lines: readonly Line[]): Operation[] {
  const outcomes = new Map<string, Outcome[]>();
  for (const line of lines) {
    if (line.line === 'outcome') outcomes.set(line.op, [...(outcomes.get(line.op) ?? []), line]);
  }
  return lines.flatMap((line) => {
    if (line.line !== 'intent') return [];
    const { line: _line, ...intent } = line;
    const known = outcomes.get(line.op) ?? [];
    const success = known.find(isSuccess);
    const article = success?.article ?? intent.article;
    return [
      {
        ...intent,
        article,
        version: success?.version ?? null,
        verdict: verdictOf(known),
        attempts: known.length,
      },
    ];
  });
}
