import { z } from 'zod';
import { Duty, Role } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import {
  anyOf,
  Email,
  Flag,
  Id,
  IdParams,
  Instant,
  Line,
  listQuery,
  Name,
  pageOf,
} from '../../contract/shapes.ts';

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
    joinedAt: Instant.nullable(),
    secondFactor: z.boolean(),
    timeZone: z.string().nullable(),
    lastSignInAt: Instant.nullable(),
    createdAt: Instant,
    modifiedAt: Instant,
  })
  .meta({
    id: 'User',
    description:
      '`joinedAt` is null while somebody is only invited. `timeZone`: an IANA name, or `null` for the one of the site.',
  });
export type User = z.infer<typeof User>;

const duties = z.array(Duty).max(2);

export const NewUser = z
  .strictObject({
    email: Email,
    name: Name(),
    role: Role,
    duties: duties.default([]),
    byline: Name().optional(),
    password: NewPassword.optional(),
  })
  .meta({
    id: 'NewUser',
    description:
      'Without `password` an invitation is sent, and the person sets one. With `byline` an author of that name is made who is this person.',
  });
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
      active: Flag.optional(),
      invited: Flag.optional().meta({
        description: 'Only those who have not joined yet, or only the others.',
      }),
      secondFactor: Flag.optional(),
      q: Line(100).min(1).optional().meta({ description: 'Text that stands in the name or the address.' }),
    }),
    response: pageOf(User),
  },
  create: {
    method: 'post',
    path: '/users',
    summary: 'Add a member of staff, who is invited by mail unless a password is given',
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
  remove: {
    method: 'delete',
    path: '/users/:id',
    summary: 'Delete an account to whose name there is no work',
    access: 'users:manage',
    params: IdParams,
    response: null,
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
