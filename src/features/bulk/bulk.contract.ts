import { z } from 'zod';
import { ERROR_CODES } from '../../contract/problem.ts';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, listQuery, pageOf, Text } from '../../contract/shapes.ts';
import { ArticlePatch, Change, needsNote } from '../articles/articles.contract.ts';
import { MediaAmendment } from '../media/amendment.contract.ts';
import { ScheduleRequest } from '../schedule/schedule.contract.ts';

const MOST = 300;

const Target = z.strictObject({ id: Id, version: z.int().min(1) });

const targets = (what: string) =>
  z
    .array(Target)
    .min(1)
    .max(MOST)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, `A ${what} stands here twice.`)
    .meta({ description: 'Each with the version that you read, as `If-Match` has it.' });

const articles = targets('story');

const PLAIN = ['submit', 'return', 'approve', 'unschedule', 'archive', 'bin', 'restore'] as const;
export const BULK_ACTIONS = [...PLAIN, 'publish', 'unpublish', 'schedule', 'change', 'change-media'] as const;
export const BulkAction = z.enum(BULK_ACTIONS).meta({ id: 'BulkAction' });
export type BulkAction = z.infer<typeof BulkAction>;

/** What can be said of many stories at once. */
const changes = ArticlePatch.pick({
  section: true,
  tags: true,
  authors: true,
  assignee: true,
  dueAt: true,
  urgency: true,
  sensitive: true,
  embargoUntil: true,
}).refine((given) => Object.keys(given).length > 0, 'Say what to change.');

export const BulkRequest = z
  .discriminatedUnion(
    'action',
    [
      z.strictObject({ action: z.enum(PLAIN), articles }),
      z
        .strictObject({
          action: z.literal('publish'),
          articles,
          change: Change.optional(),
          note: Text(2000).optional(),
        })
        .refine(({ change, note = '' }) => !needsNote(change) || note.trim() !== '', {
          path: ['note'],
          error: 'Say what the change is: readers are told.',
        }),
      z.strictObject({ action: z.literal('unpublish'), articles, reason: Text(2000).min(1).optional() }),
      z.strictObject({ action: z.literal('schedule'), articles, schedule: ScheduleRequest }),
      z.strictObject({ action: z.literal('change'), articles, changes }),
      z.strictObject({
        action: z.literal('change-media'),
        media: targets('picture'),
        changes: MediaAmendment,
      }),
    ],
    { error: `Must be one of ${BULK_ACTIONS.map((action) => `"${action}"`).join(', ')}.` },
  )
  .meta({
    id: 'BulkRequest',
    description: `One action on up to ${MOST} stories or pictures, one after the other.`,
  });
export type BulkRequest = z.output<typeof BulkRequest>;

/** What is to be done, without to what. */
export type BulkOrder<A extends BulkAction = BulkAction> = Omit<
  Extract<BulkRequest, { action: A }>,
  'articles' | 'media'
>;

export const BULK_ITEM_STATES = ['waiting', 'done', 'failed'] as const;

const BulkItem = z
  .object({
    id: Id,
    version: z.int(),
    status: z.enum(BULK_ITEM_STATES),
    newVersion: z.int().nullable(),
    error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).nullable(),
  })
  .meta({
    id: 'BulkItem',
    description: 'What became of one story or picture; `error` is what its own route would answer.',
  });

export const BulkSummary = z
  .object({
    id: Id,
    action: BulkAction,
    status: z.enum(['waiting', 'running', 'done']),
    total: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'BulkSummary' });
export type BulkSummary = z.infer<typeof BulkSummary>;

export const BulkJob = BulkSummary.extend({ items: z.array(BulkItem) }).meta({
  id: 'BulkJob',
  description: 'It goes on by itself, over restarts; read it again for its progress.',
});
export type BulkJob = z.infer<typeof BulkJob>;

const BulkQuery = z.strictObject(listQuery);
export type BulkQuery = z.output<typeof BulkQuery>;

export const bulkRoutes = defineRoutes({
  start: {
    method: 'post',
    path: '/bulk-jobs',
    summary: 'Do one thing to many stories or pictures',
    access: 'articles:write',
    body: BulkRequest,
    response: BulkJob,
    status: 202,
    idempotent: true,
  },
  list: {
    method: 'get',
    path: '/bulk-jobs',
    summary: 'List my bulk actions, last started first',
    access: 'articles:write',
    query: BulkQuery,
    response: pageOf(BulkSummary),
  },
  read: {
    method: 'get',
    path: '/bulk-jobs/:id',
    summary: 'Read how far a bulk action of mine has come',
    access: 'articles:write',
    params: IdParams,
    response: BulkJob,
  },
});
