import { hrefOf, MARK_TABLE } from '../marks.ts';
import type { BlocksAt } from '../nodes/row.ts';
import type { PortableTextBlock, PortableTextLink, PortableTextSpan, TextContent } from '../portable-text.ts';
import type { BodyDoc, BodyMark, BodyNode, BodyRefs } from '../types.ts';
import { addressed } from './addressed.ts';
import { blockRowOf } from './block-row.ts';
import { inlineRow } from './inline-tokens.ts';

/**
 * The story as a Portable Text array (portabletext.org). Block ids are `_key`s; a key that has to be made is the
 * container's key, a full stop (which no id holds) and a number, so that the same story always has the same keys.
 * Lists and quotes are flat: each paragraph in them is a block with `listItem` and `level`, or style `blockquote`.
 */
export function toBlocks(doc: BodyDoc, refs: BodyRefs): PortableTextBlock[] {
  return flow(addressed(doc, refs).content, { refs, key: 'body', style: 'normal', list: null });
}

type Place = Pick<BlocksAt, 'refs' | 'key' | 'style' | 'list'>;

function flow(nodes: BodyNode[], place: Place): PortableTextBlock[] {
  return nodes.flatMap((node, i) => {
    const { row, block } = blockRowOf(node);
    const own = block.attrs.id;
    const here = { ...place, key: typeof own === 'string' ? own : `${place.key}.${i}` };
    return row.blocks(block, {
      ...here,
      flow: (children, inside) => flow(children, { ...here, ...inside }),
      spans: (children) => spans(children, here.key),
    });
  });
}

function spans(nodes: BodyNode[], key: string): TextContent {
  const links = new Map<string, PortableTextLink>();
  const children: PortableTextSpan[] = [];
  for (const node of nodes) {
    const marks = (node.marks ?? []).map((mark) => markName(mark, links, key));
    const text = inlineRow(node).text(node);
    const last = children.at(-1);
    if (last && String(last.marks) === String(marks)) last.text += text;
    else children.push(span(key, children.length, text, marks));
  }
  // A block without a span is no valid block.
  return { markDefs: [...links.values()], children: children.length > 0 ? children : [span(key, 0, '', [])] };
}

function span(key: string, index: number, text: string, marks: string[]): PortableTextSpan {
  return { _type: 'span', _key: `${key}.s${index}`, text, marks };
}

/** The decorator of a mark, or the key of its link, which is defined where it is first met. */
function markName(mark: BodyMark, links: Map<string, PortableTextLink>, key: string): string {
  const decorator = MARK_TABLE.get(mark.type)?.decorator;
  if (typeof decorator === 'string') return decorator;
  const href = hrefOf(mark);
  const link = links.get(href) ?? { _type: 'link', _key: `${key}.l${links.size}`, href };
  links.set(href, link);
  return link._key;
}
