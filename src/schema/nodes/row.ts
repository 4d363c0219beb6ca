import type { z } from 'zod';
import type { PortableTextBlock, PortableTextStyle, TextContent } from '../portable-text.ts';
import type { BodyNode, BodyRefs } from '../types.ts';

/** What every node says to the parser and to ProseMirror. */
export interface NodeBase {
  /** ProseMirror content expression; empty for a node without children. */
  content: string;
  /** `block` may stand anywhere that blocks may; `slot` directly in the document only. */
  group: 'block' | 'slot' | 'inline' | '';
  /** Strict: an attribute that is not named is refused. Its output is the canonical form. */
  attrs: z.ZodObject;
}

/** A parsed node with its attributes as the row's schema types them. */
export interface Parsed<Attrs> {
  type: string;
  attrs: Attrs;
  content: BodyNode[];
}

/** Where a block stands in a list. */
export interface ListPlace {
  listItem: 'bullet' | 'number';
  level: number;
}

export interface BlocksAt {
  refs: BodyRefs;
  /** The `_key` of this block. */
  key: string;
  style: PortableTextStyle;
  list: ListPlace | null;
  /** The children as blocks, keyed by their own ids or by this block's. */
  flow(nodes: BodyNode[], inside?: Partial<Pick<BlocksAt, 'key' | 'style' | 'list'>>): PortableTextBlock[];
  spans(nodes: BodyNode[]): TextContent;
}

export interface HtmlAt {
  refs: BodyRefs;
  /** What a header cell heads: the column when its whole row is headers, else its row. */
  scope: 'col' | 'row';
  flow(nodes: BodyNode[], inside?: Partial<Pick<HtmlAt, 'scope'>>): string;
  /** As `flow`, a lone paragraph without its tag: list items, table cells. */
  compact(nodes: BodyNode[]): string;
  inline(nodes: BodyNode[]): string;
}

export interface MarkdownAt {
  refs: BodyRefs;
  /** True for a list right after a list of the same kind: it needs another sign to be a list of its own. */
  alternate: boolean;
  flow(nodes: BodyNode[]): string;
  /** The nodes as HTML without blank lines, which CommonMark lets stand as a block (section 4.6). */
  html(nodes: BodyNode[]): string;
  /** `oneLine`: line breaks as `<br>`, for headings and table cells. */
  inline(nodes: BodyNode[], oneLine?: boolean): string;
}

export interface TextAt {
  flow(nodes: BodyNode[]): string;
  inline(nodes: BodyNode[]): string;
}

/** One block node: its place in the schema and its four projections. None can be left out. */
export interface BlockRow<Attrs = Record<string, unknown>> extends NodeBase {
  blocks(node: Parsed<Attrs>, at: BlocksAt): PortableTextBlock[];
  html(node: Parsed<Attrs>, at: HtmlAt): string;
  markdown(node: Parsed<Attrs>, at: MarkdownAt): string;
  text(node: Parsed<Attrs>, at: TextAt): string;
}

/** One inline node. Portable Text takes its `text` into a span; Markdown escapes it. */
export interface InlineRow extends NodeBase {
  text(node: BodyNode): string;
  html(node: BodyNode): string;
}

/** Types the projections of a row by its attributes. */
export function blockRow<Attrs extends z.ZodObject>(
  row: BlockRow<z.output<Attrs>> & { attrs: Attrs },
): BlockRow<z.output<Attrs>> {
  return row;
}
