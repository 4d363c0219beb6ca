import { actorId, type Context } from '../../core/context.ts';
import { DomainError, forbidden } from '../../core/errors.ts';
import { can } from '../../core/policy.ts';
import type { Lock } from '../locks/locks.contract.ts';
import type { ArticleRecord, LockRecord } from './articles.model.ts';

/** What asking for a lock comes to. */
export type Claim = 'grant' | 'renew' | 'take';

export function presentLock(lock: LockRecord): Lock;
export function presentLock(lock: LockRecord | null): Lock | null;
export function presentLock(lock: LockRecord | null): Lock | null {
  return (
    lock && {
      by: { id: String(lock.by), name: lock.name },
      since: lock.since.toISOString(),
      expiresAt: lock.expiresAt.toISOString(),
      fence: lock.fence,
    }
  );
}

/** By person and not by session: two windows of one person share the lock, and the version guards them from each other. */
export const holds = (ctx: Context, lock: LockRecord): boolean => String(lock.by) === actorId(ctx);

const lockedBy = (lock: LockRecord, todo: string): DomainError =>
  new DomainError('locked', `${lock.name} is editing this story. ${todo}`, {
    members: { lock: presentLock(lock) },
  });

const TAKE_OVER = 'PUT …/lock {"takeover": true}';
const mayTake = (ctx: Context, story: ArticleRecord): boolean => can(ctx.actor, 'articles:take-lock', story);

/** Whoever may take a lock over is told how; others wait. */
const toWrite = (ctx: Context, story: ArticleRecord): string =>
  mayTake(ctx, story)
    ? `Nothing was changed: keep what you have (PUT …/autosave). Wait, ask, or take over with ${TAKE_OVER}.`
    : 'Nothing was changed: keep what you have (PUT …/autosave), and wait or ask.';

const toLock = (ctx: Context, story: ArticleRecord): string =>
  mayTake(ctx, story) ? `Wait, ask, or take over with ${TAKE_OVER}.` : 'Wait, or ask.';

const lockLost = ({ lock, fences }: ArticleRecord): DomainError =>
  new DomainError(
    'locked',
    'Your lock has ended, and somebody had one after it. Keep your text (PUT …/autosave), take a new lock (PUT …/lock), and save with its "fence"; what others saved meanwhile is merged by POST …/merge.',
    { members: { lock: presentLock(lock), fence: fences } },
  );

/**
 * Nobody but the holder writes to a story that is being edited, and whoever says which lock they hold must still hold
 * it. Jobs of our own go on: a due schedule shows what was saved, and is not called off by a forgotten window.
 * @throws DomainError `locked` naming by whom and since when.
 */
export function requireUnlocked(ctx: Context, story: ArticleRecord): void {
  if (ctx.actor.kind === 'system') return;
  if (story.lock && !holds(ctx, story.lock)) throw lockedBy(story.lock, toWrite(ctx, story));
  if (ctx.fence !== undefined && ctx.fence !== story.fences) throw lockLost(story);
}

/**
 * What an actor gets who asks for the lock of a story.
 * @throws DomainError `locked` while somebody else holds it, `forbidden` for a takeover without the right.
 */
export function claimOf(ctx: Context, story: ArticleRecord, takeover: boolean): Claim {
  const { lock } = story;
  if (!lock) return 'grant';
  if (holds(ctx, lock)) return 'renew';
  if (!takeover) throw lockedBy(lock, toLock(ctx, story));
  if (!mayTake(ctx, story))
    throw forbidden(`Only an editor may take the lock from ${lock.name}. Ask one, or wait.`);
  return 'take';
}

/** @throws DomainError `locked` when somebody else holds it. */
export function requireHolder(ctx: Context, lock: LockRecord): void {
  if (!holds(ctx, lock)) throw lockedBy(lock, 'The lock is theirs now: there is none of yours to give back.');
}
