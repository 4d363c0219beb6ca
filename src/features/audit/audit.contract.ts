import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { anyOf, Id, Instant, InstantInput, listQuery, pageOf } from '../../contract/shapes.ts';

/** Who can act: a person, an API key, a job of the server, or somebody who has not signed in. */
export const ActorKind = z.enum(['user', 'key', 'system', 'anonymous']);
export type ActorKind = z.infer<typeof ActorKind>;

const line = z.string().nullable();

/** One act, as it is kept for ever. */
export const AuditEvent = z
  .object({
    id: z.string(),
    seq: z.int().nullable(),
    at: Instant,
    action: z.string(),
    actor: z.object({ kind: z.string(), id: line, name: line, role: line }),
    target: z.object({ kind: z.string(), id: line }),
    before: z.unknown(),
    after: z.unknown(),
    requestId: z.string(),
    address: line,
    device: line,
    prev: line,
    hash: line,
  })
  .meta({
    id: 'AuditEvent',
    description:
      '`actor` as they were then. `seq`, `prev` and `hash` are null for the moment until the row is numbered; `hash` is over the row, its number and `prev`, the hash of the row before.',
  });
export type AuditEvent = z.infer<typeof AuditEvent>;

const Action = z
  .string()
  .max(60)
  .regex(/^[a-z_]+(?:\.[a-z_]+)?$/, 'Give an action such as "article.publish", or all of a kind: "article".');

const Target = z
  .string()
  .max(130)
  .regex(
    /^[a-z_]+(?::[\w-]+)?$/,
    'Give a kind such as "article", or one thing: "article:665f1c2ab8d1e2f3a4b5c6d7".',
  )
  .transform((text) => {
    const [kind = '', id] = text.split(':');
    return { kind, ...(id === undefined ? {} : { id }) };
  });

export const AuditQuery = z.strictObject({
  ...listQuery,
  actor: anyOf(Id).optional().meta({ description: 'Ids of people and API keys that acted.' }),
  actorKind: anyOf(ActorKind).optional(),
  action: anyOf(Action).optional().meta({
    description: 'Such as `article.publish`; a word without a dot is every action that begins with it.',
  }),
  target: Target.optional().meta({
    description: 'What it was done to: a kind (`article`), or one thing (`article:<id>`).',
  }),
  from: InstantInput.optional().meta({ description: 'From this moment on.' }),
  until: InstantInput.optional().meta({ description: 'Before this moment.' }),
  seq: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'Give a number of the log, from 1.')
    .transform(Number)
    .optional()
    .meta({ description: 'The one row with this number.' }),
});
export type AuditQuery = z.output<typeof AuditQuery>;

/** Reading is all there is: no route changes or removes a row. */
export const auditRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/audit-events',
    summary: 'Who did what, when, to what and from where, newest first',
    access: 'audit:read',
    query: AuditQuery,
    response: pageOf(AuditEvent),
  },
});
