import type { BodyNode } from './types.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** A random block id: 12 characters, 72 bits. */
export function newBlockId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => ALPHABET[byte & 63]).join('');
}

/**
 * Gives every direct child of the document and every list item an id that is its own. Ids that are there stay,
 * so that notes, diffs and links keep pointing at their block; of two alike, the later one is replaced.
 */
export function withBlockIds(content: BodyNode[], newId: () => string): BodyNode[] {
  const given = collectIds(content, new Set());
  const used = new Set<string>();
  const fresh = () => {
    for (let tries = 0; tries < 100; tries += 1) {
      const id = newId();
      if (!given.has(id) && !used.has(id)) return id;
    }
    throw new RangeError('newId gives the same ids again and again');
  };
  const own = (node: BodyNode, needed: boolean): BodyNode => {
    const id = node.attrs?.id as string | undefined;
    const kept = id === undefined || used.has(id) ? (needed || id !== undefined ? fresh() : undefined) : id;
    if (kept !== undefined) used.add(kept);
    return {
      ...node,
      ...(kept !== undefined && { attrs: { ...node.attrs, id: kept } }),
      ...(node.content && { content: node.content.map((child) => own(child, child.type === 'listItem')) }),
    };
  };
  return content.map((node) => own(node, true));
}

function collectIds(nodes: BodyNode[], ids: Set<string>): Set<string> {
  for (const node of nodes) {
    if (typeof node.attrs?.id === 'string') ids.add(node.attrs.id);
    if (node.content) collectIds(node.content, ids);
  }
  return ids;
}
