import type { Types } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { stale } from '../../core/errors.ts';
import type { Site } from '../../core/site.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { ChecksService } from '../checks/checks.service.ts';
import type { Waived } from '../checks/waivers.ts';
import type { EventType, OutboxService } from '../outbox/outbox.service.ts';
import type { PublishRequest } from './articles.contract.ts';
import { type ArticleRecord, articleModel } from './articles.model.ts';
import { requireBackdating, requirePast } from './backdating.ts';
import { createCorrections } from './corrections.ts';
import { snapshotOf } from './lock.ts';
import {
  type Announcement,
  announcementOf,
  contentOf,
  eventOf,
  publishedOf,
  surrogateKeys,
} from './publication.ts';
import { CHAIN_START, chained } from './publication-chain.ts';
import { type PublishedRecord, publicationModel, publishedModel } from './published.model.ts';
import type { Slugs } from './slugs.ts';
import type { Stories, StoryDeps } from './stories.ts';
import type { Action } from './workflow.ts';

export interface PublishDeps extends StoryDeps {
  readonly stories: Stories;
  readonly slugs: Slugs;
  readonly outbox: OutboxService;
  readonly checks: Pick<ChecksService, 'requirePassing'>;
  readonly site: (session: Tx['session']) => Promise<Site>;
}

/** An order that was given ahead: by whom, for when, and whether it is carried out late. */
export interface Ordered {
  readonly by: Types.ObjectId | null;
  readonly due: Date;
  readonly late: boolean;
}
/** What a story may appear in or vanish from. */
const LISTS = ['articles', 'tags'];

type Live = ArticleRecord & { readonly firstPublishedAt: Date; readonly publishedAt: Date };

/** How the audit log tells of it. */
const told = (ordered: Ordered | undefined) =>
  ordered ? { scheduledBy: ordered.by && String(ordered.by), due: ordered.due, late: ordered.late } : {};

/** Nothing more is due of a story that readers do not have. */
const ended = (ordered: Ordered | undefined) => ({
  unpublishAt: null,
  scheduleError: null,
  scheduleClaim: null,
  scheduleLate: ordered?.late ?? false,
});

export type Publishing = ReturnType<typeof createPublishing>;

/** The verbs that change what readers see: working copy, published version, revision, event and audit row at once. */
export function createPublishing(deps: PublishDeps) {
  const { db, stories, slugs, outbox, checks, revisions, audit, site } = deps;
  const Articles = articleModel(db);
  const Published = publishedModel(db);
  const Publications = publicationModel(db);
  const corrections = createCorrections({ db });
  return { publish, unpublish, kill };

  async function publish(
    ctx: Context,
    id: string,
    version: number,
    request: PublishRequest,
    ordered?: Ordered,
  ): Promise<ArticleRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const { story } = await stories.actOn(tx, id, version, 'publish');
      const announcement = announcementOf(story, request);
      requireBackdating(tx, story, request.firstPublishedAt);
      const waived = await checks.requirePassing(tx, story, request.waive ?? []);
      const { firstPublishedAt: since } = request;
      const live = await goLive(tx, story, { late: ordered?.late ?? false, since });
      const before: PublishedRecord | null = await Published.findById(live._id).session(tx.session).lean();
      const { hash, story: shown } = await show(tx, live, { before, announcement, waived });
      const isCorrected = shown.corrections.length > 0;
      await tell(tx, live, eventOf(story, announcement), {
        change: announcement.change,
        before,
        isCorrected,
      });
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
      modifiedAt: '$$NOW',
      modifiedBy: stories.stamp(tx).modifiedBy,
    };
    const live: ArticleRecord | null = await Articles.findOneAndUpdate(
      { _id: story._id, version: story.version, $expr: { $lte: ['$embargoUntil', '$$NOW'] } },
      [{ $set: changes }],
      { returnDocument: 'after', updatePipeline: true, session: tx.session },
    ).lean();
    if (!live?.firstPublishedAt || !live.publishedAt) throw stale();
    requirePast(since, live.modifiedAt);
    return {
      ...live,
      lock: story.lock,
      firstPublishedAt: live.firstPublishedAt,
      publishedAt: live.publishedAt,
    };
  }

  async function show(
    tx: Tx,
    live: Live,
    {
      before,
      announcement,
      waived,
    }: { before: PublishedRecord | null; announcement: Announcement; waived: readonly Waived[] },
  ): Promise<{ hash: string; story: PublishedRecord }> {
    const last = before ?? (await lastShown(tx, live));
    const published = publishedOf(live, last, announcement, live.modifiedAt);
    await Published.replaceOne({ _id: live._id }, published, { upsert: true, session: tx.session });
    await corrections.show(tx, published);
    await slugs.publish(tx, live._id, live.slug);
    const prev = await hashOf(tx, live._id, live.publications - 1);
    const publication = {
      _id: `${live._id}:${live.publications}`,
      article: live._id,
      number: live.publications,
      version: live.version,
      at: live.modifiedAt,
      by: live.modifiedBy,
      ...announcement,
      waived,
      story: published,
    };
    const link = chained(publication, prev);
    await Publications.create([link], { session: tx.session });
    return link;
  }

  async function hashOf(tx: Tx, article: ArticleRecord['_id'], number: number): Promise<string> {
    const before = await Publications.findById(`${article}:${number}`, { hash: 1 })
      .session(tx.session)
      .lean();
    return before?.hash ?? CHAIN_START;
  }

  /** What readers had before the story was unpublished: its corrections are not forgotten. */
  async function lastShown(tx: Tx, live: Live): Promise<PublishedRecord | null> {
    const key = `${live._id}:${live.publications - 1}`;
    const last = await Publications.findById(key).session(tx.session).lean();
    return last ? (last.story as PublishedRecord) : null;
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
      const { story, to } = await stories.actOn(tx, order.id, order.version, order.action);
      const before: PublishedRecord | null = await Published.findById(story._id).session(tx.session).lean();
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
      await Published.deleteOne({ _id: story._id }).session(tx.session);
      await corrections.hide(tx, story._id);
      const isCorrected = before !== null && before.corrections.length > 0;
      await tell(tx, hidden, order.event, { change: null, before, isCorrected });
      return hidden;
    });
  }

  async function tell(
    tx: Tx,
    story: ArticleRecord,
    type: EventType,
    {
      change,
      before,
      isCorrected,
    }: { change: Announcement['change']; before: PublishedRecord | null; isCorrected: boolean },
  ): Promise<void> {
    const id = String(story._id);
    const { urlOf } = await site(tx.session);
    const shown = before ?? { _id: id, ...contentOf(story) };
    await outbox.announce(tx, {
      type,
      subject: `article:${id}`,
      version: story.version,
      data: {
        id,
        slug: story.slug,
        ...(change ? { change } : {}),
        surrogateKeys: [
          ...new Set([
            ...LISTS,
            ...surrogateKeys(story),
            ...surrogateKeys(shown),
            ...(isCorrected ? ['corrections'] : []),
          ]),
        ],
        urls: [...new Set([urlOf(story.slug), urlOf(shown.slug)])],
      },
    });
  }
}
