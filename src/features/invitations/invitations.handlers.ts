import type { Handlers } from '../../http/register.ts';
import { presentSignedIn } from '../auth/auth.presenter.ts';
import { presentUser } from '../users/users.presenter.ts';
import type { invitationsRoutes } from './invitations.contract.ts';
import type { InvitationsService } from './invitations.service.ts';

export const invitationsHandlers = (invitations: InvitationsService): Handlers<typeof invitationsRoutes> => ({
  read: async (_ctx, { params }) => invitations.read(params.token),
  accept: async (ctx, { params, body }) =>
    presentSignedIn(await invitations.accept(ctx, params.token, body), body.tokenDelivery),
  resend: async (ctx, { params, ifMatch }) => presentUser(await invitations.resend(ctx, params.id, ifMatch)),
  revoke: async (ctx, { params, ifMatch }) => invitations.revoke(ctx, params.id, ifMatch),
});
