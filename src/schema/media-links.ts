import type { BodyMark } from './types.ts';

/** A link to an item of the media library. One form only, so that the same link is always the same text. */
const MEDIA_LINK = /^media:([0-9a-f]{24})$/;

/** True for the target of a link to an item of the media library. */
export const isMediaLink = (href: string): boolean => MEDIA_LINK.test(href);

/** The target of a link to this item. */
export const mediaLinkTo = (media: string): string => `media:${media}`;

/** The item that a mark links to; null for other marks and other links. */
export function linkedMedia({ type, attrs }: BodyMark): string | null {
  return type === 'link' ? (MEDIA_LINK.exec(String(attrs?.href ?? ''))?.[1] ?? null) : null;
}
