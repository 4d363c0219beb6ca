import type { BodyNode } from '../../schema/index.ts';
import { type Conflict, same, settle } from './conflicts.ts';
import { mergeOrder } from './order.ts';

export interface MergedBlocks {
  readonly blocks: BodyNode[];
  readonly conflicts: Conflict[];
}

type Sides<T> = readonly [base: T, theirs: T, yours: T];

const idOf = (node: BodyNode): string => String(node.attrs?.id);

/** Whether blocks can be told apart by their ids. */
export const areNamed = (blocks: readonly BodyNode[]): boolean =>
  blocks.every(({ attrs }) => typeof attrs?.id === 'string') &&
  new Set(blocks.map(idOf)).size === blocks.length;

const frameOf = ({ content: _content, ...frame }: BodyNode): unknown => frame;

/** Lists whose items alone differ are merged item by item. */
const areLists = (nodes: Sides<BodyNode | undefined>): nodes is Sides<BodyNode> => {
  const [base, theirs, yours] = nodes;
  if (!base || !theirs || !yours || !/List$/.test(base.type)) return false;
  const alike = same(frameOf(base), frameOf(theirs)) && same(frameOf(base), frameOf(yours));
  return alike && [base, theirs, yours].every(({ content = [] }) => areNamed(content));
};

function mergeBlock(id: string, nodes: Sides<BodyNode | undefined>): MergedBlocks {
  const settled = settle(...nodes);
  if (settled) return { blocks: settled.value ? [settled.value] : [], conflicts: [] };
  if (areLists(nodes)) {
    const [base, theirs, yours] = nodes;
    const items = mergeBlocks(base.content ?? [], theirs.content ?? [], yours.content ?? []);
    // A list without items is none.
    const blocks = items.blocks.length > 0 ? [{ ...base, content: items.blocks }] : [];
    return { blocks, conflicts: items.conflicts };
  }
  const [base = null, theirs = null, yours = null] = nodes;
  return { blocks: theirs ? [theirs] : [], conflicts: [{ block: id, what: 'content', base, theirs, yours }] };
}

/** After which block a block stands, or `null` at the start. */
function neighbour(blocks: readonly BodyNode[], id: string): { readonly after: string | null } | null {
  const at = blocks.findIndex((block) => idOf(block) === id);
  const before = blocks[at - 1];
  return at < 0 ? null : { after: before ? idOf(before) : null };
}

/**
 * Merges blocks by their ids: what one side alone changed, inserted, removed or moved is taken from that side, and what
 * both did alike is done once. Each block that both changed differently is a conflict.
 */
export function mergeBlocks(
  base: readonly BodyNode[],
  theirs: readonly BodyNode[],
  yours: readonly BodyNode[],
): MergedBlocks {
  const sides = [base, theirs, yours].map((blocks) => new Map(blocks.map((block) => [idOf(block), block])));
  const nodesOf = (id: string): Sides<BodyNode | undefined> => [
    sides[0]?.get(id),
    sides[1]?.get(id),
    sides[2]?.get(id),
  ];
  const { order, clashes } = mergeOrder(base.map(idOf), theirs.map(idOf), yours.map(idOf));
  const merged = order.map((id) => mergeBlock(id, nodesOf(id)));
  // Removed by one side, which is right only while the other left it alone.
  const kept = new Set(order);
  const gone = base.filter((block) => !kept.has(idOf(block)));
  const lost = gone.flatMap((block) => mergeBlock(idOf(block), nodesOf(idOf(block))).conflicts);
  const misplaced = clashes.map(
    (id): Conflict => ({
      block: id,
      what: 'place',
      base: neighbour(base, id),
      theirs: neighbour(theirs, id),
      yours: neighbour(yours, id),
    }),
  );
  return {
    blocks: merged.flatMap(({ blocks }) => blocks),
    conflicts: [...merged.flatMap(({ conflicts }) => conflicts), ...lost, ...misplaced],
  };
}
