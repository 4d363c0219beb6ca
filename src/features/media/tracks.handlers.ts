import type { Handlers } from '../../http/register.ts';
import type { MediaService } from './media.service.ts';
import type { tracksRoutes } from './tracks.contract.ts';

export const tracksHandlers = (media: MediaService): Handlers<typeof tracksRoutes> => ({
  put: async (ctx, { params, ifMatch, file }) =>
    media.present(await media.putTrack(ctx, params, ifMatch, file)),
  remove: async (ctx, { params, ifMatch }) => media.present(await media.removeTrack(ctx, params, ifMatch)),
});
