import type { Actor } from '../../core/context.ts';
import type { MediaRecord } from './media.model.ts';

/** An author changes and deletes what they uploaded, the desk everything. Jobs of ours act for somebody allowed. */
export function mayChange(actor: Actor, { createdBy }: Pick<MediaRecord, 'createdBy'>): boolean {
  if (actor.kind !== 'user') return actor.kind === 'system';
  return actor.role !== 'author' || String(createdBy) === actor.id;
}
