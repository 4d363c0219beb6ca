import MarkdownIt from 'markdown-it';
import { parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { PortableTextBlock, TextContent } from '../../src/schema/portable-text.ts';

/** Text with every run of white space as one space: how a reader sees it. */
export function collapsed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const INLINE = new Set(['a', 'strong', 'em', 'u', 's', 'del', 'sup', 'sub', 'span']);

/** The text of HTML as the HTML Standard's parser reads it, block elements set apart. */
export function textOfHtml(html: string): string {
  return collapsed(parseFragment(html).childNodes.map(textOfNode).join(''));
}

function textOfNode(node: Tree.Node): string {
  if ('value' in node) return node.value;
  if (!('childNodes' in node)) return '';
  const text = node.childNodes.map(textOfNode).join('');
  return INLINE.has(node.nodeName) ? text : ` ${text} `;
}

/** All that stands in elements of one name, without spaces. */
export function markedIn(html: string, tag: string): string {
  const below = (node: Tree.Node): string => {
    if (node.nodeName === tag) return textOfNode(node);
    return 'childNodes' in node ? node.childNodes.map(below).join('') : '';
  };
  return parseFragment(html).childNodes.map(below).join('').replace(/\s/g, '');
}

/** Every element of HTML with its attributes. */
export function elementsOf(html: string): { name: string; attributes: Record<string, string> }[] {
  const below = (node: Tree.Node): Tree.Element[] =>
    'childNodes' in node ? [...('tagName' in node ? [node] : []), ...node.childNodes.flatMap(below)] : [];
  return below(parseFragment(html)).map((element) => ({
    name: element.tagName,
    attributes: Object.fromEntries(element.attrs.map(({ name, value }) => [name, value])),
  }));
}

const commonmark = new MarkdownIt({ html: true });

/** Markdown as an independent parser reads it. */
export function htmlOfMarkdown(markdown: string): string {
  return commonmark.render(markdown);
}

/** The text of Portable Text, by its specification only. */
export function textOfBlocks(blocks: PortableTextBlock[]): string {
  return collapsed(blocks.map(textOfBlock).join('\n'));
}

const spansText = (block: TextContent) => block.children.map((span) => span.text).join('');

function textOfBlock(block: PortableTextBlock): string {
  switch (block._type) {
    case 'block':
      return spansText(block);
    case 'pullQuote':
      return `${spansText(block)}\n${block.credit ?? ''}`;
    case 'factBox':
      return `${block.title}\n${textOfBlocks(block.content)}`;
    case 'table':
      return block.rows.flatMap((row) => row.cells.map((cell) => textOfBlocks(cell.content))).join('\n');
    case 'image':
    case 'video':
    case 'audio':
      return `${block.caption}\n${block.credit}`;
    case 'gallery':
      return block.items.map((item) => `${item.caption}\n${item.credit}`).join('\n');
    case 'embed':
      return block.url;
    default:
      return '';
  }
}
