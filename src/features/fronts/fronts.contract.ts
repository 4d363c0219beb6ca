import { z } from 'zod';
import { defineRoutes, type RouteContract } from '../../contract/route.ts';
import {
  Id,
  IdParams,
  Instant,
  InstantInput,
  Line,
  listQuery,
  Name,
  pageOf,
  Slug,
  SlugParam,
  Text,
} from '../../contract/shapes.ts';
import { ArticleType } from '../articles/articles.contract.ts';
import { ListedArticle } from '../delivery/delivery.contract.ts';

/** What a page may hold: more is not read, and every story of it is looked up at once. */
const MOST = { containers: 40, cards: 50, stories: 200 };

const PictureInput = z.strictObject({
  media: Id,
  alt: Text(2000).default(''),
  caption: Text(2000).default(''),
  credit: Text(500).default(''),
});

const OverridesInput = z
  .strictObject({ kicker: Line(120), headline: Line(300).min(1), picture: PictureInput })
  .partial();

const CardInput = z
  .strictObject({ article: Id, overrides: OverridesInput.default({}) })
  .meta({ id: 'CardInput', description: 'A story placed by hand. `overrides` stand in for its own words.' });

const BackfillInput = z.strictObject({ section: Id, tag: Id, type: ArticleType }).partial().meta({
  id: 'BackfillInput',
  description: 'The newest stories with all of these; of any kind without one.',
});

const ContainerInput = z
  .strictObject({
    title: Line(120).default(''),
    cards: z.array(CardInput).max(MOST.cards).default([]),
    backfill: BackfillInput.nullable().default(null),
    limit: z.int().min(1).max(MOST.cards).default(10),
  })
  .meta({
    id: 'ContainerInput',
    description:
      'First the cards that readers may see, then what `backfill` finds, `limit` stories at most. Without `backfill` only the cards.',
  });
export type ContainerInput = z.output<typeof ContainerInput>;

/** A story stands on a page once: said where it stands again. */
function refuseRepeated(containers: readonly ContainerInput[], ctx: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [at, { cards }] of containers.entries())
    for (const [place, { article }] of cards.entries()) {
      if (seen.has(article))
        ctx.addIssue({
          code: 'custom',
          path: [at, 'cards', place, 'article'],
          message: 'This story stands on the page already.',
          params: { code: 'repeated' },
        });
      seen.add(article);
    }
}

const Containers = z
  .array(ContainerInput)
  .max(MOST.containers)
  .superRefine(refuseRepeated)
  .refine(
    (all) => all.reduce((sum, { limit }) => sum + limit, 0) <= MOST.stories,
    `A front shows at most ${MOST.stories} stories: lower some "limit".`,
  );

const NewFront = z
  .strictObject({ name: Name(), slug: Slug.optional(), containers: Containers.default([]) })
  .meta({ id: 'NewFront', description: 'The slug is made from the name when it is absent.' });
export type NewFront = z.output<typeof NewFront>;

const FrontPatch = z.strictObject({ name: Name(), slug: Slug, containers: Containers }).partial().meta({
  id: 'FrontPatch',
  description:
    'Name and containers wait for `publish`; a new slug holds at once, and the old one leads to it from then on.',
});
export type FrontPatch = z.output<typeof FrontPatch>;

const Picture = z.object({ media: Id, alt: z.string(), caption: z.string(), credit: z.string() });
const Card = z.object({
  article: Id,
  overrides: z.object({ kicker: z.string(), headline: z.string(), picture: Picture }).partial(),
});
const Container = z
  .object({
    title: z.string(),
    cards: z.array(Card),
    backfill: z.object({ section: Id, tag: Id, type: ArticleType }).partial().nullable(),
    limit: z.int(),
  })
  .meta({ id: 'Container' });
export type Container = z.infer<typeof Container>;

const Front = z
  .object({
    id: Id,
    version: z.int(),
    name: z.string(),
    slug: z.string(),
    status: z.enum(['draft', 'published']),
    hasUnpublishedChanges: z.boolean(),
    containers: z.array(Container),
    publishAt: Instant.nullable(),
    scheduleError: z.string().nullable(),
    scheduledBy: Id.nullable(),
    scheduleLate: z.boolean(),
    firstPublishedAt: Instant.nullable(),
    publishedAt: Instant.nullable(),
    createdBy: Id.nullable(),
    createdAt: Instant,
    modifiedBy: Id.nullable(),
    modifiedAt: Instant,
  })
  .meta({
    id: 'Front',
    description: 'A curated page as the desk has it. Readers have what was last published.',
  });
export type Front = z.infer<typeof Front>;

const FRONT_ACTIONS = [
  'create',
  'change',
  'restore',
  'publish',
  'unpublish',
  'schedule',
  'unschedule',
  'schedule_failed',
] as const;
const FrontAction = z.enum(FRONT_ACTIONS).meta({ id: 'FrontAction' });
export type FrontAction = z.infer<typeof FrontAction>;

const revision = {
  number: z.int(),
  by: Id.nullable(),
  at: Instant,
  action: FrontAction,
  restored: z.int().nullable(),
};
const FrontRevisionSummary = z.object(revision).meta({ id: 'FrontRevisionSummary' });
const FrontRevision = z
  .object({ ...revision, front: z.object({ name: z.string(), containers: z.array(Container) }) })
  .meta({ id: 'FrontRevision' });

const DeliveredCard = z.object({ article: ListedArticle, placed: z.boolean() }).meta({
  id: 'DeliveredCard',
  description: '`placed`: by hand, with the words that the front has for it; else found by a query.',
});
const DeliveredFront = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    publishedAt: Instant.nullable(),
    containers: z.array(z.object({ title: z.string(), cards: z.array(DeliveredCard) })),
  })
  .meta({ id: 'DeliveredFront' });
export type DeliveredFront = z.input<typeof DeliveredFront>;

const FrontSchedule = z.strictObject({ publishAt: InstantInput }).meta({ id: 'FrontSchedule' });

const RevisionNumber = z
  .string()
  .max(40)
  .transform((text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0));

/** A step in the life of a front. */
const step = <const M extends Partial<RouteContract>>(path: `/${string}`, summary: string, more: M) =>
  ({
    method: 'post',
    path: `/fronts/:id${path}`,
    summary,
    access: 'fronts:manage',
    params: IdParams,
    response: Front,
    ifMatch: true,
    idempotent: true,
    errors: ['wrong_state'],
    ...more,
  }) as const;

export const frontsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/fronts',
    summary: 'List the fronts by name',
    access: 'fronts:manage',
    query: z.strictObject(listQuery),
    response: pageOf(Front),
  },
  create: {
    method: 'post',
    path: '/fronts',
    summary: 'Start a front',
    access: 'fronts:manage',
    body: NewFront,
    response: Front,
    status: 201,
    idempotent: true,
    errors: ['conflict'],
  },
  read: {
    method: 'get',
    path: '/fronts/:id',
    summary: 'Read one front as the desk has it',
    access: 'fronts:manage',
    params: IdParams,
    response: Front,
  },
  change: {
    method: 'patch',
    path: '/fronts/:id',
    summary: 'Save changes to a front; readers get them by publishing',
    access: 'fronts:manage',
    params: IdParams,
    body: FrontPatch,
    response: Front,
    ifMatch: true,
    errors: ['conflict'],
  },
  remove: {
    method: 'delete',
    path: '/fronts/:id',
    summary: 'Delete a front that readers do not have',
    access: 'fronts:manage',
    params: IdParams,
    response: null,
    ifMatch: true,
    errors: ['wrong_state'],
  },
  publish: step('/publish', 'Show the front to readers as it stands', {}),
  unpublish: step('/unpublish', 'Take a front from readers', {}),
  schedule: step('/schedule', 'Publish the front as it stands then, at a time ahead', {
    body: FrontSchedule,
  }),
  unschedule: step('/unschedule', 'Call a scheduled change off', {}),
  preview: {
    method: 'get',
    path: '/fronts/:id/preview',
    summary: 'The front as readers would get it, now or at a time ahead',
    access: 'fronts:manage',
    params: IdParams,
    query: z.strictObject({
      asOf: InstantInput.optional().meta({
        description:
          'A time ahead: with what is scheduled by then, stories and the front. Without it the working copy as it would look now.',
      }),
    }),
    response: DeliveredFront,
  },
  revisions: {
    method: 'get',
    path: '/fronts/:id/revisions',
    summary: 'List the saved versions of a front, newest first',
    access: 'fronts:manage',
    params: IdParams,
    query: z.strictObject(listQuery),
    response: pageOf(FrontRevisionSummary),
  },
  revision: {
    method: 'get',
    path: '/fronts/:id/revisions/:number',
    summary: 'Read a front as it stood',
    access: 'fronts:manage',
    params: z.strictObject({ id: Id, number: RevisionNumber }),
    response: FrontRevision,
  },
  restore: {
    method: 'post',
    path: '/fronts/:id/revisions/:number/restore',
    summary: 'Save name and containers of an earlier version as the newest',
    access: 'fronts:manage',
    params: z.strictObject({ id: Id, number: RevisionNumber }),
    response: Front,
    ifMatch: true,
    idempotent: true,
  },
});

export const deliveredFrontsRoutes = defineRoutes({
  read: {
    method: 'get',
    path: '/fronts/:slug',
    summary: 'Read one front with the stories on it',
    access: 'content:read',
    params: z.strictObject({ slug: SlugParam }),
    query: z.strictObject({
      asOf: InstantInput.optional().meta({
        description:
          'The front as it was at this time, of the stories that are public now. A time ahead is refused (403).',
      }),
    }),
    response: DeliveredFront,
    cacheable: true,
    redirects: 301,
    errors: ['forbidden'],
  },
});
