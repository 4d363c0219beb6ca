import type { Site } from '../../core/site.ts';
import {
  articlesIn,
  type BodyDoc,
  type BodyRefs,
  type DeliveredLink,
  type DeliveredMedia,
  mediaIn,
  toBlocks,
  toHtml,
  toMarkdown,
  toText,
  withoutCommerce,
} from '../../schema/index.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { Alternates } from '../translations/translations.queries.ts';
import type { DeliveredArticle, Format, ListedArticle } from './delivery.contract.ts';

/** A tag, byline or section by what it is called, and when that last changed. */
export interface NamedRecord {
  readonly _id: unknown;
  readonly slug: string;
  readonly name: string;
  readonly modifiedAt: Date;
}

/** Everything that stories refer to, by id: looked up once for a whole answer. */
export interface Embedded {
  readonly tags: ReadonlyMap<string, NamedRecord>;
  readonly authors: ReadonlyMap<string, NamedRecord>;
  /** A section with its ancestors from the top, itself last. */
  readonly sections: ReadonlyMap<string, readonly NamedRecord[]>;
  readonly media: ReadonlyMap<string, DeliveredMedia & { readonly modifiedAt: Date }>;
  readonly articles: ReadonlyMap<string, DeliveredLink>;
  /** The other language versions of each story that has some. */
  readonly alternates: ReadonlyMap<string, Alternates>;
  readonly site: Site;
}

type Render = (doc: BodyDoc, refs: BodyRefs) => DeliveredArticle['body'];

const RENDERERS: Readonly<Record<Format, Render>> = {
  blocks: toBlocks as Render,
  html: toHtml,
  markdown: toMarkdown,
  text: (doc) => toText(doc),
};

const named = ({ slug, name }: NamedRecord) => ({ slug, name });

/** Those of the ids that are there, in their order, each once (merged tags meet in one). */
function inOrder(
  ids: readonly unknown[],
  records: ReadonlyMap<string, NamedRecord>,
): { slug: string; name: string }[] {
  const found = ids.flatMap((id) => records.get(String(id)) ?? []).map(named);
  return [...new Map(found.map((one) => [one.slug, one])).values()];
}

function heroOf({ hero }: PublishedRecord, { media }: Embedded): DeliveredArticle['hero'] {
  const item = hero && media.get(String(hero.media));
  if (!hero || !item) return null;
  // Words for a picture that was replaced are not said of the one in its place.
  const words: Partial<typeof hero> = item.id === String(hero.media) ? hero : {};
  return {
    alt: words.alt || item.alt,
    caption: words.caption || item.caption,
    credit: words.credit || item.credit,
    ...(item.focalPoint ? { focalPoint: item.focalPoint } : {}),
    ...(item.dominantColor ? { dominantColor: item.dominantColor } : {}),
    ...(item.placeholder ? { placeholder: item.placeholder } : {}),
    renditions: item.renditions,
  };
}

function sectionOf({ section }: PublishedRecord, { sections }: Embedded): DeliveredArticle['section'] {
  const path = section && sections.get(String(section));
  const last = path?.at(-1);
  return path && last ? { ...named(last), path: path.map(named) } : null;
}

/** A story as it stands in a list. */
export function presentListed(story: PublishedRecord, embedded: Embedded) {
  const url = embedded.site.urlOf(story.slug);
  const { seo, comments, sensitive } = story;
  return {
    id: String(story._id),
    slug: story.slug,
    url,
    type: story.type,
    language: story.language,
    headline: story.headline,
    kicker: story.kicker,
    standfirst: story.standfirst,
    section: sectionOf(story, embedded),
    tags: inOrder(story.tags, embedded.tags),
    authors: inOrder(story.authors, embedded.authors),
    hero: heroOf(story, embedded),
    wordCount: story.wordCount,
    readingTimeMinutes: story.readingTimeMinutes,
    commentCount: 0,
    comments: {
      mode: sensitive ? ('off' as const) : comments.mode,
      closesAt: comments.closesAt?.toISOString() ?? null,
    },
    sensitive,
    firstPublishedAt: story.firstPublishedAt.toISOString(),
    publishedAt: story.publishedAt.toISOString(),
    updatedAt: story.updatedAt.toISOString(),
    corrections: story.corrections.map(({ change, note, at }) => ({ change, note, at: at.toISOString() })),
    seo: {
      title: seo.title ?? story.headline,
      description: seo.description ?? story.standfirst,
      canonicalUrl: seo.canonicalUrl ?? url,
      noindex: seo.noindex,
    },
    alternates: (embedded.alternates.get(String(story._id))?.list ?? []).map(({ language, slug }) => ({
      language,
      slug,
      url: embedded.site.urlOf(slug),
    })),
  } satisfies ListedArticle;
}

/** Asked for by other means than `fields`. */
const ALWAYS = new Set(['id', 'body', 'format', 'related']);

/** Only the members that were asked for, and always the id. */
export function onlyFields(article: ListedArticle, fields: readonly string[] | undefined): ListedArticle {
  if (!fields) return article;
  const kept = Object.entries(article).filter(([name]) => ALWAYS.has(name) || fields.includes(name));
  return Object.fromEntries(kept) as ListedArticle;
}

/** A whole story, its body in `format`. A sensitive one goes out without appeals and adverts. */
export function presentDelivered(
  story: PublishedRecord,
  embedded: Embedded,
  format: Format,
): DeliveredArticle {
  const body = story.sensitive ? withoutCommerce(story.body) : story.body;
  return { ...presentListed(story, embedded), format, body: RENDERERS[format](body, embedded) };
}

/** What the bodies of some stories refer to. */
export const bodyReferences = (
  stories: readonly PublishedRecord[],
): { media: string[]; articles: string[] } => ({
  media: stories.flatMap((story) => mediaIn(story.body)),
  articles: stories.flatMap((story) => articlesIn(story.body)),
});

/** The latest of some times; the beginning of time for none. */
export const latest = (times: readonly Date[]): Date => new Date(Math.max(0, ...times.map(Number)));

/** When an answer last changed: the newest of its stories and of what is embedded in them. */
export function lastModified(
  stories: readonly PublishedRecord[],
  { tags, authors, sections, media }: Embedded,
): Date {
  const embedded = [
    ...tags.values(),
    ...authors.values(),
    ...media.values(),
    ...[...sections.values()].flat(),
  ];
  return latest([...stories.map((story) => story.changedAt), ...embedded.map((record) => record.modifiedAt)]);
}
