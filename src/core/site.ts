const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Where stories stand on the publisher's site. */
export interface Site {
  /** The address of the story with this slug. */
  readonly urlOf: (slug: string) => string;
  /** The address of any page by its path. */
  readonly at: (path: string) => string;
  /** The path below the site of an address on it; `null` for the address of somebody else. */
  readonly pathOf: (url: string) => string | null;
  /** The slug of the story that would stand at this path; `null` where none can. */
  readonly slugAt: (path: string) => string | null;
}

/** `path` holds `{slug}`, as the setting `publishing.articlePath` does. */
export function siteAt(siteUrl: string, path: string): Site {
  const [before = '', after = ''] = path.replace(/\/$/, '').split('{slug}');
  return {
    urlOf: (slug) => siteUrl + path.replace('{slug}', slug),
    at: (page) => siteUrl + page,
    pathOf: (url) => {
      const rest = url.startsWith(siteUrl) ? url.slice(siteUrl.length) : null;
      return rest === '' ? '/' : rest?.startsWith('/') ? rest : null;
    },
    slugAt: (page) => {
      const slug = page.startsWith(before) && page.endsWith(after) ? page.slice(before.length) : '';
      const name = slug.slice(0, slug.length - after.length);
      return SLUG.test(name) ? name : null;
    },
  };
}

/** The page of the frontend that shows a preview; without a template the story's own address. */
export const previewAt = (
  site: Site,
  template: string | null,
  { slug, token }: { readonly slug: string; readonly token: string },
): string =>
  template === null
    ? `${site.urlOf(slug)}?preview=${token}`
    : template.replaceAll('{slug}', slug).replace('{token}', token);
