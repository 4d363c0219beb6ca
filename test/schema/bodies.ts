import type { BodyMark, BodyNode, BodyRefs, DeliveredRendition } from '../../src/schema/types.ts';

export const MEDIA_ID = '0123456789abcdef01234567';
export const POSTER_ID = '0123456789abcdef01234568';
export const ARTICLE_ID = '0123456789abcdef01234569';

/** A document of nodes that may be anything. */
export function doc(...content: unknown[]): { type: 'doc'; content: unknown[] } {
  return { type: 'doc', content };
}

export function text(words: string, ...marks: BodyMark[]): BodyNode {
  return marks.length > 0 ? { type: 'text', text: words, marks } : { type: 'text', text: words };
}

export function paragraph(words: string): BodyNode {
  return { type: 'paragraph', content: [text(words)] };
}

/** What the ids above stand for. The items say nothing themselves, so that every word in a projection is the story's. */
export function silentRefs(): BodyRefs {
  const item = (id: string) => ({ id, alt: '', caption: '', credit: '', renditions: [rendition('l', 1280)] });
  return { media: new Map([MEDIA_ID, POSTER_ID].map((id) => [id, item(id)])), articles: new Map() };
}

export function rendition(name: string, width: number, type = 'image/webp'): DeliveredRendition {
  return { name, url: `/content/v1/media/${name}.webp`, width, height: (width * 9) / 16, type };
}
