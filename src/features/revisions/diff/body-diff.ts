import { canonicalJson } from '../../../core/json.ts';
import type { BodyDoc, BodyNode } from '../../../schema/index.ts';
import { linesOf } from './lines.ts';
import { type Budget, newBudget } from './ranges.ts';
import { type Words, wordsBetween, wordsOf } from './words.ts';

/** What became of one block; see `BlockChange` in the contract. */
export interface BlockDiff {
  readonly id: string;
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  readonly moved: boolean;
  readonly position: { readonly from: number | null; readonly to: number | null };
  readonly from: BodyNode | null;
  readonly to: BodyNode | null;
  readonly words: Words[];
}

export interface BodyDiff {
  readonly blocks: BlockDiff[];
  /** Some blocks are shown whole, since comparing their words would cost too much. */
  readonly coarse: boolean;
}

interface Placed {
  readonly node: BodyNode;
  readonly index: number;
}

const placed = (doc: BodyDoc): Map<string, Placed> =>
  new Map(doc.content.map((node, index) => [String(node.attrs?.id ?? `at-${index}`), { node, index }]));

const isEqual = (a: BodyNode, b: BodyNode): boolean =>
  JSON.stringify(a) === JSON.stringify(b) || canonicalJson(a) === canonicalJson(b);

/** What changed from one body to another, block by block in the order of the new one; a removed block stands where it was. */
export function diffBodies(a: BodyDoc, b: BodyDoc, budget: Budget = newBudget()): BodyDiff {
  const [before, after] = [placed(a), placed(b)];
  const stayed = inPlace(before, after);
  const removed = [...before].filter(([id]) => !after.has(id));
  const blocks: BlockDiff[] = [];
  let passed = 0;
  /** The removed blocks that stood before place `until` of the old body. */
  const putRemoved = (until: number) => {
    for (let one = removed[passed]; one && one[1].index < until; one = removed[passed]) {
      blocks.push(removedBlock(one[0], one[1]));
      passed += 1;
    }
  };
  for (const [id, to] of after) {
    const from = before.get(id);
    if (from && stayed.has(id)) putRemoved(from.index);
    const change = from ? keptBlock(id, from, to, { moved: !stayed.has(id), budget }) : addedBlock(id, to);
    if (change) blocks.push(change);
  }
  putRemoved(Number.POSITIVE_INFINITY);
  return { blocks, coarse: budget.spent };
}

const addedBlock = (id: string, { node, index }: Placed): BlockDiff => ({
  ...{ id, change: 'added', moved: false, position: { from: null, to: index }, from: null, to: node },
  words: wordsOf(linesOf(node), 'added'),
});

const removedBlock = (id: string, { node, index }: Placed): BlockDiff => ({
  ...{ id, change: 'removed', moved: false, position: { from: index, to: null }, from: node, to: null },
  words: wordsOf(linesOf(node), 'removed'),
});

function keptBlock(
  id: string,
  from: Placed,
  to: Placed,
  { moved, budget }: { moved: boolean; budget: Budget },
): BlockDiff | null {
  const place = {
    moved,
    position: { from: from.index, to: to.index },
    from: from.node,
    to: to.node,
  };
  if (!isEqual(from.node, to.node)) {
    const words = wordsBetween(linesOf(from.node), linesOf(to.node), budget);
    return { id, change: 'changed', ...place, words };
  }
  return moved ? { id, change: 'moved', ...place, words: wordsOf(linesOf(to.node), 'same') } : null;
}

/** Ids of the blocks that kept their order among each other: the longest run that did (patience sorting). */
function inPlace(before: ReadonlyMap<string, Placed>, after: ReadonlyMap<string, Placed>): Set<string> {
  const places = [...after.keys()].flatMap((id) => {
    const index = before.get(id)?.index;
    return index === undefined ? [] : [{ id, index }];
  });
  const tails: number[] = [];
  const previous = new Array<number>(places.length).fill(-1);
  for (const [at, { index }] of places.entries()) {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[tails[middle] as number]?.index ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = at;
  }
  const kept = new Set<string>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] as number) kept.add(places[at]?.id as string);
  return kept;
}
