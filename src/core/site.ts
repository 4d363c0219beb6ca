/** Where stories stand on the publisher's site. */
export interface Site {
  /** The address of the story with this slug. */
  readonly urlOf: (slug: string) => string;
}

/** `path` holds `{slug}`, as the setting `publishing.articlePath` does. */
export const siteAt = (siteUrl: string, path: string): Site => ({
  urlOf: (slug) => siteUrl + path.replace('{slug}', slug),
});

/** The page of the frontend that shows a preview; without a template the story's own address. */
export const previewAt = (
  site: Site,
  template: string | null,
  { slug, token }: { readonly slug: string; readonly token: string },
): string =>
  template === null
    ? `${site.urlOf(slug)}?preview=${token}`
    : template.replaceAll('{slug}', slug).replace('{token}', token);
