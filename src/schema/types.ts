/** A mark on a piece of text: bold, a link and so on. */
export interface BodyMark {
  type: string;
  attrs?: Record<string, unknown>;
}

/** A node as ProseMirror writes it to JSON. */
export interface BodyNode {
  type: string;
  attrs?: Record<string, unknown>;
  content?: BodyNode[];
  marks?: BodyMark[];
  text?: string;
}

/** The story: what `parseBody` lets through, in its one canonical form. */
export interface BodyDoc {
  type: 'doc';
  content: BodyNode[];
}

/** One fault in a body; `path` leads to it from the document, as in `['content', 0, 'attrs', 'level']`. */
export interface BodyIssue {
  path: (string | number)[];
  code: BodyIssueCode;
  message: string;
}

export type BodyIssueCode =
  | 'unknown_node'
  | 'unknown_mark'
  | 'unknown_attribute'
  | 'unknown_field'
  | 'invalid_node'
  | 'invalid_mark'
  | 'invalid_attribute'
  | 'invalid_text'
  | 'invalid_structure'
  | 'unsafe_url'
  | 'too_deep'
  | 'too_large';

/** One size or format of a media item. Width and height are pixels; sound has neither (0). */
export interface DeliveredRendition {
  name: string;
  url: string;
  width: number;
  height: number;
  type: string;
}

/** A media item as readers get it. */
export interface DeliveredMedia {
  id: string;
  alt: string;
  caption: string;
  credit: string;
  focalPoint?: { x: number; y: number };
  /** As CSS writes it. */
  dominantColor?: string;
  /** A tiny picture as a `data:` address, shown until the real one is there. */
  placeholder?: string;
  renditions: DeliveredRendition[];
}

/** Another story as readers reach it. */
export interface DeliveredLink {
  id: string;
  slug: string;
  url: string;
  headline: string;
}

/**
 * What the ids in a body stand for. An id that is absent here is not public (unpublished, rights lapsed):
 * the block that names it is left out of every projection, the words that link to it are not links.
 */
export interface BodyRefs {
  media: ReadonlyMap<string, DeliveredMedia>;
  articles: ReadonlyMap<string, DeliveredLink>;
}
