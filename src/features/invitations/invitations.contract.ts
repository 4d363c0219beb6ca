import { z } from 'zod';
import { Role } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import { IdParams, Name } from '../../contract/shapes.ts';
import { SignedIn, TokenDelivery } from '../auth/auth.contract.ts';
import { NewPassword, User } from '../users/users.contract.ts';

/** What somebody sees of their invitation before they accept it. */
export const Invitation = z
  .object({ email: z.string(), name: z.string(), role: Role, siteName: z.string() })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

export const Acceptance = z
  .strictObject({
    name: Name().optional(),
    password: NewPassword,
    tokenDelivery: TokenDelivery.default('cookie'),
  })
  .meta({ id: 'Acceptance', description: '`name` corrects the one in the invitation.' });
export type Acceptance = z.output<typeof Acceptance>;

const TokenParams = z.strictObject({ token: z.string().min(1).max(200) });

export const invitationsRoutes = defineRoutes({
  read: {
    method: 'get',
    path: '/auth/invitations/:token',
    summary: 'Read the invitation of a link that came by mail',
    access: 'public',
    params: TokenParams,
    response: Invitation,
    throttle: 'link',
  },
  accept: {
    method: 'post',
    path: '/auth/invitations/:token/accept',
    summary: 'Accept an invitation by setting a password, once, and sign in',
    access: 'public',
    params: TokenParams,
    body: Acceptance,
    response: SignedIn,
    cookie: true,
    throttle: 'link',
  },
  resend: {
    method: 'post',
    path: '/users/:id/invitation',
    summary: 'Send an invitation again: with a new link, the one before is dead',
    access: 'users:manage',
    params: IdParams,
    response: User,
    ifMatch: true,
    idempotent: true,
    errors: ['conflict'],
  },
  revoke: {
    method: 'delete',
    path: '/users/:id/invitation',
    summary: 'Take an invitation back: the account, which was never used, goes, and its address is free',
    access: 'users:manage',
    params: IdParams,
    response: null,
    ifMatch: true,
    errors: ['conflict'],
  },
});
