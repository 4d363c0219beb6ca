import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, Line, listQuery, pageOf } from '../../contract/shapes.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

const PreviewStatus = z.enum(['active', 'expired', 'revoked']).meta({ id: 'PreviewStatus' });
export type PreviewStatus = z.infer<typeof PreviewStatus>;

const link = {
  id: Id,
  label: z.string().nullable(),
  revision: z.int(),
  status: PreviewStatus,
  by: Id,
  createdAt: Instant,
  expiresAt: Instant,
  revokedAt: Instant.nullable(),
  openCount: z.int(),
  opens: z.array(z.object({ at: Instant, address: z.string(), device: z.string() })),
};

/** A link to one saved version of one story, for somebody who has no account. */
export const PreviewLink = z.object(link).meta({
  id: 'PreviewLink',
  description:
    'It opens while it is `active`, its maker works here and may read the story. `opens` are the last 50, newest last; `openCount` counts all.',
});
export type PreviewLink = z.infer<typeof PreviewLink>;

const IssuedPreviewLink = z.object({ ...link, token: z.string(), url: z.string() }).meta({
  id: 'IssuedPreviewLink',
  description:
    '`token` is shown this once and kept nowhere. `url` is made by the setting `publishing.previewUrl`.',
});

export const NewPreviewLink = z
  .strictObject({
    expiresIn: z.int().min(60).max(DAY_SECONDS).default(HOUR_SECONDS),
    label: Line(120).min(1, 'Must not be empty.').optional(),
  })
  .default({ expiresIn: HOUR_SECONDS })
  .meta({
    id: 'NewPreviewLink',
    description: '`expiresIn` is in seconds: an hour unless given, a day at most.',
  });
export type NewPreviewLink = z.output<typeof NewPreviewLink>;

const linkParams = IdParams.extend({ linkId: Id });

// None is `idempotent`: what is kept for a repeat would be a secret.
export const previewsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/articles/:id/preview-links',
    summary: 'List the preview links of a story, newest first',
    access: 'previews:manage',
    params: IdParams,
    query: z.strictObject(listQuery),
    response: pageOf(PreviewLink),
  },
  create: {
    method: 'post',
    path: '/articles/:id/preview-links',
    summary: 'Make a link to the story as it is saved now; its token is shown this once',
    access: 'previews:manage',
    params: IdParams,
    body: NewPreviewLink,
    response: IssuedPreviewLink,
    status: 201,
    errors: ['wrong_state'],
  },
  read: {
    method: 'get',
    path: '/articles/:id/preview-links/:linkId',
    summary: 'Read one preview link, with who opened it',
    access: 'previews:manage',
    params: linkParams,
    response: PreviewLink,
  },
  revoke: {
    method: 'delete',
    path: '/articles/:id/preview-links/:linkId',
    summary: 'Revoke a preview link at once and for good; it stays in the list for a month',
    access: 'previews:manage',
    params: linkParams,
    response: null,
  },
});
