import type { MarkdownAt } from '../nodes/row.ts';
import type { BodyDoc, BodyNode, BodyRefs } from '../types.ts';
import { addressed } from './addressed.ts';
import { blockRowOf } from './block-row.ts';
import { nodesToHtml } from './html.ts';
import { inlineMarkdown } from './inline-markdown.ts';

/**
 * The story as CommonMark 0.31 with the tables and strike-through of GitHub Flavored Markdown. What Markdown has
 * no sign for (underline, superscript, tables with spans) is written as the HTML it allows. Whatever a writer
 * typed reads back as the same characters.
 */
export function toMarkdown(doc: BodyDoc, refs: BodyRefs): string {
  return flow(addressed(doc, refs).content, refs);
}

function flow(nodes: BodyNode[], refs: BodyRefs): string {
  const at = {
    refs,
    flow: (children: BodyNode[]) => flow(children, refs),
    html: (children: BodyNode[]) => nodesToHtml(children, refs),
    inline: inlineMarkdown,
  } satisfies Omit<MarkdownAt, 'alternate'>;
  const texts: string[] = [];
  let last = { type: '', alternate: false };
  for (const node of nodes) {
    const { row, block } = blockRowOf(node);
    const alternate = node.type === last.type && !last.alternate;
    const text = row.markdown(block, { ...at, alternate });
    if (text === '') continue;
    texts.push(text);
    last = { type: node.type, alternate };
  }
  return texts.join('\n\n');
}
