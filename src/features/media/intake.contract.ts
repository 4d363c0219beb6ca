import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, Instant } from '../../contract/shapes.ts';
import { Media, NewMedia } from './media.contract.ts';
import { UPLOAD_ERRORS, UploadParams } from './uploads.contract.ts';

const Address = z
  .url({ protocol: /^https?$/, error: 'Give an http or https address.' })
  .max(2048)
  .meta({
    description: 'Where the file is. It must be reached over the public internet, without signing in.',
  });

export const MediaImport = NewMedia.extend({ url: Address }).meta({ id: 'MediaImport' });
export type MediaImport = z.output<typeof MediaImport>;

const TUS_BODY = 'application/offset+octet-stream';

export const ResumableUpload = z
  .object({
    id: z.string(),
    length: z.int(),
    offset: z.int().meta({ description: 'So many bytes are kept: go on from here.' }),
    media: Id.nullable().meta({ description: 'The item that it became.' }),
    expiresAt: Instant,
  })
  .meta({ id: 'ResumableUpload' });
export type ResumableUpload = z.infer<typeof ResumableUpload>;

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
  begin: {
    method: 'post',
    path: '/media/uploads',
    summary:
      'Begin an upload that may break off (tus 1.0); Upload-Metadata may have filename, filetype, alt, caption and credit',
    access: 'media:write',
    raw: TUS_BODY,
    response: null,
    status: 201,
    errors: UPLOAD_ERRORS,
  },
  state: {
    method: 'get',
    path: '/media/uploads/:id',
    summary: 'Where an upload of your own stands; HEAD as tus has it',
    access: 'media:write',
    params: UploadParams,
    response: ResumableUpload,
  },
  append: {
    method: 'patch',
    path: '/media/uploads/:id',
    summary: 'Go on with an upload (tus 1.0); the last part answers the item as Content-Location',
    access: 'media:write',
    params: UploadParams,
    raw: TUS_BODY,
    response: null,
    errors: UPLOAD_ERRORS,
  },
  abandon: {
    method: 'delete',
    path: '/media/uploads/:id',
    summary: 'End an upload, and remove what has come of it',
    access: 'media:write',
    params: UploadParams,
    response: null,
  },
});
