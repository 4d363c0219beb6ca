import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Media, NewMedia } from './media.contract.ts';

const Address = z
  .url({ protocol: /^https?$/, error: 'Give an http or https address.' })
  .max(2048)
  .meta({
    description: 'Where the file is. It must be reached over the public internet, without signing in.',
  });

export const MediaImport = NewMedia.extend({ url: Address }).meta({ id: 'MediaImport' });
export type MediaImport = z.output<typeof MediaImport>;

/** Ways in beside the form: what comes by them is judged and kept as an upload is. */
export const intakeRoutes = defineRoutes({
  fetch: {
    method: 'post',
    path: '/media/import',
    summary: 'Fetch a picture from an address; the same bytes again give the item that is there',
    access: 'media:write',
    body: MediaImport,
    response: Media,
    status: 201,
    recognises: true,
    errors: ['payload_too_large', 'unsupported_media', 'storage_full', 'unavailable'],
  },
});
