import type { BodyDoc, BodyNode } from './types.ts';

/** What a place in a story can show. */
export type MediaKind = 'image' | 'video' | 'audio';

export interface PlacedMedia {
  readonly media: string;
  /** From the body on: `/content/1/attrs/poster`. */
  readonly pointer: string;
  readonly kind: MediaKind;
}

/** What a block shows, by its type; a gallery shows pictures, and so does the poster of a film. */
const KINDS: Readonly<Record<string, MediaKind>> = {
  image: 'image',
  gallery: 'image',
  video: 'video',
  audio: 'audio',
};

/** Every media item that a story shows, each time that it does, with what can stand there. */
export function placedMedia({ content }: BodyDoc, pointer = ''): PlacedMedia[] {
  return content.flatMap((node, index) => {
    const at = `${pointer}/content/${index}`;
    const below = node.content ? placedMedia(node as BodyDoc, at) : [];
    return [...shownBy(node, `${at}/attrs`), ...below];
  });
}

function shownBy({ type, attrs = {} }: BodyNode, at: string): PlacedMedia[] {
  const kind = KINDS[type];
  if (!kind) return [];
  const items = Array.isArray(attrs.items) ? (attrs.items as readonly { readonly media?: unknown }[]) : [];
  const named = [
    { media: attrs.media, pointer: `${at}/media`, kind },
    { media: attrs.poster, pointer: `${at}/poster`, kind: 'image' as const },
    ...items.map(({ media }, index) => ({ media, pointer: `${at}/items/${index}/media`, kind })),
  ];
  return named.flatMap((one) => (typeof one.media === 'string' ? [{ ...one, media: one.media }] : []));
}
