import { WebUrl } from '../../contract/shapes.ts';
import type { Site } from '../../core/site.ts';

/** What somebody wrote, as one of three things. A story's path on the site and its slug are the same. */
export type Address =
  | { readonly kind: 'slug'; readonly slug: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const ODD = /[\s\\\p{Cc}]/u;
const HOST = 'http://site.invalid';

/** An address as it is kept and compared. */
export function keyOf(address: Address): string {
  switch (address.kind) {
    case 'slug':
      return `slug:${address.slug}`;
    case 'path':
      return `path:${address.path}`;
    case 'url':
      return `url:${address.url}`;
  }
}

/** The key of everything that leads to a story: its slugs come and go. */
export const storyKey = (id: unknown): string => `story:${id}`;

/** The key of what stands at an address: a story, whose slugs come and go, or the address itself. */
export const keyAt = (address: Address, owner: { readonly article: unknown } | null): string =>
  owner?.article ? storyKey(owner.article) : keyOf(address);

/** Whose a slug is. */
type SlugOwner = (slug: string) => Promise<{ readonly article: unknown } | null>;

/** The key under which a redirect from an address is kept; for what is no address, one that no redirect has. */
export async function startKey(from: string, site: Site, ownerOf: SlugOwner): Promise<string> {
  const address = addressOf(from, site);
  if (!address) return '';
  return keyAt(address, address.kind === 'slug' ? await ownerOf(address.slug) : null);
}

const ESCAPE = /%[0-9a-f]{2}/gi;
const UNRESERVED = /[\w.~-]/;

/** Escapes in capitals, and only where they must be (RFC 3986, section 6.2.2). */
const normal = (part: string): string =>
  part.replace(ESCAPE, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return UNRESERVED.test(character) ? character : escaped.toUpperCase();
  });

/** One spelling for a path: without dot segments, needless escapes and the slash at its end. */
function pathFrom(text: string): string | null {
  if (!URL.canParse(text, HOST)) return null;
  const { origin, pathname: written, search: asked, hash } = new URL(text, HOST);
  if (origin !== HOST || hash !== '') return null;
  const [pathname, search] = [normal(written), normal(asked)];
  // To a browser it would be the name of another server.
  if (pathname.startsWith('//')) return null;
  return `${pathname.length > 1 ? pathname.replace(/\/+$/, '') || '/' : pathname}${search}`;
}

/** Reads what somebody wrote; `null` is no address. */
export function addressOf(text: string, site: Site): Address | null {
  if (SLUG.test(text)) return { kind: 'slug', slug: text };
  if (ODD.test(text)) return null;
  if (!text.startsWith('/')) {
    if (!WebUrl.safeParse(text).success) return null;
    const { href } = new URL(text);
    const own = site.pathOf(href);
    return own === null ? { kind: 'url', url: href } : addressOf(own, site);
  }
  const path = text.startsWith('//') ? null : pathFrom(text);
  if (path === null) return null;
  const slug = site.slugAt(path);
  return slug === null ? { kind: 'path', path } : { kind: 'slug', slug };
}

/** The slug that a key keeps from stories. */
export const slugIn = (key: string): string | null =>
  key.startsWith('slug:') ? key.slice('slug:'.length) : null;

/** Where an address stands now, as somebody wrote it; stories are found by their slugs elsewhere. */
export function urlOf(text: string, site: Site): string | null {
  const address = addressOf(text, site);
  if (address?.kind === 'slug') return site.urlOf(address.slug);
  return address?.kind === 'path' ? site.at(address.path) : (address?.url ?? null);
}
