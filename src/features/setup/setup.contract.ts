import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Email, Name } from '../../contract/shapes.ts';
import { SignedIn, TokenDelivery } from '../auth/auth.contract.ts';
import { NewPassword } from '../users/users.contract.ts';

export const FirstAdmin = z
  .strictObject({
    token: z.string().min(1).max(200),
    name: Name(),
    email: Email,
    password: NewPassword,
    tokenDelivery: TokenDelivery.default('cookie'),
  })
  .meta({ id: 'FirstAdmin', description: '`token` is in the link that the server prints at its start.' });
export type FirstAdmin = z.output<typeof FirstAdmin>;

export const setupRoutes = defineRoutes({
  complete: {
    method: 'post',
    path: '/auth/setup',
    summary: 'Make the first admin, once, and sign in',
    access: 'public',
    body: FirstAdmin,
    response: SignedIn,
    cookie: true,
    throttle: 'setup',
    errors: ['forbidden'],
  },
});
