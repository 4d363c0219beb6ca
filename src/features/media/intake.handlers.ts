import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { intakeRoutes } from './intake.contract.ts';
import type { IntakeService } from './intake.ts';
import type { PresentMedia } from './media.presenter.ts';
import type { ResumableUpload as Upload } from './resumable.model.ts';
import type { ResumableUploads } from './resumable.ts';
import { placeOf, takenReply } from './taken.ts';
import type { Tus } from './tus.ts';

const TUS = { 'Tus-Resumable': '1.0.0' };

/** As tus answers a HEAD request, beside our own words for the same. */
const headersOf = ({ offset, length, expiresAt }: Upload): Record<string, string> => ({
  ...TUS,
  'Upload-Offset': String(offset),
  'Upload-Length': String(length),
  'Upload-Expires': expiresAt.toUTCString(),
});

/** Where the item is that an upload became. */
const becameOf = ({ media }: Upload): Record<string, string> =>
  media ? { 'Content-Location': placeOf(media) } : {};

export const intakeHandlers = (deps: {
  intake: IntakeService;
  tus: Tus;
  uploads: ResumableUploads;
  media: { present: PresentMedia };
}): Handlers<typeof intakeRoutes> => ({
  fetch: async (ctx, { body }) => takenReply(deps.media.present, await deps.intake.fetch(ctx, body)),
  begin: async (ctx, { request }) => new Reply(undefined, await deps.tus.answer(ctx, request)),
  state: async (ctx, { params }) => {
    const upload = await deps.uploads.find(ctx, params.id);
    const { _id, length, offset, media, expiresAt } = upload;
    const state = {
      id: _id,
      length,
      offset,
      media: media && String(media),
      expiresAt: expiresAt.toISOString(),
    };
    return new Reply(state, { headers: { ...headersOf(upload), ...becameOf(upload) } });
  },
  append: async (ctx, { params, request }) => {
    const { status, headers } = await deps.tus.answer(ctx, request);
    return new Reply(undefined, {
      status,
      headers: { ...headers, ...becameOf(await deps.uploads.find(ctx, params.id)) },
    });
  },
  abandon: async (ctx, { params }) => {
    await deps.uploads.abandon(ctx, params.id);
    return new Reply(undefined, { headers: TUS });
  },
});
