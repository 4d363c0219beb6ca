import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Email } from '../../contract/shapes.ts';
import { NewPassword } from '../users/users.contract.ts';

// Whoever leaves the current one out is refused like whoever gives a wrong one.
export const PasswordChange = z
  .strictObject({ currentPassword: z.string().max(1024).optional(), newPassword: NewPassword })
  .meta({ id: 'PasswordChange', description: 'Without `currentPassword`, or with a wrong one: 403.' });
export type PasswordChange = z.output<typeof PasswordChange>;

export const ResetRequest = z
  .strictObject({ email: Email })
  .meta({ id: 'ResetRequest', description: 'Answered alike whether or not there is an account.' });

export const ResetPassword = z.strictObject({ password: NewPassword }).meta({ id: 'ResetPassword' });

// None is `idempotent`: what is kept for a repeat would tell of a password.
export const passwordsRoutes = defineRoutes({
  change: {
    method: 'post',
    path: '/auth/password',
    summary: 'Change my password, and end all my other sessions',
    access: 'session:own',
    body: PasswordChange,
    response: null,
    throttle: 'current_password',
  },
  requestReset: {
    method: 'post',
    path: '/auth/password-reset',
    summary: 'Ask for a link by mail that sets a new password',
    access: 'public',
    body: ResetRequest,
    response: null,
    status: 202,
    throttle: 'password_reset',
  },
  reset: {
    method: 'post',
    path: '/auth/password-reset/:token',
    summary: 'Set a new password with the link that came by mail, and end all sessions',
    access: 'public',
    params: z.strictObject({ token: z.string().max(200) }),
    body: ResetPassword,
    response: null,
    throttle: 'link',
  },
});
