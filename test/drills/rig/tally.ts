import { violations } from './checker.ts';
import type { Findings } from './drill.ts';
import type { Journal } from './journal.ts';
import { readStateOf, type State } from './state.ts';
import { type Operation, operationsOf, type Verdict } from './verdicts.ts';

const countOf = (operations: readonly Operation[], verdict: Verdict): number =>
  operations.filter((one) => one.verdict === verdict).length;

export interface Tally {
  readonly state: State;
  readonly operations: readonly Operation[];
  readonly numbers: Readonly<Record<string, number>>;
}

/** Holds the recovered database of a data directory against the journal; what is wrong goes to `findings`. */
export async function takeTally(dataDir: string, journal: Journal, findings: Findings): Promise<Tally> {
  const [state, operations] = [await readStateOf(dataDir), operationsOf(await journal.read())];
  const found = violations(state, operations);
  findings.add(found);
  findings.expect(
    countOf(operations, 'acknowledged') > 0,
    'nothing was acknowledged: the drill says nothing',
  );
  const repeated = operations.filter(({ key, attempts }) => key !== null && attempts > 1);
  return {
    state,
    operations,
    numbers: {
      acknowledged: countOf(operations, 'acknowledged'),
      refused: countOf(operations, 'refused'),
      unknown: countOf(operations, 'unknown'),
      repeatedWithKey: repeated.length,
      lost: found.filter((one) => one.startsWith('LOST')).length,
    },
  };
}
