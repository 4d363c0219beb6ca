import type { TextAt } from '../nodes/row.ts';
import type { BodyDoc, BodyNode } from '../types.ts';
import { blockRowOf } from './block-row.ts';
import { inlineRow } from './inline-tokens.ts';
import { joinLines, withoutBlankLines } from './lines.ts';

/**
 * The words of a story, blocks parted by exactly one blank line. Carried: all text, pull quotes and their
 * credits, titles of fact boxes, table cells (a row a line, cells parted by tabs), the captions and credits
 * written in this story, the addresses of embeds. Not carried, as they are no words of this story: what media
 * items say of themselves, alternative texts, headlines of related articles.
 */
export function toText(doc: BodyDoc): string {
  return flow(doc.content);
}

const AT: TextAt = { flow, inline };

function flow(nodes: BodyNode[]): string {
  const texts = nodes.map((node) => {
    const { row, block } = blockRowOf(node);
    return row.text(block, AT);
  });
  return joinLines(texts, '\n\n');
}

function inline(nodes: BodyNode[]): string {
  return withoutBlankLines(nodes.map((node) => inlineRow(node).text(node)).join(''));
}
