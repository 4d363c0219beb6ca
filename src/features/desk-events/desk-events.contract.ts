import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, Instant } from '../../contract/shapes.ts';
import { Status } from '../articles/articles.contract.ts';
import { Lock } from '../locks/locks.contract.ts';

/** What the desk is told of, as SSE names it. */
export const DESK_EVENT_TYPES = [
  'stream.ready',
  'lock.changed',
  'article.created',
  'article.saved',
  'article.submitted',
  'article.returned',
  'article.approved',
  'article.archived',
  'article.scheduled',
  'article.unscheduled',
  'article.published',
  'article.unpublished',
  'article.killed',
  'article.binned',
  'article.restored',
  'schedule.failed',
  'sign_off.given',
  'sign_off.withdrawn',
  'note.written',
  'note.mentioned',
  'note.changed',
  'front.published',
  'front.unpublished',
  'front.scheduled',
  'front.unscheduled',
  'media.lapsed',
] as const;
export type DeskEventType = (typeof DESK_EVENT_TYPES)[number];

/** What was due, and what became of it. */
const Schedule = z.object({
  duty: z.enum(['publish', 'unpublish']),
  due: Instant,
  late: z.boolean().optional(),
  by: Id.nullable(),
  why: z.string().optional().meta({ description: 'Why it could not be done.' }),
});

const DeskEventData = z
  .object({
    article: Id,
    front: Id,
    media: Id.meta({ description: 'Of `media.lapsed`: the rights to it have ended.' }),
    by: z.object({ id: Id.nullable(), name: z.string().nullable() }).meta({
      description: 'Who did it; a job of our own has no id.',
    }),
    version: z.int(),
    status: Status,
    fields: z.array(z.string()),
    schedule: Schedule,
    kind: z.string().meta({ description: 'Of a sign-off.' }),
    note: Id,
    blocking: z.boolean(),
    resolved: z.boolean(),
    lock: Lock.nullable().meta({ description: '`null`: nobody edits the story now.' }),
    resumed: z.boolean().meta({
      description:
        'Of `stream.ready`: nothing was missed since the position that was asked for. Else read lists anew.',
    }),
  })
  .partial();

export const DeskEvent = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.enum(DESK_EVENT_TYPES),
    subject: z.string().optional(),
    time: Instant,
    datacontenttype: z.literal('application/json'),
    data: DeskEventData,
  })
  .meta({
    id: 'DeskEvent',
    description: 'A CloudEvents 1.0 object: what happened, never what a story says.',
  });
export type DeskEvent = z.infer<typeof DeskEvent>;

export const EventTicket = z
  .object({
    ticket: z.string().meta({ description: 'Opens one stream, once, as you and by this session.' }),
    expiresAt: Instant,
  })
  .meta({ id: 'EventTicket' });
export type EventTicket = z.infer<typeof EventTicket>;

export const deskEventsRoutes = defineRoutes({
  ticket: {
    method: 'post',
    path: '/events/ticket',
    summary: 'Get a ticket for the event stream: good once, within 60 seconds',
    access: 'session:own',
    response: EventTicket,
    status: 201,
  },
  stream: {
    method: 'get',
    path: '/events',
    summary: 'Follow what happens at the desk, as Server-Sent Events',
    access: 'public',
    query: z.strictObject({
      ticket: z.string().max(200).optional().meta({ description: 'From `POST /events/ticket`.' }),
      after: z
        .string()
        .regex(/^\d{1,15}$/, 'Give the `id` of the last event that you had.')
        .optional()
        .meta({ description: 'As `Last-Event-ID`, for those who cannot send that header.' }),
    }),
    response: null,
    binary: ['text/event-stream'],
    events: DeskEvent,
    errors: ['unauthenticated'],
  },
});
