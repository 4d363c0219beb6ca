import type { Handlers } from '../../http/register.ts';
import type { directUploadsRoutes } from './direct-uploads.contract.ts';
import type { DirectUploadsService } from './direct-uploads.service.ts';
import type { PresentMedia } from './media.presenter.ts';
import { takenReply } from './taken.ts';

export const directUploadsHandlers = (deps: {
  directUploads: DirectUploadsService;
  media: { present: PresentMedia };
}): Handlers<typeof directUploadsRoutes> => ({
  begin: async (ctx, { body }) => {
    const { upload, grant } = await deps.directUploads.begin(ctx, body);
    return { id: upload._id, method: 'PUT', ...grant, expiresAt: upload.expiresAt.toISOString() };
  },
  complete: async (ctx, { params }) =>
    takenReply(deps.media.present, await deps.directUploads.complete(ctx, params.id)),
});
