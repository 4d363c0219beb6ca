import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Email, Id, Instant, Name, TimeZone } from '../../contract/shapes.ts';
import { User } from '../users/users.contract.ts';

/** Which of the two addresses has not confirmed yet. */
const Waiting = z.enum(['old', 'new']);
export type Waiting = z.infer<typeof Waiting>;

/** My account as I see it. */
export const Profile = z
  .object({
    user: User,
    version: z.int(),
    byline: z.object({ id: Id, name: z.string(), slug: z.string() }).nullable(),
    emailChange: z.object({ email: z.string(), waitingFor: z.array(Waiting), expiresAt: Instant }).nullable(),
  })
  .meta({
    id: 'Profile',
    description:
      '`version` is what `If-Match` names. `emailChange`: an address that waits for its two links.',
  });
export type Profile = z.infer<typeof Profile>;

export const ProfilePatch = z
  .strictObject({ name: Name(), timeZone: TimeZone.nullable(), byline: Id.nullable() })
  .partial()
  .meta({
    id: 'ProfilePatch',
    description:
      '`byline`: an author that is nobody’s and bears my name; editors may take any that is nobody’s.',
  });
export type ProfilePatch = z.output<typeof ProfilePatch>;

export const NewEmail = z
  .strictObject({ email: Email, password: z.string().min(1).max(1024).optional() })
  .meta({
    id: 'NewEmail',
    description: '`password`: mine, unless I have none; then the sign-in must be of the last ten minutes.',
  });
export type NewEmail = z.output<typeof NewEmail>;

export const EmailConfirmed = z
  .object({ status: z.enum(['waiting', 'done']), waitingFor: Waiting.optional() })
  .meta({ id: 'EmailConfirmed', description: '`waitingFor`: whose link is still to be confirmed.' });
export type EmailConfirmed = z.infer<typeof EmailConfirmed>;

export const profileRoutes = defineRoutes({
  change: {
    method: 'patch',
    path: '/auth/me',
    summary: 'Change my name, time zone or byline',
    access: 'session:own',
    body: ProfilePatch,
    response: Profile,
    ifMatch: true,
    errors: ['conflict'],
  },
  askEmail: {
    method: 'post',
    path: '/auth/email',
    summary: 'Ask for another e-mail address: a link goes to the new one and to the one so far',
    access: 'session:own',
    body: NewEmail,
    response: null,
    status: 202,
    throttle: 'email_change',
  },
  cancelEmail: {
    method: 'delete',
    path: '/auth/email',
    summary: 'Take back the change of address that waits',
    access: 'session:own',
    response: null,
  },
  confirmEmail: {
    method: 'post',
    path: '/auth/email-confirmation/:token',
    summary:
      'Confirm a change of address with the link that came by mail; it happens with the second of the two',
    access: 'public',
    params: z.strictObject({ token: z.string().max(200) }),
    response: EmailConfirmed,
    throttle: 'link',
    errors: ['conflict'],
  },
});
