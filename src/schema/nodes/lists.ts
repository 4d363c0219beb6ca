import { z } from 'zod';
import { BlockId } from '../attributes.ts';
import { withFirstKey } from '../portable-text.ts';
import type { BodyNode } from '../types.ts';
import { type BlocksAt, blockRow, type ListPlace, type MarkdownAt, type Parsed } from './row.ts';

const attrs = z.strictObject({ id: BlockId });

/** The items of a list as blocks, one level below the list that holds it. */
function itemBlocks(node: Parsed<unknown>, at: BlocksAt, listItem: ListPlace['listItem']) {
  return at.flow(node.content, { list: { listItem, level: (at.list?.level ?? 0) + 1 } });
}

/** The items of a list, each after its sign, with what belongs to an item indented below it. */
function itemLines(items: BodyNode[], at: MarkdownAt, sign: (index: number) => string): string {
  const texts = items.map((item) => at.flow([item]));
  const glue = items.some((item) => (item.content?.length ?? 0) > 1) ? '\n\n' : '\n';
  const hang = (text: string, width: number) => text.replace(/\n(?=[^\n])/g, `\n${' '.repeat(width)}`);
  return texts.map((text, i) => `${sign(i)} ${hang(text, sign(i).length + 1)}`.trimEnd()).join(glue);
}

export const bulletList = blockRow({
  content: 'listItem+',
  group: 'block',
  attrs,
  blocks: (node, at) => itemBlocks(node, at, 'bullet'),
  html: (node, at) => `<ul>${at.flow(node.content)}</ul>`,
  markdown: (node, at) => itemLines(node.content, at, () => (at.alternate ? '*' : '-')),
  text: (node, at) => at.flow(node.content),
});

export const orderedList = blockRow({
  content: 'listItem+',
  group: 'block',
  attrs,
  blocks: (node, at) => itemBlocks(node, at, 'number'),
  html: (node, at) => `<ol>${at.flow(node.content)}</ol>`,
  markdown: (node, at) => itemLines(node.content, at, (i) => `${i + 1}${at.alternate ? ')' : '.'}`),
  text: (node, at) => at.flow(node.content),
});

export const listItem = blockRow({
  content: 'paragraph block*',
  group: '',
  attrs,
  // Portable Text is flat: what follows the first paragraph becomes further items of the same level.
  blocks: (node, at) => withFirstKey(at.flow(node.content), at.key),
  html: (node, at) => `<li>${at.compact(node.content)}</li>`,
  markdown: (node, at) => at.flow(node.content),
  text: (node, at) => at.flow(node.content),
});
