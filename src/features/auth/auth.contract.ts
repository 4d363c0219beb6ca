import { z } from 'zod';
import { Permission, Reach, Role } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import { Id } from '../../contract/shapes.ts';
import { User } from '../users/users.contract.ts';

/** Where the refresh token travels. */
export const TokenDelivery = z.enum(['cookie', 'body']);
export type TokenDelivery = z.infer<typeof TokenDelivery>;

export const Credentials = z
  .strictObject({
    email: z.string().min(1).max(254),
    password: z.string().min(1).max(1024),
    tokenDelivery: TokenDelivery.default('cookie'),
  })
  .meta({ id: 'Credentials' });
export type Credentials = z.output<typeof Credentials>;

export const RefreshRequest = z
  .strictObject({
    refreshToken: z.string().min(1).max(200).optional(),
    tokenDelivery: TokenDelivery.optional(),
  })
  .default({})
  .meta({ id: 'RefreshRequest' });
export type RefreshRequest = z.output<typeof RefreshRequest>;

/** `refreshToken` only where it was asked for in the body; else it is in an HttpOnly cookie. */
export const SignedIn = z
  .object({ accessToken: z.string(), expiresIn: z.int(), refreshToken: z.string().optional(), user: User })
  .meta({ id: 'SignedIn', description: '`expiresIn` is in seconds.' });
export type SignedIn = z.infer<typeof SignedIn>;

/** Who the caller is and may do, so that a client never guesses. */
export const Me = z
  .object({
    user: User,
    sessionId: Id,
    role: Role,
    mustEnrol: z.boolean(),
    permissions: z.partialRecord(Permission, Reach),
  })
  .meta({
    id: 'Me',
    description:
      '`permissions`: what I may do, on anything (`any`) or on what I made or was assigned (`own`). With `mustEnrol` my role needs a second factor first.',
  });

export const authRoutes = defineRoutes({
  login: {
    method: 'post',
    path: '/auth/login',
    summary: 'Sign in with e-mail address and password',
    access: 'public',
    body: Credentials,
    response: SignedIn,
    cookie: true,
    throttle: 'sign_in',
    errors: ['unauthenticated'],
  },
  refresh: {
    method: 'post',
    path: '/auth/refresh',
    summary: 'Trade a refresh token for a new pair; a spent one ends its session',
    access: 'public',
    body: RefreshRequest,
    response: SignedIn,
    cookie: true,
    errors: ['unauthenticated', 'forbidden'],
  },
  logout: {
    method: 'post',
    path: '/auth/logout',
    summary: 'End this session',
    access: 'session:own',
    response: null,
    cookie: true,
  },
  me: {
    method: 'get',
    path: '/auth/me',
    summary: 'Who I am and what I may do',
    access: 'session:own',
    response: Me,
  },
});
