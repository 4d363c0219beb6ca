import type { BodyMark, BodyNode, EmbedProviderName } from '../../schema/index.ts';

/** A short hand for the bodies of the demo stories: each function is one node or mark of the schema. */
export type Inline = string | BodyNode;

const inline = (parts: readonly Inline[]): BodyNode[] =>
  parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part));

const marked =
  (mark: BodyMark) =>
  (part: Inline): BodyNode => {
    const node: BodyNode = typeof part === 'string' ? { type: 'text', text: part } : part;
    return { ...node, marks: [...(node.marks ?? []), mark] };
  };

export const lead = marked({ type: 'leadIn' });
export const b = marked({ type: 'bold' });
export const i = marked({ type: 'italic' });
export const u = marked({ type: 'underline' });
export const s = marked({ type: 'strike' });
export const sup = marked({ type: 'superscript' });
export const sub = marked({ type: 'subscript' });
export const link = (words: Inline, href: string): BodyNode =>
  marked({ type: 'link', attrs: { href } })(words);

export const br: BodyNode = { type: 'hardBreak' };
export const rule: BodyNode = { type: 'horizontalRule' };

export const p = (...parts: readonly Inline[]): BodyNode => ({ type: 'paragraph', content: inline(parts) });

const heading =
  (level: number) =>
  (words: string): BodyNode => ({ type: 'heading', attrs: { level }, content: inline([words]) });
export const h2 = heading(2);
export const h3 = heading(3);
export const h4 = heading(4);

type Item = Inline | readonly BodyNode[];
const item = (one: Item): BodyNode => ({
  type: 'listItem',
  content: Array.isArray(one) ? [...(one as readonly BodyNode[])] : [p(one as Inline)],
});
export const list = (...items: readonly Item[]): BodyNode => ({
  type: 'bulletList',
  content: items.map(item),
});
export const steps = (...items: readonly Item[]): BodyNode => ({
  type: 'orderedList',
  content: items.map(item),
});

export const quote = (...blocks: readonly BodyNode[]): BodyNode => ({
  type: 'blockquote',
  content: [...blocks],
});
export const pull = (words: string, credit: string): BodyNode => ({
  type: 'pullQuote',
  attrs: { credit },
  content: inline([words]),
});
export const fact = (title: string, ...blocks: readonly BodyNode[]): BodyNode => ({
  type: 'factBox',
  attrs: { title },
  content: [...blocks],
});

export const image = (media: string, caption?: string): BodyNode => ({
  type: 'image',
  attrs: { media, caption: caption ?? null },
});
export const gallery = (...items: readonly (readonly [media: string, caption: string])[]): BodyNode => ({
  type: 'gallery',
  attrs: { items: items.map(([media, caption]) => ({ media, caption })) },
});
export const related = (article: string): BodyNode => ({ type: 'relatedArticle', attrs: { article } });
export const embed = (provider: EmbedProviderName, ref: string): BodyNode => ({
  type: 'embed',
  attrs: { provider, ref },
});
export const ad = (slot: string): BodyNode => ({ type: 'adSlot', attrs: { slot } });
export const appeal = (placement: string): BodyNode => ({ type: 'appealSlot', attrs: { placement } });

const cells =
  (type: 'tableHeader' | 'tableCell') =>
  (words: string): BodyNode => ({ type, content: [p(words)] });
const row = (content: BodyNode[]): BodyNode => ({ type: 'tableRow', content });

/** The first row heads the columns, the first cell of every other row its row. */
export const table = (head: readonly string[], ...rows: readonly (readonly string[])[]): BodyNode => ({
  type: 'table',
  content: [
    row(head.map(cells('tableHeader'))),
    ...rows.map(([first = '', ...rest]) =>
      row([cells('tableHeader')(first), ...rest.map(cells('tableCell'))]),
    ),
  ],
});
