import { z } from 'zod';

/** Whatever may be wrong with what is sent, by whichever way. */
export const UPLOAD_ERRORS = [
  'conflict',
  'invalid_input',
  'payload_too_large',
  'storage_full',
  'unavailable',
  'unsupported_media',
] as const;

/** An upload's name of its own: 192 random bits. */
export const UploadParams = z.strictObject({ id: z.string().regex(/^[0-9a-f]{48}$/) });
