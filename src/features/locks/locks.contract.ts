import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant } from '../../contract/shapes.ts';

/** Who edits a story now. It ends by itself at `expiresAt` unless its holder renews it. */
export const Lock = z
  .object({
    by: z.object({ id: Id, name: z.string() }),
    since: Instant,
    expiresAt: Instant,
    fence: z
      .int()
      .meta({ description: 'Rises with every new holder; send it as `Lock-Fence` when you save.' }),
  })
  .meta({ id: 'Lock' });
export type Lock = z.infer<typeof Lock>;

export const LockRequest = z
  .strictObject({ takeover: z.boolean().default(false) })
  .default({ takeover: false })
  .meta({ id: 'LockRequest', description: '`takeover` ends the lock of somebody else, for those who may.' });
export type LockRequest = z.output<typeof LockRequest>;

export const locksRoutes = defineRoutes({
  take: {
    method: 'put',
    path: '/articles/:id/lock',
    summary: 'Take the editing lock of a story, or renew the one you hold',
    access: 'articles:write',
    params: IdParams,
    body: LockRequest,
    response: Lock,
    errors: ['locked', 'wrong_state'],
  },
  release: {
    method: 'delete',
    path: '/articles/:id/lock',
    summary: 'Give back the editing lock that you hold',
    access: 'articles:write',
    params: IdParams,
    response: null,
    errors: ['locked'],
  },
});
