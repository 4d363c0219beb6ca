import { adSlot, appealSlot, embed, factBox, relatedArticle } from './boxes.ts';
import { hardBreak, text } from './inline.ts';
import { bulletList, listItem, orderedList } from './lists.ts';
import { audio, gallery, image, video } from './media.ts';
import { blockquote, heading, horizontalRule, paragraph, pullQuote } from './prose.ts';
import type { BlockRow, InlineRow, NodeBase } from './row.ts';
import { table, tableCell, tableHeader, tableRow } from './tables.ts';

/** Every block of the contract. A new one is a row here: the compiler asks for its attributes and projections. */
const BLOCKS = {
  paragraph,
  heading,
  bulletList,
  orderedList,
  listItem,
  blockquote,
  pullQuote,
  image,
  gallery,
  video,
  audio,
  embed,
  relatedArticle,
  factBox,
  table,
  tableRow,
  tableHeader,
  tableCell,
  horizontalRule,
  adSlot,
  appealSlot,
} as const satisfies Record<string, BlockRow<never>>;

/** What stands in a line of text. */
const INLINES = { text, hardBreak } as const satisfies Record<string, InlineRow>;

/** What the document may hold. Empty is fine: a draft needs only a headline. */
export const DOC_CONTENT = '(block | slot)*';

/** The row of a block, for names that come from outside. */
export const BLOCK_TABLE: ReadonlyMap<string, BlockRow> = new Map(
  Object.entries(BLOCKS as unknown as Record<string, BlockRow>),
);

/** The row of an inline node, for names that come from outside. */
export const INLINE_TABLE: ReadonlyMap<string, InlineRow> = new Map(Object.entries(INLINES));

/** Every node but the document itself. */
export const NODE_TABLE: ReadonlyMap<string, NodeBase> = new Map<string, NodeBase>([
  ...BLOCK_TABLE,
  ...INLINE_TABLE,
]);
