import type { Handlers } from '../../http/register.ts';
import { idsOf, surrogateKeysOf } from './identity.ts';
import type { mediaFilesRoutes, mediaRoutes } from './media.contract.ts';
import type { MediaService } from './media.service.ts';
import type { MediaFilesService, ServedFile } from './media-files.service.ts';
import { serve } from './serving.ts';
import { takenReply } from './taken.ts';

export const mediaHandlers = (media: MediaService): Handlers<typeof mediaRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await media.list(ctx, query);
    return { data: records.map(media.present), page };
  },
  create: async (ctx, { file, body }) => takenReply(media.present, await media.create(ctx, file, body)),
  read: async (ctx, { params }) => media.present(await media.read(ctx, params.id)),
  uses: async (ctx, { params, query }) => {
    const { records, page, fronts, hidden } = await media.uses(ctx, params.id, query);
    return { data: records, page, fronts, hidden };
  },
  change: async (ctx, { params, ifMatch, body }) =>
    media.present(await media.change(ctx, params.id, ifMatch, body)),
  replaceFile: async (ctx, { params, ifMatch, file }) =>
    media.present(await media.replaceFile(ctx, params.id, ifMatch, file)),
  remove: async (ctx, { params, query, ifMatch }) => media.remove(ctx, params.id, ifMatch, query.replacement),
});

/** Shared caches keep it until they are told that its last use ended; what a signed address gives nobody keeps. */
const CACHING: Readonly<Record<ServedFile['audience'], (served: ServedFile) => Record<string, string>>> = {
  everybody: ({ item, rendition }) => ({
    'Cache-Control': 'public, max-age=31536000, immutable',
    'Surrogate-Key': [...surrogateKeysOf(item), ...idsOf(item).map((id) => `file-${id}`)].join(' '),
    // A key is given once, to one file.
    ETag: `"${rendition.key}"`,
    'Last-Modified': item.createdAt.toUTCString(),
  }),
  staff: () => ({ 'Cache-Control': 'private, no-store' }),
};

export const mediaFilesHandlers = (files: MediaFilesService): Handlers<typeof mediaFilesRoutes> => ({
  read: async (_ctx, { params, query, headers: asked }) => {
    const served = await files.find(params.file, query);
    return serve(served, asked, CACHING[served.audience](served));
  },
});
