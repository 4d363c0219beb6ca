import { LRUCache } from 'lru-cache';
import { COUNT_CAP, capped, type Found, type Question } from '../search-index.ts';
import { type Database, textOf } from './driver.ts';
import { createFiled } from './filed.ts';
import { createLabelNames, pairsOf, tally } from './labels.ts';
import { numbersIn } from './numbers.ts';
import type { Statements } from './statements.ts';

/** To find ten thousand hits of a phrase takes a tenth of a second, in which nobody else is answered. */
const FILED_WITH_PHRASE = 2_000;
/** So many questions, in each thread: some kilobytes each. */
const KEPT = 200;

const NOTHING = new Uint32Array();

/** Bounds of row numbers, both exclusive; none for all there are. */
export type Bounds = readonly [above: number, below: number] | readonly [];

/** What is counted: what matches, within bounds; `null` matches nothing. */
interface Counted {
  readonly match: string | null;
  readonly bounds: Bounds;
  readonly hasPhrase: boolean;
  readonly statements: Pick<Statements, 'count' | 'rows' | 'labels'>;
}

/** `newest`: the newest rows that match, where they had to be looked up. */
type Counts = Pick<Found, 'total' | 'totalCapped' | 'facets'> & { readonly newest?: readonly number[] };

/**
 * Counts what matches, in all and by what it is filed under. The latter is kept until anything changes in the index: the next
 * page of a search has the same, and so has whoever asks what others ask.
 */
export function createCounting(db: Database) {
  const facetsOf = createLabelNames(db);
  const filed = createFiled(db);
  const kept = new LRUCache<string, Uint32Array>({ max: KEPT });
  return { countsOf };

  function countsOf(counted: Counted, { count, facets }: Pick<Question, 'count' | 'facets'>): Counts {
    return { ...(facets ? filedUnder(counted) : {}), ...(count ? capped(numberOf(counted)) : {}) };
  }

  function numberOf({ match, bounds, statements }: Counted): number {
    if (match === null) return 0;
    return (statements.count.get(match, ...bounds) as { n: number } | undefined)?.n ?? 0;
  }

  function filedUnder(counted: Counted): Counts {
    if (filed.hasChanged()) kept.clear();
    const { match, bounds, hasPhrase, statements } = counted;
    if (match === null) return { facets: facetsOf(NOTHING) };
    const key = JSON.stringify([match, bounds]);
    const known = kept.get(key);
    if (known) return { facets: facetsOf(known) };
    const asked = [match, ...bounds, hasPhrase ? FILED_WITH_PHRASE : COUNT_CAP] as const;
    const newest = numbersIn(textOf(statements.rows.get(...asked)));
    const counts = filed.countOf(newest) ?? tally(textOf(statements.labels.get(...asked)));
    const pairs = pairsOf(counts);
    kept.set(key, pairs);
    return { facets: facetsOf(pairs), newest };
  }
}
