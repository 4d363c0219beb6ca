import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { directUploadsRoutes } from './direct-uploads.contract.ts';
import type { DirectUploadsService } from './direct-uploads.service.ts';
import type { PresentMedia } from './media.presenter.ts';

export const directUploadsHandlers = (deps: {
  directUploads: DirectUploadsService;
  media: { present: PresentMedia };
}): Handlers<typeof directUploadsRoutes> => ({
  begin: async (ctx, { body }) => {
    const { upload, grant } = await deps.directUploads.begin(ctx, body);
    return { id: upload._id, method: 'PUT', ...grant, expiresAt: upload.expiresAt.toISOString() };
  },
  complete: async (ctx, { params }) => {
    const { item, known } = await deps.directUploads.complete(ctx, params.id);
    const present = deps.media.present(item);
    const headers = { Location: `/editorial/v1/media/${present.id}` };
    return new Reply(present, { status: known ? 200 : 201, headers });
  },
});
