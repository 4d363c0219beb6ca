import { linkedMedia } from './media-links.ts';
import type { BodyDoc, BodyNode } from './types.ts';

/** What a place in a story can show. */
export type MediaKind = 'image' | 'video' | 'audio';

export interface PlacedMedia {
  readonly media: string;
  /** From the body on: `/content/1/attrs/poster`; of a link, where its mark is. */
  readonly pointer: string;
  /** The id of the nearest block. */
  readonly block: string | undefined;
  /** What can stand there; `any`: a link leads to whatever there is. */
  readonly kind: MediaKind | 'any';
  readonly use: 'body' | 'gallery' | 'link';
}

/** What a block shows, by its type; a gallery shows pictures, and so does the poster of a film. */
const KINDS: Readonly<Record<string, MediaKind>> = {
  image: 'image',
  gallery: 'image',
  video: 'video',
  audio: 'audio',
};

/** Every media item that a story shows or links to, each time that it does, with what can stand there. */
export const placedMedia = ({ content }: BodyDoc, pointer = ''): PlacedMedia[] =>
  below(content, pointer, undefined);

function below(nodes: readonly BodyNode[], pointer: string, around: string | undefined): PlacedMedia[] {
  return nodes.flatMap((node, index) => {
    const at = `${pointer}/content/${index}`;
    const block = typeof node.attrs?.id === 'string' ? node.attrs.id : around;
    const before = nodes[index - 1];
    const shown = [...shownBy(node, `${at}/attrs`), ...linkedBy(node, at, before)].map((one) => ({
      ...one,
      block,
    }));
    return [...shown, ...below(node.content ?? [], at, block)];
  });
}

function shownBy({ type, attrs = {} }: BodyNode, at: string): Omit<PlacedMedia, 'block'>[] {
  const kind = KINDS[type];
  if (!kind) return [];
  const items = Array.isArray(attrs.items) ? (attrs.items as readonly { readonly media?: unknown }[]) : [];
  const use = 'body' as const;
  const named = [
    { media: attrs.media, pointer: `${at}/media`, kind, use },
    { media: attrs.poster, pointer: `${at}/poster`, kind: 'image' as const, use },
    ...items.map(({ media }, index) => ({
      ...{ media, pointer: `${at}/items/${index}/media`, kind },
      use: 'gallery' as const,
    })),
  ];
  return named.flatMap((one) => (typeof one.media === 'string' ? [{ ...one, media: one.media }] : []));
}

/** A link that goes on from the text before, marked otherwise within, is one. */
function linkedBy(
  { marks = [] }: BodyNode,
  at: string,
  before: BodyNode | undefined,
): Omit<PlacedMedia, 'block'>[] {
  const known = before?.marks?.map(linkedMedia) ?? [];
  return marks.flatMap((mark, index) => {
    const media = linkedMedia(mark);
    if (media === null || known.includes(media)) return [];
    return [{ media, pointer: `${at}/marks/${index}/attrs/href`, kind: 'any', use: 'link' }];
  });
}
