import { BODY_LIMITS } from './limits.ts';
import { isMediaLink } from './media-links.ts';

/** The only forms a link may take. An allow-list: what is not named here is refused, whatever it is called. */
const FORMS: readonly ((href: string) => boolean)[] = [
  // `http:\\x` and `http:x` reach other places in a browser than they seem to: two slashes are a must.
  (href) => /^https?:\/\/[^/\\?#]/i.test(href) && isUrl(href),
  (href) => /^mailto:./i.test(href) && isUrl(href),
  (href) => /^tel:\+?[0-9(][0-9().;=\-a-z]*$/i.test(href),
  // Browsers read a backslash as a slash, so `/\host` is another site.
  (href) => /^\/(?![/\\])/.test(href) && isUrl(href, 'https://site.invalid'),
  // Ours: readers get the address of the file.
  isMediaLink,
];

/** C0 and C1 controls, DEL and halves of characters. A browser drops some of these before it reads the scheme. */
const FORBIDDEN = /\p{Cc}|\p{Cs}/u;

/**
 * Reads a link target the way a browser's URL parser does (WHATWG URL) and gives it back trimmed, or null
 * when a browser could take it for anything but http, https, mailto, tel or a path on the publisher's site. A link to
 * an item of the media library, which no browser sees, is the one form of our own.
 */
export function cleanHref(value: string): string | null {
  // Measured first: nothing below is meant for text of any length.
  if (value.length > BODY_LIMITS.url) return null;
  const href = value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '').replaceAll(' ', '%20');
  if (FORBIDDEN.test(href)) return null;
  return FORMS.some((matches) => matches(href)) ? href : null;
}

/** Not `URL.canParse`: once optimised, Node 20's says no to every URL with a letter such as å. */
function isUrl(href: string, base?: string): boolean {
  try {
    return new URL(href, base).href !== '';
  } catch {
    return false;
  }
}

/** True for a link that leaves the publisher's site. */
export function isExternal(href: string): boolean {
  return /^https?:/i.test(href);
}
