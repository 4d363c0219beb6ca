import { BLOCK_TABLE } from '../nodes/index.ts';
import type { BlockRow, Parsed } from '../nodes/row.ts';
import type { BodyNode } from '../types.ts';

/** The row of a block, and the block as its projections take it. */
export function blockRowOf(node: BodyNode): { row: BlockRow; block: Parsed<Record<string, unknown>> } {
  const row = BLOCK_TABLE.get(node.type);
  if (!row) throw new TypeError(`No block ${JSON.stringify(node.type)} in the body schema`);
  return { row, block: { type: node.type, attrs: node.attrs ?? {}, content: node.content ?? [] } };
}
