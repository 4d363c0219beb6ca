import { z } from 'zod';
import { Duty, Role } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import { anyOf, Email, Id, IdParams, Instant, listQuery, Name, pageOf } from '../../contract/shapes.ts';

/** A password as it is set: length is what counts (NIST SP 800-63B-4); nothing is cut. */
export const NewPassword = z
  .string()
  .max(1024, 'At most 1024 characters.')
  .refine((text) => [...text].length >= 15, 'At least 15 characters: a sentence does well.');

/** A member of staff, as admins see them. */
export const User = z
  .object({
    id: Id,
    version: z.int(),
    email: z.string(),
    name: z.string(),
    role: Role,
    duties: z.array(Duty),
    active: z.boolean(),
    lastSignInAt: Instant.nullable(),
    createdAt: Instant,
    modifiedAt: Instant,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

const duties = z.array(Duty).max(2);

export const NewUser = z
  .strictObject({
    email: Email,
    name: Name(),
    role: Role,
    duties: duties.default([]),
    password: NewPassword.optional(),
  })
  .meta({ id: 'NewUser' });
export type NewUser = z.output<typeof NewUser>;

export const UserPatch = z
  .strictObject({ name: Name(), role: Role, duties })
  .partial()
  .meta({ id: 'UserPatch' });
export type UserPatch = z.output<typeof UserPatch>;

export const usersRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/users',
    summary: 'List the members of staff, newest first',
    access: 'users:manage',
    query: z.strictObject({
      ...listQuery,
      role: anyOf(Role).optional(),
      active: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
    }),
    response: pageOf(User),
  },
  create: {
    method: 'post',
    path: '/users',
    summary: 'Add a member of staff',
    access: 'users:manage',
    body: NewUser,
    response: User,
    status: 201,
    idempotent: true,
    errors: ['conflict'],
  },
  read: {
    method: 'get',
    path: '/users/:id',
    summary: 'Read one member of staff',
    access: 'users:manage',
    params: IdParams,
    response: User,
  },
  change: {
    method: 'patch',
    path: '/users/:id',
    summary: 'Change name, role or duties',
    access: 'users:manage',
    params: IdParams,
    body: UserPatch,
    response: User,
    ifMatch: true,
    errors: ['conflict'],
  },
  deactivate: {
    method: 'post',
    path: '/users/:id/deactivate',
    summary: 'End all access of a member of staff at once',
    access: 'users:manage',
    params: IdParams,
    response: User,
    ifMatch: true,
    idempotent: true,
    errors: ['conflict'],
  },
  activate: {
    method: 'post',
    path: '/users/:id/activate',
    summary: 'Let a deactivated member of staff sign in again',
    access: 'users:manage',
    params: IdParams,
    response: User,
    ifMatch: true,
    idempotent: true,
  },
});
