import { type BodyMark, type BodyNode, bodySchema } from '../../../schema/index.ts';

/** A stretch of a block's words that stand in one dress. */
export interface Piece {
  readonly text: string;
  /** In what the words stand, in words: `bulletList > listItem > paragraph, bold`. */
  readonly dress: string;
  /** The attribute that holds them (a caption, a title); absent for the running text. */
  readonly attribute?: string;
}

const INLINE = new Set(
  Object.entries(bodySchema.nodes).flatMap(([name, type]) => (type.inlineContent ? [name] : [])),
);

/**
 * Everything that a block says, as lines: attributes that are text, then what is in it, whatever the nesting. A new
 * kind of block needs nothing here.
 */
export function linesOf(block: BodyNode): Piece[] {
  const lines = nodeLines(block, []);
  return lines
    .flatMap((line, index) => (index === 0 ? line : [{ text: '\n', dress: line[0]?.dress ?? '' }, ...line]))
    .filter(({ text }) => text !== '');
}

function nodeLines(node: BodyNode, above: readonly string[]): Piece[][] {
  const path = [...above, nameOf(node)];
  const dress = path.join(' > ');
  const attributes = Object.entries(node.attrs ?? {}).flatMap(([name, value]) =>
    name === 'id' ? [] : attributeLines(value, name, dress),
  );
  if (INLINE.has(node.type)) return [...attributes, textLine(node.content ?? [], dress)];
  const inside = (node.content ?? []).flatMap((child) => nodeLines(child, path));
  const lines = [...attributes, ...inside];
  return lines.length > 0 ? lines : [[{ text: '', dress }]];
}

/** The kind of a node with those attributes that are no words: `heading 2`, `tableCell colspan 2`. */
function nameOf({ type, attrs = {} }: BodyNode): string {
  const numbers = Object.entries(attrs).filter(([, value]) => typeof value === 'number' && value !== 1);
  return [type, ...numbers.map(([name, value]) => (name === 'level' ? value : `${name} ${value}`))].join(' ');
}

function attributeLines(value: unknown, name: string, dress: string): Piece[][] {
  if (typeof value === 'string') return value === '' ? [] : [[{ text: value, dress, attribute: name }]];
  if (Array.isArray(value)) return value.flatMap((item) => attributeLines(item, name, dress));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, item]) => attributeLines(item, member, dress));
}

const markName = ({ type, attrs }: BodyMark): string => (attrs?.href ? `${type} ${attrs.href}` : type);

const textLine = (nodes: readonly BodyNode[], dress: string): Piece[] => {
  const pieces = nodes.map((node) => ({
    text: node.type === 'hardBreak' ? '\n' : (node.text ?? ''),
    dress: [dress, ...(node.marks ?? []).map(markName)].join(', '),
  }));
  return pieces.length > 0 ? pieces : [{ text: '', dress }];
};

export const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
