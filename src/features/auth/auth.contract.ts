import { z } from 'zod';
import { Permission, Reach, Role } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import { Id } from '../../contract/shapes.ts';
import { Profile } from '../profile/profile.contract.ts';
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

/** What stands for a sign-in between its two steps. */
export const MfaToken = z.string().min(1).max(200);

/** What can be shown at the second step. */
export const FactorMethod = z.enum(['totp', 'recovery', 'passkey']).meta({ id: 'FactorMethod' });
export type FactorMethod = z.infer<typeof FactorMethod>;

/** The first step was right; the second is missing. */
export const MfaRequired = z
  .object({
    mfaRequired: z.literal(true),
    mfaToken: MfaToken,
    methods: z.array(FactorMethod),
    expiresIn: z.int(),
  })
  .meta({
    id: 'MfaRequired',
    description:
      'Finish with `POST /auth/mfa` within `expiresIn` seconds. `mfaToken` is good for nothing else.',
  });
export type MfaRequired = z.infer<typeof MfaRequired>;

/** Who the caller is and may do, so that a client never guesses. */
export const Me = z
  .object({
    ...Profile.shape,
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
    summary: 'Sign in with e-mail address and password; with a second factor, this is the first step',
    access: 'public',
    body: Credentials,
    response: z.union([SignedIn, MfaRequired]),
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
