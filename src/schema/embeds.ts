/** A place we embed from: the form of its ids, and the public page rebuilt from an id. */
interface EmbedProvider {
  ref: RegExp;
  url: (ref: string) => string;
}

const X: EmbedProvider = { ref: /^\d{1,20}$/, url: (ref) => `https://x.com/i/status/${ref}` };

/** The allow-list. Nothing that a writer pastes is passed through: only an id of the form given here is kept. */
export const EMBED_PROVIDERS = {
  youtube: { ref: /^[\w-]{11}$/, url: (ref) => `https://www.youtube.com/watch?v=${ref}` },
  vimeo: { ref: /^\d{1,12}(\/[0-9a-f]{10})?$/, url: (ref) => `https://vimeo.com/${ref}` },
  x: X,
  twitter: X,
  instagram: { ref: /^[\w-]{5,40}$/, url: (ref) => `https://www.instagram.com/p/${ref}/` },
  tiktok: { ref: /^\d{5,25}$/, url: (ref) => `https://www.tiktok.com/embed/v2/${ref}` },
  facebook: {
    ref: /^[A-Za-z0-9][\w.-]{0,79}\/(posts|videos)\/\w{1,80}$/,
    url: (ref) => `https://www.facebook.com/${ref}`,
  },
  spotify: {
    ref: /^(track|album|artist|playlist|episode|show)\/[A-Za-z0-9]{22}$/,
    url: (ref) => `https://open.spotify.com/${ref}`,
  },
  soundcloud: {
    ref: /^[\w-]{1,64}\/(sets\/)?[\w-]{1,128}$/,
    url: (ref) => `https://soundcloud.com/${ref}`,
  },
  datawrapper: { ref: /^[A-Za-z0-9]{5}$/, url: (ref) => `https://datawrapper.dwcdn.net/${ref}/` },
  flourish: {
    ref: /^(visualisation|story)\/\d{1,12}$/,
    url: (ref) => `https://flo.uri.sh/${ref}/embed`,
  },
  bluesky: {
    ref: /^[a-z0-9][a-z0-9.:-]{2,252}\/[a-z2-7]{13}$/,
    url: (ref) => `https://bsky.app/profile/${ref.replace('/', '/post/')}`,
  },
  threads: {
    ref: /^@[\w.]{1,30}\/post\/[\w-]{5,40}$/,
    url: (ref) => `https://www.threads.net/${ref}`,
  },
  // Anyone can run a Mastodon server: only those of the project and the largest are named.
  mastodon: {
    ref: /^mastodon\.(social|online|world)\/@\w{1,30}\/\d{1,20}$/,
    url: (ref) => `https://${ref}`,
  },
} as const satisfies Record<string, EmbedProvider>;

export type EmbedProviderName = keyof typeof EMBED_PROVIDERS;

/** The names on the allow-list. */
export const EMBED_PROVIDER_NAMES = Object.keys(EMBED_PROVIDERS) as EmbedProviderName[];

/** The public page of an embed. */
export function embedUrl(provider: EmbedProviderName, ref: string): string {
  return EMBED_PROVIDERS[provider].url(ref);
}

/** True when `ref` has the form of an id at that provider. */
export function isEmbedRef(provider: EmbedProviderName, ref: string): boolean {
  return EMBED_PROVIDERS[provider].ref.test(ref);
}
