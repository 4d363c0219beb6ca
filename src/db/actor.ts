import { Types } from 'mongoose';
import { actorId, type Context } from '../core/context.ts';

/** The id of the acting person or API key as records keep it, or `null` for a job. */
export function actorObjectId(ctx: Context): Types.ObjectId | null {
  const id = actorId(ctx);
  return id === null ? null : new Types.ObjectId(id);
}
