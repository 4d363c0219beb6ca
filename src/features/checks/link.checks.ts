import { EMBED_PROVIDERS, type EmbedProviderName, isEmbedRef } from '../../schema/index.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { linksIn, type PlacedLink, placedNodes } from './blocks.ts';
import { type Checks, type Found, isBlank, when } from './check.ts';

/** Names that lead nowhere for readers (RFC 2606, RFC 6761), and networks of our own. */
const NOWHERE =
  /^(?:localhost|.*\.(?:localhost|local|test|invalid|example|internal)|(?:.*\.)?example\.(?:com|net|org)|127\..*|10\..*|192\.168\..*|0\.0\.0\.0|\[::1\])$/i;

function hostOf(href: string): string | null {
  try {
    return new URL(href).hostname;
  } catch {
    return null;
  }
}

/** Why a link cannot work for readers, whatever is at its end. The schema lets no other scheme in. */
function faultOf(href: string): string | null {
  if (!/^https?:/i.test(href)) return null;
  const host = hostOf(href);
  if (host === null) return `The link "${href}" is no address.`;
  if (NOWHERE.test(host)) return `The link to "${host}" leads nowhere for readers.`;
  return host.includes('.') || host.startsWith('[')
    ? null
    : `The link to "${host}" is a name of your own network.`;
}

const placeOf = ({ pointer, block }: Pick<PlacedLink, 'pointer' | 'block'>) => ({
  pointer,
  ...(block ? { block } : {}),
});

const deadLinks = ({ body }: ArticleRecord): Found[] =>
  linksIn(body).flatMap((link) => {
    const message = faultOf(link.href);
    return message ? [{ ...placeOf(link), message }] : [];
  });

function canonicalFault({ seo }: ArticleRecord): Found[] {
  const message = seo.canonicalUrl === null ? null : faultOf(seo.canonicalUrl);
  return message ? [{ pointer: '/seo/canonicalUrl', message }] : [];
}

function isResolved({ provider, ref }: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof provider === 'string' &&
    Object.hasOwn(EMBED_PROVIDERS, provider) &&
    isEmbedRef(provider as EmbedProviderName, String(ref))
  );
}

/** What leads out of a story: links, embeds, related stories. */
export const linkChecks = {
  link_dead_form: {
    means: 'A link cannot work for readers by its form: localhost, example.com, a name without a dot.',
    level: 'advisory',
    find: (story) => [...deadLinks(story), ...canonicalFault(story)],
  },
  link_text_missing: {
    means: 'A link has no words to press on.',
    level: 'advisory',
    find: ({ body }) =>
      linksIn(body)
        .filter(({ text }) => isBlank(text))
        .map((link) => ({
          ...placeOf(link),
          message: `The link to "${link.href}" has no words to press on.`,
        })),
  },
  sources_missing: {
    means: 'The text links to no source.',
    level: 'off',
    find: ({ body }) => when(linksIn(body).length === 0, '/body', 'The text links to no source.'),
  },
  embed_unresolved: {
    means: 'An embed names nothing that we can show.',
    level: 'advisory',
    find: ({ body }) =>
      placedNodes(body)
        .filter(({ node }) => node.type === 'embed' && !isResolved(node.attrs ?? {}))
        .map((place) => ({ ...placeOf(place), message: 'This embed names nothing that we can show.' })),
  },
  related_not_public: {
    means: 'A story shown as related is not public: readers will not see it.',
    level: 'advisory',
    needs: ['related'],
    find: ({ body }, { related }) =>
      placedNodes(body)
        .filter(({ node }) => node.type === 'relatedArticle' && !related.has(String(node.attrs?.article)))
        .map((place) => ({
          ...placeOf(place),
          message: 'This related story is not public: readers will not see it.',
        })),
  },
} as const satisfies Checks;
