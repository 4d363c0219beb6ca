/** Where stories stand on the publisher's site. */
export interface Site {
  /** The address of the story with this slug. */
  readonly urlOf: (slug: string) => string;
}

/** `path` holds `{slug}`, as the setting `publishing.articlePath` does. */
export const siteAt = (siteUrl: string, path: string): Site => ({
  urlOf: (slug) => siteUrl + path.replace('{slug}', slug),
});
