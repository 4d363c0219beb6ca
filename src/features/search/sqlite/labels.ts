import { FACETS, type FacetName, type Facets, type IndexedStory, monthOf } from '../search-index.ts';
import type { Database } from './driver.ts';
import { numbersIn } from './numbers.ts';

/** What a story is counted under, by facet. */
const countedUnder = ({ at, marks }: IndexedStory): Readonly<Record<FacetName, readonly string[]>> => ({
  section: marks.section ?? [],
  type: marks.type ?? [],
  month: [monthOf(at)],
  tag: marks.tag ?? [],
});

/**
 * Gives each thing that stories are counted under a short number, for as long as the file is there. The labels of a
 * story are one short text then, and those of 10 000 hits one string that is counted in a few milliseconds.
 */
export function createLabelling(db: Database) {
  const find = db.prepare('SELECT number FROM labels WHERE label = ?');
  const add = db.prepare('INSERT INTO labels (label) VALUES (?)');
  const numberOf = (label: string): number =>
    (find.get(label) as { number: number } | undefined)?.number ?? Number(add.run(label).lastInsertRowid);
  return (story: IndexedStory): string => {
    const under = countedUnder(story);
    return FACETS.flatMap((facet, at) =>
      under[facet].filter((value) => value !== '').map((value) => numberOf(`${at} ${value}`)),
    ).join(' ');
  };
}

/** How often each label is in a text of what `createLabelling` gave to some stories, by its number. */
export function tally(labels: string): number[] {
  const counts: number[] = [];
  for (const number of numbersIn(labels)) counts[number] = (counts[number] ?? 0) + 1;
  return counts;
}

/** Counts by number as number, count, number, count: of the few numbers among very many that have one. */
export function pairsOf(counts: readonly number[]): Uint32Array {
  const pairs: number[] = [];
  counts.forEach((count, number) => {
    pairs.push(number, count);
  });
  return Uint32Array.from(pairs);
}

/** Labels by their numbers, as facets. */
export function createLabelNames(db: Database) {
  const label = db.prepare('SELECT label FROM labels WHERE number = ?');
  /** A number never gets another label. */
  const known = new Map<number, string>();
  return (pairs: Uint32Array): Facets => {
    const counts = Object.fromEntries(FACETS.map((facet) => [facet, {}])) as Record<
      FacetName,
      Record<string, number>
    >;
    for (let pair = 0; pair < pairs.length; pair += 2) {
      const [at, value = ''] = labelOf(pairs[pair] ?? 0).split(' ');
      const facet = FACETS[Number(at)];
      if (facet) counts[facet][value] = pairs[pair + 1] ?? 0;
    }
    return counts;
  };

  function labelOf(number: number): string {
    const found = known.get(number) ?? (label.get(number) as { label: string } | undefined)?.label;
    if (found !== undefined) known.set(number, found);
    return found ?? '';
  }
}
