import type { DeliveredMedia } from './types.ts';

export type PortableTextStyle = 'normal' | 'h2' | 'h3' | 'h4' | 'blockquote';

export interface PortableTextSpan {
  _type: 'span';
  _key: string;
  text: string;
  /** Decorators, and the `_key`s of links in `markDefs`. */
  marks: string[];
}

export interface PortableTextLink {
  _type: 'link';
  _key: string;
  href: string;
}

export interface TextContent {
  markDefs: PortableTextLink[];
  children: PortableTextSpan[];
}

export interface PortableTextTextBlock extends TextContent {
  _type: 'block';
  _key: string;
  style: PortableTextStyle;
  listItem?: 'bullet' | 'number';
  level?: number;
}

/** A picture, clip or sound with its words; nothing has to be fetched to show it. */
export interface PortableTextFigure {
  _key: string;
  media: Pick<DeliveredMedia, 'id' | 'focalPoint' | 'dominantColor' | 'placeholder' | 'renditions'>;
  alt: string;
  caption: string;
  credit: string;
}

export interface PortableTextCell {
  _key: string;
  header: boolean;
  colspan: number;
  rowspan: number;
  content: PortableTextBlock[];
}

/** Every block of the `blocks` projection (portabletext.org), told apart by `_type`. */
export type PortableTextBlock =
  | PortableTextTextBlock
  | ({ _type: 'image' } & PortableTextFigure)
  | { _type: 'gallery'; _key: string; items: PortableTextFigure[] }
  | ({ _type: 'video'; poster: PortableTextFigure['media'] | null } & PortableTextFigure)
  | ({ _type: 'audio' } & PortableTextFigure)
  | { _type: 'embed'; _key: string; provider: string; ref: string; url: string }
  | ({ _type: 'pullQuote'; _key: string; credit: string | null } & TextContent)
  | { _type: 'factBox'; _key: string; title: string; content: PortableTextBlock[] }
  | {
      _type: 'relatedArticle';
      _key: string;
      article: { id: string; slug: string; url: string; headline: string };
    }
  | { _type: 'table'; _key: string; rows: { _key: string; cells: PortableTextCell[] }[] }
  | { _type: 'divider'; _key: string }
  | { _type: 'adSlot'; _key: string; slot: string }
  | { _type: 'appealSlot'; _key: string; placement: string };

/**
 * The blocks that a container is flattened into, the first with the container's own id as its `_key`: a note or
 * an error report that names the container then finds its beginning.
 */
export function withFirstKey(blocks: PortableTextBlock[], key: string): PortableTextBlock[] {
  return blocks.map((block, i) => (i === 0 ? { ...block, _key: key } : block));
}
