import { MARK_TABLE } from '../marks.ts';
import type { HtmlAt } from '../nodes/row.ts';
import type { BodyDoc, BodyMark, BodyNode, BodyRefs } from '../types.ts';
import { addressed } from './addressed.ts';
import { blockRowOf } from './block-row.ts';
import { inlineTokens } from './inline-tokens.ts';
import { joinLines } from './lines.ts';

/**
 * The story as semantic HTML, without blank lines. Every tag and attribute name comes from the node table,
 * every text and value is escaped: nothing a writer types becomes markup.
 */
export function toHtml(doc: BodyDoc, refs: BodyRefs): string {
  return nodesToHtml(addressed(doc, refs).content, refs);
}

/** Some blocks of a story as HTML, whose links are addresses. */
export function nodesToHtml(nodes: BodyNode[], refs: BodyRefs): string {
  return flow(nodes, { refs, scope: 'row' });
}

type Place = Pick<HtmlAt, 'refs' | 'scope'>;

function flow(nodes: BodyNode[], place: Place): string {
  return joinLines(
    nodes.map((node) => {
      const { row, block } = blockRowOf(node);
      return row.html(block, at(place));
    }),
  );
}

function at(place: Place): HtmlAt {
  return {
    ...place,
    flow: (nodes, inside) => flow(nodes, { ...place, ...inside }),
    compact: (nodes) =>
      nodes.length === 1 && nodes[0]?.type === 'paragraph'
        ? inline(nodes[0].content ?? [])
        : flow(nodes, place),
    inline,
  };
}

function inline(nodes: BodyNode[]): string {
  return inlineTokens(nodes)
    .map((token) => (token.kind === 'node' ? token.row.html(token.node) : markTags(token.mark)[token.kind]))
    .join('');
}

function markTags(mark: BodyMark): { open: string; close: string } {
  return MARK_TABLE.get(mark.type)?.html(mark) ?? { open: '', close: '' };
}
