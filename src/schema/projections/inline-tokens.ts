import { commonMarks } from '../marks.ts';
import { INLINE_TABLE } from '../nodes/index.ts';
import type { InlineRow } from '../nodes/row.ts';
import type { BodyMark, BodyNode } from '../types.ts';

export type InlineToken =
  | { kind: 'open' | 'close'; mark: BodyMark }
  | { kind: 'node'; node: BodyNode; row: InlineRow };

/** A line of text as marks that open and close around its nodes, properly nested, each kept open while it can be. */
export function inlineTokens(nodes: BodyNode[]): InlineToken[] {
  const tokens: InlineToken[] = [];
  let open: BodyMark[] = [];
  const change = (marks: BodyMark[]) => {
    const kept = commonMarks(open, marks).length;
    for (const mark of open.slice(kept).reverse()) tokens.push({ kind: 'close', mark });
    for (const mark of marks.slice(kept)) tokens.push({ kind: 'open', mark });
    open = marks;
  };
  for (const node of nodes) {
    change(node.marks ?? []);
    tokens.push({ kind: 'node', node, row: inlineRow(node) });
  }
  change([]);
  return tokens;
}

/** The row of an inline node. */
export function inlineRow(node: BodyNode): InlineRow {
  const row = INLINE_TABLE.get(node.type);
  if (!row) throw new TypeError(`No inline node ${JSON.stringify(node.type)} in the body schema`);
  return row;
}
