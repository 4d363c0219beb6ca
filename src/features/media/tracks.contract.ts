import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, Language } from '../../contract/shapes.ts';
import { Media } from './media.contract.ts';

export const TRACK_KINDS = ['captions', 'subtitles', 'descriptions', 'chapters'] as const;

const TrackParams = z.strictObject({ id: Id, kind: z.enum(TRACK_KINDS), language: Language });
export type TrackParams = z.output<typeof TrackParams>;

/** Text beside a film or a sound. It stands among its renditions, named such as `captions.en`. */
export const tracksRoutes = defineRoutes({
  put: {
    method: 'put',
    path: '/media/:id/tracks/:kind/:language',
    summary:
      'Give a film or a sound captions, or another text in time with it, as WebVTT; authors: their own',
    access: 'media:write',
    params: TrackParams,
    upload: 'file',
    body: z.strictObject({}),
    response: Media,
    ifMatch: true,
    errors: ['wrong_state'],
  },
  remove: {
    method: 'delete',
    path: '/media/:id/tracks/:kind/:language',
    summary: 'Take a text from a film or a sound; authors: from their own',
    access: 'media:write',
    params: TrackParams,
    response: Media,
    ifMatch: true,
  },
});
