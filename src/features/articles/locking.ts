import { Types } from 'mongoose';
import { actorId, type Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { LockRequest } from '../locks/locks.contract.ts';
import { type ArticleRecord, articleModel, type LockRecord } from './articles.model.ts';
import { editableStates } from './articles.policy.ts';
import { type Claim, claimOf, presentLock, requireHolder } from './lock.ts';
import { requireAct, requireOutOfBin, type Stories, type StoryDeps } from './stories.ts';
import { requireState } from './workflow.ts';

/** A lock ends so long after it was last renewed, by the database's time. Clients renew it every 30 seconds or so. */
const LOCK_MS = 90_000;

/**
 * The editing lock of a story stands in the story's own document: a save and a change of the lock meet there, and one of
 * them runs again and sees the other. It raises no version and is no part of the history.
 */
export function createLocking({ db, audit, stories }: StoryDeps & { readonly stories: Stories }) {
  const Articles = articleModel(db);
  return { lock, unlock };

  /** Grants, renews or takes over. */
  async function lock(ctx: Context, id: string, { takeover }: LockRequest): Promise<LockRecord> {
    requirePermission(ctx, 'articles:write');
    return inTransaction(db, ctx, async (tx) => {
      const story = await stories.find(tx, id, tx.session);
      requireAct(tx, 'articles:write', story);
      requireOutOfBin(story);
      requireState('lock', story, editableStates(tx.actor));
      const claim = claimOf(tx, story, takeover);
      const granted = await write(tx, story, claim);
      if (claim === 'take') await recordTakeover(tx, story, granted);
      return granted;
    });
  }

  /** Only the holder's; without a lock there is nothing to do, so that a client may repeat it. */
  async function unlock(ctx: Context, id: string): Promise<undefined> {
    requirePermission(ctx, 'articles:write');
    return inTransaction(db, ctx, async (tx) => {
      const story = await stories.find(tx, id, tx.session);
      requireAct(tx, 'articles:write', story);
      if (!story.lock) return undefined;
      requireHolder(tx, story.lock);
      await Articles.updateOne({ _id: story._id }, { $set: { lock: null } }, { session: tx.session });
      return undefined;
    });
  }

  /** A renewed lock keeps its number; every other gets the next one, also after one that expired. */
  async function write(tx: Tx, story: ArticleRecord, claim: Claim): Promise<LockRecord> {
    const renews = claim === 'renew';
    const by = actorId(tx);
    const lock = {
      by: by === null ? null : new Types.ObjectId(by),
      name: { $literal: 'name' in tx.actor ? tx.actor.name : '' },
      since: renews ? '$lock.since' : '$$NOW',
      expiresAt: { $add: ['$$NOW', LOCK_MS] },
      fence: '$fences',
    };
    const fences = renews ? '$fences' : { $add: [{ $ifNull: ['$fences', 0] }, 1] };
    const locked: ArticleRecord | null = await Articles.findOneAndUpdate(
      { _id: story._id },
      [{ $set: { fences } }, { $set: { lock } }],
      { returnDocument: 'after', updatePipeline: true, session: tx.session },
    ).lean();
    if (!locked?.lock) throw notFound('story');
    return locked.lock;
  }

  async function recordTakeover(tx: Tx, story: ArticleRecord, granted: LockRecord): Promise<void> {
    await audit.record(tx, {
      key: `article:${story._id}:lock:${granted.fence}`,
      action: 'article.take_lock',
      target: { kind: 'article', id: String(story._id) },
      before: { lock: presentLock(story.lock) },
      after: { lock: presentLock(granted) },
    });
  }
}
