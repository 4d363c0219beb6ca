import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Instant } from '../../contract/shapes.ts';
import { Media, NewMedia } from './media.contract.ts';
import { UPLOAD_ERRORS, UploadParams } from './uploads.contract.ts';

export const NewDirectUpload = NewMedia.extend({
  fileName: z.string().max(500).default(''),
  declaredType: z.string().max(100).default(''),
  bytes: z.int().min(1),
  sha256: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'Give the SHA-256 of the file in base64.')
    .meta({
      description: 'Of the file, in base64: nothing else is taken by the address that is given for it.',
    }),
}).meta({ id: 'NewDirectUpload' });
export type NewDirectUpload = z.output<typeof NewDirectUpload>;

/** Where and how the file is sent: to the store itself. */
export const DirectUpload = z
  .object({
    id: z.string(),
    method: z.literal('PUT'),
    url: z.string().meta({ description: 'Good once for this file, for a quarter of an hour.' }),
    headers: z.record(z.string(), z.string()).meta({ description: 'Send exactly these.' }),
    expiresAt: Instant.meta({ description: 'Complete it until then.' }),
  })
  .meta({ id: 'DirectUpload' });
export type DirectUpload = z.infer<typeof DirectUpload>;

/** For files that go to an object store past this server, which judges them before they are anything. */
export const directUploadsRoutes = defineRoutes({
  begin: {
    method: 'post',
    path: '/media/direct-uploads',
    summary:
      'Get an address of the object store to which a file of your own can be sent, where pictures are kept in one',
    access: 'media:write',
    body: NewDirectUpload,
    response: DirectUpload,
    status: 201,
    errors: ['conflict', 'payload_too_large', 'unavailable'],
  },
  complete: {
    method: 'post',
    path: '/media/direct-uploads/:id/complete',
    summary:
      'Have what was sent there judged and taken into the library; the same bytes again give the item that is there',
    access: 'media:write',
    params: UploadParams,
    response: Media,
    status: 201,
    recognises: true,
    errors: UPLOAD_ERRORS,
  },
});
