import { z } from 'zod';
import { defineRoutes, type RouteContract } from '../../contract/route.ts';
import { LONGEST_QUESTION } from '../../contract/search.ts';
import {
  anyOf,
  FilledText,
  Flag,
  Id,
  IdParams,
  Instant,
  InstantInput,
  Language,
  Line,
  listQuery,
  pageOf,
  Slug,
  Text,
  WebUrl,
} from '../../contract/shapes.ts';
import { Body, type BodyDoc, SCHEMA_VERSION } from '../../schema/index.ts';
import { Waivers } from '../checks/checks.contract.ts';
import { Lock } from '../locks/locks.contract.ts';
import { ScheduleRequest } from '../schedule/schedule.contract.ts';
import { SignOff } from '../sign-offs/sign-off.contract.ts';

/** The life of a story; which step leads from where to where: `workflow.ts`. */
export const STATUSES = [
  'draft',
  'in_review',
  'approved',
  'scheduled',
  'published',
  'unpublished',
  'killed',
  'archived',
] as const;
export const Status = z.enum(STATUSES).meta({ id: 'Status' });
export type Status = z.infer<typeof Status>;

export const ARTICLE_TYPES = [
  'news',
  'analysis',
  'opinion',
  'feature',
  'live',
  'review',
  'fact_check',
  'obituary',
] as const;
export const ArticleType = z.enum(ARTICLE_TYPES).meta({ id: 'ArticleType' });

export const CommentMode = z.enum(['open', 'premoderated', 'closed', 'off']).meta({ id: 'CommentMode' });

/** What a republication is to readers. `minor` does not move the public `updatedAt`. */
export const CHANGES = ['update', 'correction', 'clarification', 'minor'] as const;
export const Change = z.enum(CHANGES).meta({ id: 'Change' });
export type Change = z.infer<typeof Change>;

/** Whether readers are told, in a note, what a change is. */
export const needsNote = (change: Change | null | undefined): boolean =>
  change === 'correction' || change === 'clarification';

const unique = <T extends string>(list: readonly T[]): boolean => new Set(list).size === list.length;
const idList = (max: number) => z.array(Id).max(max).refine(unique, 'The same id stands here twice.');

const HeroInput = z.strictObject({
  media: Id,
  caption: Text(2000).default(''),
  alt: Text(2000).default(''),
  credit: Text(500).default(''),
});

const CommentsInput = z.strictObject({ mode: CommentMode, closesAt: InstantInput.nullable() }).partial();

const SeoInput = z
  .strictObject({
    title: Line(200).nullable(),
    description: Line(500).nullable(),
    canonicalUrl: WebUrl.nullable(),
    noindex: z.boolean(),
  })
  .partial();

const headline = Line(300).min(1, 'A story needs a headline, however rough.');

const fields = {
  type: ArticleType,
  language: Language,
  kicker: Line(120),
  standfirst: Text(1000),
  slug: Slug,
  body: Body,
  section: Id.nullable(),
  tags: idList(50),
  authors: idList(20),
  assignee: Id.nullable(),
  hero: HeroInput.nullable(),
  comments: CommentsInput,
  sensitive: z.boolean(),
  seo: SeoInput,
  embargoUntil: InstantInput.nullable(),
  dueAt: InstantInput.nullable(),
  urgency: z.int().min(1).max(9).nullable(),
};

/** Times that stand already may be moved; a schedule begins with `/schedule`. */
const times = { publishAt: InstantInput, unpublishAt: InstantInput.nullable() };

export const ArticlePatch = z
  .strictObject({ headline, ...fields, ...times })
  .partial()
  .meta({
    id: 'ArticlePatch',
    description:
      'Only what is given changes. `comments` and `seo` are merged by member. `publishAt` moves the time of a scheduled story; `unpublishAt` takes a published one from readers then.',
  });
export type ArticlePatch = z.output<typeof ArticlePatch>;

export const NewArticle = z.strictObject({ headline, ...z.object(fields).partial().shape }).meta({
  id: 'NewArticle',
  description: 'Only the headline is needed; the rest may wait until publishing.',
});
export type NewArticle = z.output<typeof NewArticle>;

const Hero = z
  .object({ media: Id, caption: z.string(), alt: z.string(), credit: z.string() })
  .meta({ id: 'Hero' });

const Seo = z
  .object({
    title: z.string().nullable(),
    description: z.string().nullable(),
    canonicalUrl: z.string().nullable(),
    noindex: z.boolean(),
  })
  .meta({ id: 'Seo' });

// What is stored was parsed when it came in; on the way out only its outline is looked at.
const BodyDocument = z
  .object({ type: z.literal('doc'), content: z.array(z.looseObject({ type: z.string() })) })
  .meta({
    id: 'BodyDocument',
    description: `A story as a ProseMirror document, version ${SCHEMA_VERSION} of its schema.`,
  }) as unknown as z.ZodType<BodyDoc, BodyDoc>;

/** The working copy of a story, as the desk has it. */
export const Article = z
  .object({
    id: Id,
    version: z.int(),
    status: Status,
    type: ArticleType,
    language: z.string(),
    headline: z.string(),
    kicker: z.string(),
    standfirst: z.string(),
    slug: z.string(),
    body: BodyDocument,
    section: Id.nullable(),
    tags: z.array(Id),
    authors: z.array(Id),
    assignee: Id.nullable(),
    hero: Hero.nullable(),
    comments: z.object({ mode: CommentMode, closesAt: Instant.nullable() }),
    sensitive: z.boolean(),
    seo: Seo,
    embargoUntil: Instant.nullable(),
    publishAt: Instant.nullable(),
    unpublishAt: Instant.nullable(),
    scheduleZone: z.string().nullable(),
    scheduleError: z.string().nullable().meta({
      description: 'Why what was due could not be done. It is not tried again before the time is set anew.',
    }),
    scheduledBy: Id.nullable(),
    scheduleLate: z.boolean().meta({ description: 'What was due last was done late.' }),
    dueAt: Instant.nullable().meta({ description: 'When the desk wants it.' }),
    urgency: z.int().nullable().meta({ description: '1 (most urgent) to 9.' }),
    firstPublishedAt: Instant.nullable(),
    publishedAt: Instant.nullable().meta({
      description: 'Since when readers have it; an update does not move it.',
    }),
    hasUnpublishedChanges: z.boolean(),
    lapsedMedia: z.array(Id).meta({
      description:
        'Pictures that readers see in it although their rights lapsed: replace them, or have the rights renewed.',
    }),
    signOffs: z.array(SignOff),
    lock: Lock.nullable(),
    binnedAt: Instant.nullable(),
    killReason: z.string().nullable(),
    schemaVersion: z.int(),
    createdBy: Id.nullable(),
    createdAt: Instant,
    modifiedBy: Id.nullable(),
    modifiedAt: Instant,
  })
  .meta({ id: 'Article' });
export type Article = z.infer<typeof Article>;

/** A story in a list: without its body. */
export const ArticleSummary = Article.omit({ body: true }).meta({ id: 'ArticleSummary' });
export type ArticleSummary = z.infer<typeof ArticleSummary>;

export const PublishRequest = z
  .strictObject({
    change: Change.optional(),
    note: Text(2000).optional(),
    waive: Waivers.optional(),
    firstPublishedAt: InstantInput.optional(),
  })
  .default({})
  .meta({
    id: 'PublishRequest',
    description:
      '`note` is needed for a correction and a clarification. `waive` passes over blocking checks, each with a reason that is kept. `firstPublishedAt`: the date of a story that was public elsewhere before, with its first publication here, from those who may backdate.',
  });
export type PublishRequest = z.output<typeof PublishRequest>;

const reason = FilledText(2000, 'Say why.');
export const KillRequest = z.strictObject({ reason }).meta({ id: 'KillRequest' });
export const UnpublishRequest = z
  .strictObject({ reason: reason.optional() })
  .default({})
  .meta({ id: 'UnpublishRequest' });

const SORTS = ['modifiedAt', 'createdAt', 'publishedAt', 'dueAt'].flatMap((field) => [field, `-${field}`]);
const BY_FIT = 'relevance';

const ArticleQuery = z.strictObject({
  ...listQuery,
  q: z.string().trim().min(1).max(LONGEST_QUESTION).optional().meta({
    description:
      'Words that must all be there, in any form; a phrase in quotation marks. The last word may be a beginning (`harb*`). Goes with `sort` by relevance or modifiedAt, and not with `lapsedMedia` or `dueBefore`.',
  }),
  status: anyOf(Status).optional(),
  section: anyOf(Id).optional(),
  tag: anyOf(Id).optional(),
  author: anyOf(Id).optional(),
  assignee: anyOf(Id).optional(),
  type: anyOf(ArticleType).optional(),
  language: anyOf(Language).optional(),
  modifiedAfter: InstantInput.optional(),
  lapsedMedia: Flag.optional().meta({
    description: 'Those that readers see with a picture whose rights lapsed.',
  }),
  dueBefore: InstantInput.optional().meta({ description: 'Those that the desk wants before then.' }),
  binned: Flag.optional(),
  sort: z
    .enum([...SORTS, BY_FIT])
    .default('-modifiedAt')
    .meta({ description: '`relevance` only with `q`.' }),
});
export type ArticleQuery = z.output<typeof ArticleQuery>;

const step = <P extends `/${string}`, const E extends Partial<RouteContract>>(
  path: P,
  summary: string,
  more: E,
) =>
  ({
    method: 'post',
    path: `/articles/:id${path}` as const,
    summary,
    params: IdParams,
    response: Article,
    ifMatch: true,
    idempotent: true,
    errors: ['wrong_state'],
    ...more,
  }) as const;

export const articlesRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/articles',
    summary: 'List working copies, last changed first',
    access: 'articles:read',
    query: ArticleQuery,
    response: pageOf(ArticleSummary),
  },
  create: {
    method: 'post',
    path: '/articles',
    summary: 'Start a story',
    access: 'articles:write',
    body: NewArticle,
    response: Article,
    status: 201,
    idempotent: true,
    errors: ['conflict'],
  },
  read: {
    method: 'get',
    path: '/articles/:id',
    summary: 'Read one working copy',
    access: 'articles:read',
    params: IdParams,
    response: Article,
  },
  change: {
    method: 'patch',
    path: '/articles/:id',
    summary: 'Save changes to the working copy',
    access: 'articles:write',
    params: IdParams,
    body: ArticlePatch,
    response: Article,
    ifMatch: true,
    lockable: true,
    errors: ['wrong_state', 'conflict'],
  },
  bin: {
    method: 'delete',
    path: '/articles/:id',
    summary: 'Put a story into the bin',
    access: 'articles:bin',
    params: IdParams,
    response: Article,
    ifMatch: true,
    lockable: true,
    errors: ['wrong_state'],
  },
  restore: step('/restore', 'Take a story out of the bin', { access: 'articles:bin', lockable: true }),
  submit: step('/submit', 'Send a draft to the desk', { access: 'articles:submit', lockable: true }),
  return: step('/return', 'Send a story back to its author', { access: 'articles:return', lockable: true }),
  approve: step('/approve', 'Approve a story for publishing', { access: 'articles:approve', lockable: true }),
  schedule: step('/schedule', 'Publish a story by itself at a time ahead', {
    access: 'articles:schedule',
    lockable: true,
    body: ScheduleRequest,
  }),
  unschedule: step('/unschedule', 'Call a scheduled publication off', {
    access: 'articles:schedule',
  }),
  publish: step('/publish', 'Show the working copy to readers, for the first time or again', {
    access: 'articles:publish',
    lockable: true,
    body: PublishRequest,
    errors: ['wrong_state', 'checks_failed', 'sign_off_stale'],
  }),
  unpublish: step('/unpublish', 'Take a story from readers, for now', {
    access: 'articles:unpublish',
    body: UnpublishRequest,
  }),
  kill: step('/kill', 'Pull a story for good: readers get 410', {
    access: 'articles:kill',
    body: KillRequest,
  }),
  archive: step('/archive', 'File a story away', { access: 'articles:archive', lockable: true }),
});
