import { z } from 'zod';
import { SCOPES, Scope } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import {
  anyOf,
  Id,
  IdParams,
  Instant,
  InstantInput,
  Line,
  listQuery,
  Name,
  pageOf,
} from '../../contract/shapes.ts';

/** `suspended`: whoever answers for the key is no active admin any more; another admin may take it over. */
export const KEY_STATUSES = ['active', 'expired', 'suspended', 'revoked'] as const;
export const KeyStatus = z.enum(KEY_STATUSES).meta({ id: 'KeyStatus' });
export type KeyStatus = z.infer<typeof KeyStatus>;

const apiKey = {
  id: Id,
  version: z.int(),
  name: z.string(),
  scopes: z.array(Scope),
  rate: z.int(),
  owner: z.object({ id: Id, name: z.string() }),
  status: KeyStatus,
  expiresAt: Instant.nullable(),
  overlapUntil: Instant.nullable(),
  lastUsedAt: Instant.nullable(),
  lastUsedFrom: z.string().nullable(),
  revokedAt: Instant.nullable(),
  createdAt: Instant,
  modifiedAt: Instant,
};

/** An API key as admins see it. Its secret is shown once, when it is issued. */
export const ApiKey = z.object(apiKey).meta({
  id: 'ApiKey',
  description:
    '`owner` is the admin who answers for the key; it works while they are one. `rate` is in requests a minute. `overlapUntil`: how long the secret before the last rotation is still good. `lastUsedAt` is right to the minute.',
});
export type ApiKey = z.infer<typeof ApiKey>;

/** An API key with its secret, for the one time that it is shown. */
export const IssuedKey = z.object({ ...apiKey, key: z.string() }).meta({
  id: 'IssuedKey',
  description: '`key` is shown this once and kept nowhere: send it as `Authorization: Bearer …`.',
});
export type IssuedKey = z.infer<typeof IssuedKey>;

const scopes = z
  .array(Scope)
  .min(1, 'Name at least one scope.')
  .max(SCOPES.length)
  .refine((list) => new Set(list).size === list.length, 'Name each scope once.');
const rate = z.int().min(1).max(60_000);
const expiresAt = InstantInput.nullable();

export const NewKey = z
  .strictObject({ name: Name(), scopes, expiresAt: expiresAt.default(null), rate: rate.default(600) })
  .meta({ id: 'NewKey', description: 'Without `expiresAt` the key is good until it is revoked.' });
export type NewKey = z.output<typeof NewKey>;

export const KeyPatch = z
  .strictObject({ name: Name(), scopes, expiresAt, rate, owner: Id })
  .partial()
  .meta({ id: 'KeyPatch', description: '`owner`: the id of an active admin, who takes the key over.' });
export type KeyPatch = z.output<typeof KeyPatch>;

export const RotateRequest = z
  .strictObject({ overlapMinutes: z.int().min(0).max(1440).default(0) })
  .default({ overlapMinutes: 0 })
  .meta({
    id: 'RotateRequest',
    description:
      'So many minutes the secret of now stays good beside the new one, for a change without a gap.',
  });
export type RotateRequest = z.output<typeof RotateRequest>;

export const KeyQuery = z.strictObject({
  ...listQuery,
  status: anyOf(KeyStatus).optional(),
  q: Line(100).min(1).optional().meta({ description: 'Words or a part of the name.' }),
});
export type KeyQuery = z.output<typeof KeyQuery>;

// None is `idempotent`: what is kept for a repeat would be a secret.
export const keysRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/api-keys',
    summary: 'List the API keys, newest first',
    access: 'keys:manage',
    query: KeyQuery,
    response: pageOf(ApiKey),
  },
  create: {
    method: 'post',
    path: '/api-keys',
    summary: 'Issue an API key; its secret is shown this once',
    access: 'keys:manage',
    body: NewKey,
    response: IssuedKey,
    status: 201,
  },
  read: {
    method: 'get',
    path: '/api-keys/:id',
    summary: 'Read one API key',
    access: 'keys:manage',
    params: IdParams,
    response: ApiKey,
  },
  change: {
    method: 'patch',
    path: '/api-keys/:id',
    summary: 'Change what an API key is good for, or who answers for it',
    access: 'keys:manage',
    params: IdParams,
    body: KeyPatch,
    response: ApiKey,
    ifMatch: true,
    errors: ['conflict'],
  },
  rotate: {
    method: 'post',
    path: '/api-keys/:id/rotate',
    summary: 'Give an API key a new secret, shown this once',
    access: 'keys:manage',
    params: IdParams,
    body: RotateRequest,
    response: IssuedKey,
    ifMatch: true,
    errors: ['conflict'],
  },
  revoke: {
    method: 'delete',
    path: '/api-keys/:id',
    summary: 'Revoke an API key at once and for good; it stays in the list',
    access: 'keys:manage',
    params: IdParams,
    response: null,
    ifMatch: true,
  },
});
