import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Flag, Id, IdParams, Instant, listQuery, pageOf } from '../../contract/shapes.ts';

/** Where I am signed in. */
export const Session = z
  .object({
    id: Id,
    current: z.boolean(),
    device: z.string(),
    address: z.string(),
    method: z.string(),
    secondFactor: z.boolean(),
    createdAt: Instant,
    lastUsedAt: Instant,
    expiresAt: Instant,
  })
  .meta({
    id: 'Session',
    description:
      '`current`: the one that asks. `device` and `address` as at its last sign-in or refresh; `lastUsedAt` to the minute; `method` is password, passkey, single_sign_on or link.',
  });
export type Session = z.infer<typeof Session>;

// Sessions take no `If-Match`: ending one is right whatever happened to it meanwhile.
export const sessionsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/auth/sessions',
    summary: 'Where I am signed in, newest first',
    access: 'session:own',
    query: z.strictObject(listQuery),
    response: pageOf(Session),
  },
  end: {
    method: 'delete',
    path: '/auth/sessions/:id',
    summary: 'End one of my sessions',
    access: 'session:own',
    params: IdParams,
    response: null,
    cookie: true,
  },
  endAll: {
    method: 'delete',
    path: '/auth/sessions',
    summary: 'End all my sessions but this one',
    access: 'session:own',
    query: z.strictObject({
      current: Flag.default(false).meta({ description: '`true`: this one as well.' }),
    }),
    response: null,
    cookie: true,
  },
  endAllOf: {
    method: 'delete',
    path: '/users/:id/sessions',
    summary: 'Sign a member of staff out everywhere',
    access: 'users:manage',
    params: IdParams,
    response: null,
  },
});
