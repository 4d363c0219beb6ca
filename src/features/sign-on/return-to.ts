/** Escapes of what ends or splits a path: slash, backslash, percent sign, control characters. */
const HIDDEN = /%(?:2f|5c|25|[01][0-9a-f]|7f)/i;
const HOME = 'https://copydesk.invalid';

/**
 * The text when it is a path of this server in the one form that every browser reads alike, else `null`: no host, no
 * scheme, no backslash, no dots to climb by, and nothing that becomes one of these when it is decoded once more.
 */
export function ownPath(text: string): string | null {
  if (!text.startsWith('/') || !URL.canParse(text, HOME)) return null;
  const { origin, pathname, search, hash } = new URL(text, HOME);
  const isPlain = !pathname.includes('//') && !HIDDEN.test(pathname);
  return origin === HOME && isPlain && pathname + search + hash === text ? text : null;
}
