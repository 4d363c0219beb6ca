import { type Database, textOf } from './driver.ts';
import { numbersIn } from './numbers.ts';
import { firstRowOf, weekOf } from './rows.ts';

/** So many weeks are read for one question at most: with a million stories each takes two milliseconds. */
const READ_AT_ONCE = 60;

/** The stories of a week, newest first, and the numbers of their labels: those of one end where those of the next begin. */
interface Week {
  readonly state: string;
  readonly rids: Float64Array;
  readonly ends: Uint32Array;
  readonly labels: Uint32Array;
}

/**
 * What stories are filed under, kept by weeks: to look ten thousand of them up takes longer than to find them. A week is
 * read again when a story in it has changed.
 */
export function createFiled(db: Database) {
  const states = db.prepare("SELECT group_concat(week || ' ' || state, ' ') AS text FROM weeks");
  const stories = db.prepare(
    `SELECT group_concat(rid || ' ' || facets, '\n') AS text
     FROM (SELECT rid, facets FROM docs WHERE rid >= ? AND rid < ? ORDER BY rid DESC)`,
  );
  const kept = new Map<number, Week>();
  /** As they were when the last question was answered, in one text and by week. */
  let known = '';
  let stateOf: ReadonlyMap<number, string> = new Map();
  return { hasChanged, countOf };

  /**
   * How often each label has one of these rows, by its number; `null`: too many weeks would have to be read. Newest first. In
   * the state of the index that `hasChanged` saw last.
   */
  function countOf(rids: readonly number[]): number[] | null {
    const missing = [...new Set(rids.map(weekOf))].filter((week) => !kept.has(week));
    for (const week of missing.slice(0, READ_AT_ONCE)) kept.set(week, read(week));
    return missing.length > READ_AT_ONCE ? null : counted(rids);
  }

  /** Whether anything in the index is other than when this was asked last. */
  function hasChanged(): boolean {
    const text = textOf(states.get());
    if (text === known) return false;
    forgetChanged(text);
    return true;
  }

  function forgetChanged(text: string): void {
    const words = text.split(' ');
    const pairs = words.flatMap((word, at) =>
      at % 2 === 0 ? [[Number(word), words[at + 1] ?? ''] as const] : [],
    );
    known = text;
    stateOf = new Map(pairs);
    for (const [week, { state }] of kept) if (stateOf.get(week) !== state) kept.delete(week);
  }

  function read(week: number): Week {
    const text = textOf(stories.get(firstRowOf(week), firstRowOf(week + 1)));
    const lines = text === '' ? [] : text.split('\n').map(numbersIn);
    const labels = lines.map(([, ...numbers]) => numbers);
    let end = 0;
    return {
      state: stateOf.get(week) ?? '',
      rids: Float64Array.from(lines, ([rid = 0]) => rid),
      ends: Uint32Array.from(labels, ({ length }) => (end += length)),
      labels: Uint32Array.from(labels.flat()),
    };
  }

  function counted(rids: readonly number[]): number[] {
    const counts: number[] = [];
    let number = Number.NaN;
    let week: Week | undefined;
    let at = 0;
    for (const rid of rids) {
      if (weekOf(rid) !== number) {
        number = weekOf(rid);
        week = kept.get(number);
        at = 0;
      }
      if (!week) continue;
      const { rids: all, ends, labels } = week;
      while (at < all.length && (all[at] ?? 0) > rid) at += 1;
      if (all[at] !== rid) continue;
      for (let label = ends[at - 1] ?? 0; label < (ends[at] ?? 0); label += 1) {
        const one = labels[label] ?? 0;
        counts[one] = (counts[one] ?? 0) + 1;
      }
    }
    return counts;
  }
}
