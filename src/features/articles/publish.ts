import type { Types } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { stale } from '../../core/errors.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { ChecksService } from '../checks/checks.service.ts';
import type { MediaLookup } from '../media/media.queries.ts';
import type { EventType } from '../outbox/outbox.service.ts';
import type { PublishRequest } from './articles.contract.ts';
import { type ArticleRecord, articleModel } from './articles.model.ts';
import { requireBackdating, requirePast } from './backdating.ts';
import { announcementOf, eventOf } from './publication.ts';
import { createShowing, type Live, type ShowingDeps } from './showing.ts';
import { snapshotOf } from './snapshot.ts';
import type { Stories, StoryDeps } from './stories.ts';
import type { Surveying } from './survey.queries.ts';
import { createTelling, type TellingDeps } from './telling.ts';
import type { Action } from './workflow.ts';

export interface PublishDeps extends StoryDeps, ShowingDeps, TellingDeps {
  readonly stories: Stories;
  readonly survey: Surveying;
  readonly checks: Pick<ChecksService, 'requirePassing'>;
  readonly lookups: { readonly media: Pick<MediaLookup, 'rights'> };
}

/** An order that was given ahead: by whom, for when, and whether it is carried out late. */
export interface Ordered {
  readonly by: Types.ObjectId | null;
  readonly due: Date;
  readonly late: boolean;
}

/** How the audit log tells of it. */
const told = (ordered: Ordered | undefined) =>
  ordered ? { scheduledBy: ordered.by && String(ordered.by), due: ordered.due, late: ordered.late } : {};

const NOTHING_LAPSED = { lapsedMedia: [], rightsLapsedAt: null };

/** Nothing more is due of a story that readers do not have. */
const ended = (ordered: Ordered | undefined) => ({
  unpublishAt: null,
  scheduleError: null,
  scheduleClaim: null,
  scheduleLate: ordered?.late ?? false,
  ...NOTHING_LAPSED,
});

export type Publishing = ReturnType<typeof createPublishing>;

/** The verbs that change what readers see: working copy, published version, revision, event and audit row at once. */
export function createPublishing(deps: PublishDeps) {
  const { db, stories, survey, checks, revisions, audit } = deps;
  const Articles = articleModel(db);
  const showing = createShowing(deps);
  const tell = createTelling(deps);
  return { publish, unpublish, kill };

  async function publish(
    ctx: Context,
    id: string,
    version: number,
    request: PublishRequest,
    ordered?: Ordered,
  ): Promise<ArticleRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const { story: found, around } = await survey(tx, id);
      const { story } = await stories.readyFor(tx, found, version, 'publish');
      const announcement = announcementOf(story, request);
      requireBackdating(tx, story, request.firstPublishedAt);
      const waived = await checks.requirePassing(tx, { story, around }, request.waive ?? []);
      const { firstPublishedAt: since } = request;
      const live = await goLive(tx, story, { late: ordered?.late ?? false, since });
      const { before, hash, shown } = await showing.show(tx, live, { announcement, waived });
      const { change } = announcement;
      await tell(tx, live, eventOf(story, announcement), { change, before, after: shown, around });
      await revisions.keep(tx, snapshotOf(live), 'publish', announcement);
      await audit.record(tx, {
        key: `article:${live._id}:${live.version}:article.publish`,
        action: 'article.publish',
        target: { kind: 'article', id },
        before: { status: story.status },
        after: {
          ...{ status: live.status, number: live.publications, ...announcement, hash },
          ...(since ? { backdatedTo: since } : {}),
          ...told(ordered),
          ...(waived.length > 0 ? { waived } : {}),
        },
      });
      return live;
    });
  }

  /**
   * Moves the working copy to published at the database's time. The checks have refused an embargo by now; it is held
   * against that same time in the same statement once more, so that no clock of ours can let a story out early.
   */
  async function goLive(
    tx: Tx,
    story: ArticleRecord,
    { late, since }: { late: boolean; since: Date | undefined },
  ): Promise<Live> {
    const at = story.status === 'published' ? '$publishedAt' : (since ?? '$$NOW');
    const changes = {
      status: 'published',
      publishedAt: at,
      firstPublishedAt: { $ifNull: ['$firstPublishedAt', since ?? '$$NOW'] },
      publications: { $add: ['$publications', 1] },
      version: { $add: ['$version', 1] },
      hasUnpublishedChanges: false,
      slugFollowsHeadline: false,
      publishAt: null,
      // An end that was set long ahead and is past by now is no order to take down what goes up.
      unpublishAt: { $cond: [{ $gt: ['$unpublishAt', '$$NOW'] }, '$unpublishAt', null] },
      scheduleError: null,
      scheduleClaim: null,
      scheduleLate: late,
      ...(await lapsedIn(tx, story)),
      modifiedAt: '$$NOW',
      modifiedBy: stories.stamp(tx).modifiedBy,
    };
    // The driver's own, and without the text, which it leaves alone: a whole story is much to cast and to carry.
    const live = (await Articles.collection.findOneAndUpdate(
      { _id: story._id, version: story.version, $expr: { $lte: ['$embargoUntil', '$$NOW'] } },
      [{ $set: changes }],
      { returnDocument: 'after', projection: { body: 0 }, session: tx.session },
    )) as Omit<ArticleRecord, 'body'> | null;
    if (!live?.firstPublishedAt || !live.publishedAt) throw stale();
    requirePast(since, live.modifiedAt);
    return {
      ...live,
      body: story.body,
      lock: story.lock,
      firstPublishedAt: live.firstPublishedAt,
      publishedAt: live.publishedAt,
    };
  }

  /** What is shown all the same, by a waiver or since the check is off, is marked from the start. */
  async function lapsedIn(tx: Tx, { media }: ArticleRecord) {
    const rights = await deps.lookups.media.rights(media, tx.session);
    const lapsed = media.filter((id) => rights.get(String(id))?.state === 'lapsed');
    return lapsed.length === 0
      ? NOTHING_LAPSED
      : { lapsedMedia: { $literal: lapsed }, rightsLapsedAt: '$$NOW' };
  }

  async function unpublish(
    ctx: Context,
    id: string,
    version: number,
    reason: string | undefined,
    ordered?: Ordered,
  ): Promise<ArticleRecord> {
    const event = 'article.unpublished';
    return hide(ctx, { id, version, action: 'unpublish', event, reason: reason ?? null, ordered });
  }

  async function kill(ctx: Context, id: string, version: number, reason: string): Promise<ArticleRecord> {
    return hide(ctx, { id, version, action: 'kill', event: 'article.killed', reason, ordered: undefined });
  }

  async function hide(
    ctx: Context,
    order: {
      id: string;
      version: number;
      action: Action;
      event: EventType;
      reason: string | null;
      ordered: Ordered | undefined;
    },
  ): Promise<ArticleRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const { story: found, around } = await survey(tx, order.id);
      const { story, to } = await stories.readyFor(tx, found, order.version, order.action);
      const killed = order.action === 'kill' ? { killReason: order.reason } : {};
      const hidden = await stories.save(
        tx,
        story,
        { status: to, hasUnpublishedChanges: true, ...killed, ...ended(order.ordered) },
        {
          action: `article.${order.action}`,
          reason: 'workflow',
          note: order.reason,
          before: { status: story.status },
          after: { reason: order.reason, ...told(order.ordered) },
        },
      );
      const before = await showing.hide(tx, story._id);
      await tell(tx, hidden, order.event, { change: null, before, after: null, around });
      return hidden;
    });
  }
}
