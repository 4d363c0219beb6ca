import { randomBytes } from 'node:crypto';
import type { Model, Types } from 'mongoose';
import { actorId, type Context } from '../../core/context.ts';
import { conflict, DomainError, notFound } from '../../core/errors.ts';

/** An upload that waits to be whole. It is of whoever began it, and nothing before it is a picture. */
interface WaitingUpload {
  readonly _id: string;
  readonly owner: string;
  readonly media: Types.ObjectId | null;
  readonly expiresAt: Date;
}

/** Of one person at a time. */
export const MANY = 50;

/** These say that nobody can make a picture of it as it is; anything else may go well later. */
const HOPELESS = new Set(['unsupported_media', 'payload_too_large', 'invalid_input']);

/** 192 random bits. */
export const newUploadId = (): string => randomBytes(24).toString('hex');

export const ownerOf = (ctx: Context): string => actorId(ctx) ?? '';

export const isHopeless = (error: unknown): boolean =>
  error instanceof DomainError && HOPELESS.has(error.code);

/** @throws DomainError `conflict`, in these words, when too many of theirs wait; uses the index `owner`. */
export async function requireRoom<U extends WaitingUpload>(
  Uploads: Model<U>,
  owner: string,
  full: string,
): Promise<void> {
  // mongoose cannot type a filter of a record that it does not know.
  if ((await Uploads.countDocuments({ owner, media: null } as never)) >= MANY) throw conflict(full);
}

/** @throws DomainError `not_found` for whoever did not begin it, and after its time. */
export async function findOwn<U extends WaitingUpload>(
  Uploads: Model<U>,
  ctx: Context,
  id: string,
): Promise<U> {
  const own = { _id: id, owner: ownerOf(ctx), $expr: { $gt: ['$expiresAt', '$$NOW'] } };
  const found = await Uploads.findOne(own as never).lean<U>();
  if (!found) throw notFound('upload');
  return found;
}
