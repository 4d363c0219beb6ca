import type { Handlers } from '../../http/register.ts';
import type { EmailChanges } from './email-changes.ts';
import type { profileRoutes } from './profile.contract.ts';
import { presentProfile } from './profile.presenter.ts';
import type { ProfileService } from './profile.service.ts';

export const profileHandlers = (
  profile: ProfileService,
  emails: EmailChanges,
): Handlers<typeof profileRoutes> => ({
  change: async (ctx, { ifMatch, body }) => presentProfile(await profile.change(ctx, ifMatch, body)),
  askEmail: async (ctx, { body }) => emails.ask(ctx, body),
  cancelEmail: async (ctx) => emails.cancel(ctx),
  confirmEmail: async (ctx, { params }) => emails.confirm(ctx, params.token),
});
