import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { LONGEST_QUESTION } from '../../contract/search.ts';
import {
  anyOf,
  Id,
  Instant,
  InstantInput,
  Language,
  listQuery,
  pageOf,
  SlugParam,
} from '../../contract/shapes.ts';
import { ArticleType, Change, CommentMode } from '../articles/articles.contract.ts';
import { Rendition } from '../media/media.contract.ts';

/** A thing that a story is filed under, as readers see it. */
const Named = z.object({ slug: z.string(), name: z.string() });
const DeliveredTag = Named.meta({ id: 'DeliveredTag' });
const Byline = Named.meta({ id: 'Byline' });

const DeliveredSection = z.object({ slug: z.string(), name: z.string(), path: z.array(Named) }).meta({
  id: 'DeliveredSection',
  description: '`path` leads from the top of the tree to the section itself.',
});

const DeliveredHero = z
  .object({
    alt: z.string(),
    caption: z.string(),
    credit: z.string(),
    focalPoint: z.object({ x: z.number(), y: z.number() }).optional(),
    dominantColor: z.string().optional(),
    placeholder: z.string().optional(),
    renditions: z.array(Rendition),
  })
  .meta({ id: 'DeliveredHero' });

const Correction = z.object({ change: Change, note: z.string(), at: Instant }).meta({ id: 'Correction' });

export const FORMATS = ['blocks', 'html', 'markdown', 'text'] as const;
export const Format = z.enum(FORMATS).meta({ id: 'Format' });
export type Format = z.infer<typeof Format>;

const PortableText = z
  .array(z.looseObject({ _type: z.string(), _key: z.string() }))
  .meta({ id: 'PortableText', description: 'Portable Text blocks.' });

const article = {
  id: Id,
  slug: z.string(),
  url: z.string(),
  type: ArticleType,
  language: z.string(),
  headline: z.string(),
  kicker: z.string(),
  standfirst: z.string(),
  section: DeliveredSection.nullable(),
  tags: z.array(DeliveredTag),
  authors: z.array(Byline),
  hero: DeliveredHero.nullable(),
  wordCount: z.int(),
  readingTimeMinutes: z.int(),
  commentCount: z.int(),
  comments: z.object({ mode: CommentMode, closesAt: Instant.nullable() }),
  sensitive: z.boolean(),
  firstPublishedAt: Instant,
  publishedAt: Instant,
  updatedAt: Instant,
  corrections: z.array(Correction),
  seo: z.object({
    title: z.string(),
    description: z.string(),
    canonicalUrl: z.string(),
    noindex: z.boolean(),
  }),
  alternates: z.array(z.object({ language: z.string(), slug: z.string(), url: z.string() })),
};

/** A story as it stands beside another one. */
const Teaser = z
  .object({ ...article, tags: z.array(DeliveredTag) })
  .omit({ alternates: true, corrections: true, seo: true })
  .meta({ id: 'Teaser' });

/** A published story, whole: everything that a page shows of it, in one answer. */
export const DeliveredArticle = z
  .object({
    ...article,
    format: Format,
    body: z.union([PortableText, z.string()]),
    related: z.array(Teaser).optional(),
  })
  .meta({
    id: 'DeliveredArticle',
    description:
      '`body` is Portable Text for `blocks`, else one string. `related` comes with `include=related`: what the story itself names first, then the newest that share most of its tags.',
  });
export type DeliveredArticle = z.infer<typeof DeliveredArticle>;

/** A story in a list; which members there are depends on `fields` and `include`. */
export const ListedArticle = DeliveredArticle.partial().required({ id: true }).meta({ id: 'ListedArticle' });
export type ListedArticle = z.infer<typeof ListedArticle>;

const FieldName = z.enum(Object.keys(article) as [keyof typeof article]);

const asOf = InstantInput.optional().meta({
  description:
    'What readers had at this time, of the stories that are public now. A time ahead is refused (403).',
});

export const DeliveryQuery = z.strictObject({
  ...listQuery,
  q: z
    .string()
    .trim()
    .min(1)
    .max(LONGEST_QUESTION)
    .meta({
      description:
        'Words that must all be there, in any form; a phrase in quotation marks. The last word may be a beginning (`harb*`).',
    })
    .optional(),
  tag: anyOf(SlugParam).optional(),
  section: anyOf(SlugParam).optional(),
  author: anyOf(SlugParam).optional(),
  type: anyOf(ArticleType).optional(),
  language: anyOf(Language).optional(),
  publishedAfter: InstantInput.optional(),
  publishedBefore: InstantInput.optional(),
  sort: z.enum(['-publishedAt']).optional(),
  fields: anyOf(FieldName).optional(),
  include: anyOf(z.enum(['body', 'related'])).optional(),
  asOf,
});
export type DeliveryQuery = z.output<typeof DeliveryQuery>;

const ReadQuery = z.strictObject({
  format: Format.default('blocks'),
  include: anyOf(z.enum(['related'])).optional(),
  asOf,
  preview: z.string().max(200).optional().meta({
    description: 'The token of a preview link, where a header `Preview-Token` cannot be sent.',
  }),
});
export type ReadQuery = z.output<typeof ReadQuery>;

const slugParams = z.strictObject({ slug: SlugParam });

export const TagPage = z
  .object({ id: Id, slug: z.string(), name: z.string(), description: z.string() })
  .meta({ id: 'TagPage' });
/** How many stories readers find there. */
const articleCount = z.int().meta({ description: 'Public stories, counted up to 10 000.' });
const CountedTag = TagPage.extend({ articleCount }).meta({ id: 'TopicPage' });
export type TagPage = z.infer<typeof TagPage>;

export const SectionNode: z.ZodType<SectionNode> = z
  .object({
    slug: z.string(),
    name: z.string(),
    get children() {
      return z.array(SectionNode);
    },
  })
  .meta({ id: 'SectionNode', description: 'A section with those below it.' });
export interface SectionNode {
  slug: string;
  name: string;
  children: SectionNode[];
}

export const SectionPage = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    path: z.array(Named),
    children: z.array(Named),
    articleCount,
  })
  .meta({ id: 'SectionPage', description: '`articleCount` counts the sections below as well.' });

export const AuthorPage = z
  .object({ id: Id, slug: z.string(), name: z.string(), bio: z.string(), articleCount })
  .meta({ id: 'AuthorPage' });

export const deliveredArticlesRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/articles',
    summary: 'List published stories, newest first',
    access: 'content:read',
    query: DeliveryQuery,
    response: pageOf(ListedArticle),
    cacheable: true,
    errors: ['forbidden'],
  },
  read: {
    method: 'get',
    path: '/articles/:slug',
    summary: 'Read one published story',
    access: 'content:read',
    params: slugParams,
    query: ReadQuery,
    response: DeliveredArticle,
    cacheable: true,
    previewable: true,
    redirects: 301,
    errors: ['gone', 'forbidden'],
  },
});

export const deliveredTaxonomyRoutes = defineRoutes({
  tags: {
    method: 'get',
    path: '/tags',
    summary: 'List the tags of published stories by name',
    access: 'content:read',
    query: z.strictObject(listQuery),
    response: pageOf(TagPage),
    cacheable: true,
  },
  tag: {
    method: 'get',
    path: '/tags/:slug',
    summary: 'Read one tag of published stories',
    access: 'content:read',
    params: slugParams,
    response: CountedTag,
    cacheable: true,
    redirects: 301,
  },
  sections: {
    method: 'get',
    path: '/sections',
    summary: 'The sections as a tree',
    access: 'content:read',
    response: z.object({ data: z.array(SectionNode) }),
    cacheable: true,
  },
  section: {
    method: 'get',
    path: '/sections/:slug',
    summary: 'Read one section',
    access: 'content:read',
    params: slugParams,
    response: SectionPage,
    cacheable: true,
    redirects: 301,
  },
  author: {
    method: 'get',
    path: '/authors/:slug',
    summary: 'Read one author of published stories',
    access: 'content:read',
    params: slugParams,
    response: AuthorPage,
    cacheable: true,
    redirects: 301,
  },
});
