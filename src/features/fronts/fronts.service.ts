import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { DomainError, invalidField, stale } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { nameKey, slugFrom } from '../../core/slug.ts';
import { actorObjectId } from '../../db/actor.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { freeSlug, requireFreeSlug, withSlug } from '../../db/slugs.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { changedContent } from './front-content.ts';
import { createFrontKeeping } from './front-keeping.ts';
import { type FrontReferences, takeUp } from './front-references.ts';
import type { FrontPatch, NewFront } from './fronts.contract.ts';
import { type FrontContent, type FrontRecord, frontModel } from './fronts.model.ts';
import { presentFront } from './fronts.presenter.ts';

export interface FrontDeps extends FrontReferences {
  readonly db: Connection;
  readonly audit: AuditService;
  readonly outbox: OutboxService;
  readonly clock: Clock;
}

/** A change that was ordered ahead, when its time has come. */
export interface FrontDue {
  readonly due: Date;
  readonly late: boolean;
}

/** Nothing is due of it any more. */
const NO_SCHEDULE = { publishAt: null, scheduleError: null, scheduledBy: null } as const;

export type FrontsService = ReturnType<typeof createFrontsService>;

/** Curated pages as the desk makes them. Readers have the copy in `shown`, which only publishing writes. */
export function createFrontsService(deps: FrontDeps) {
  const { db, clock } = deps;
  const Fronts = frontModel(db);
  const { keep, announce, versions, versionAt } = createFrontKeeping(deps);
  return { list, read, create, change, remove, publish, unpublish, schedule, unschedule, ...history() };

  /** By name; uses the index `name`. */
  async function list(ctx: Context, query: PageQuery): Promise<PageOf<FrontRecord>> {
    requirePermission(ctx, 'fronts:manage');
    return pageOf(Fronts, { filter: {}, order: { field: 'nameKey', kind: 'text', direction: 1 }, query });
  }

  async function read(ctx: Context, id: string): Promise<FrontRecord> {
    requirePermission(ctx, 'fronts:manage');
    return load(Fronts, id, 'front');
  }

  async function create(ctx: Context, input: NewFront): Promise<FrontRecord> {
    requirePermission(ctx, 'fronts:manage');
    const _id = new Types.ObjectId();
    const own = `front-${_id}`;
    const now = clock.now();
    const by = actorObjectId(ctx);
    const empty: FrontContent = { name: '', containers: [], articles: [], media: [], tags: [], section: [] };
    return inTransaction(db, ctx, async (tx) => {
      const front: FrontRecord = {
        _id,
        version: 1,
        ...changedContent(empty, input),
        slug: input.slug ?? (await freeSlug(Fronts, slugFrom(input.name, own), own, tx.session)),
        formerSlugs: [],
        hasUnpublishedChanges: true,
        shown: null,
        ...NO_SCHEDULE,
        scheduleLate: false,
        firstPublishedAt: null,
        ...{ createdBy: by, createdAt: now, modifiedBy: by, modifiedAt: now },
      };
      await takeUp(tx, deps, null, front);
      await requireFreeSlug(Fronts, front, 'front', tx.session);
      await Fronts.create([front], { session: tx.session });
      return keep(tx, 'create', front, null);
    });
  }

  async function change(
    ctx: Context,
    id: string,
    version: number,
    { slug, ...patch }: FrontPatch,
  ): Promise<FrontRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const front = await open(tx, id, version);
      const changes = { ...changedContent(front, patch), ...withSlug(front, slug) };
      await takeUp(tx, deps, front, changes);
      await requireFreeSlug(Fronts, { ...front, ...changes }, 'front', tx.session);
      const changed = await save(tx, front, { ...changes, hasUnpublishedChanges: true });
      if (changed.shown && changed.slug !== front.slug) await announce(tx, 'front.published', changed);
      return keep(tx, 'change', changed, front);
    });
  }

  async function remove(ctx: Context, id: string, version: number): Promise<undefined> {
    return inTransaction(db, ctx, async (tx) => {
      const front = await open(tx, id, version);
      if (front.shown) throw wrongState('Readers have this front. Unpublish it first.', 'published');
      await Fronts.deleteOne({ _id: front._id }).session(tx.session);
      await keep(tx, 'delete', { ...front, version: version + 1 }, front);
      return undefined;
    });
  }

  async function publish(ctx: Context, id: string, version: number, due?: FrontDue): Promise<FrontRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const front = await open(tx, id, version);
      const live = await goLive(tx, front, due);
      await announce(tx, 'front.published', live);
      return keep(tx, 'publish', live, front, { published: true, ...(due ? { due } : {}) });
    });
  }

  /** What is published are the stored fields themselves, at the database's time; what is due is held against it again. */
  async function goLive(tx: Tx, front: FrontRecord, due: FrontDue | undefined): Promise<FrontRecord> {
    const next = { $add: ['$version', 1] };
    const said = ['name', 'containers', 'articles', 'media', 'tags', 'section'] as const;
    const shown = {
      ...Object.fromEntries(said.map((field) => [field, `$${field}`])),
      version: next,
      at: '$$NOW',
    };
    const changes = {
      version: next,
      shown,
      hasUnpublishedChanges: false,
      ...NO_SCHEDULE,
      scheduleLate: due?.late ?? false,
      firstPublishedAt: { $ifNull: ['$firstPublishedAt', '$$NOW'] },
      modifiedBy: actorObjectId(tx),
      modifiedAt: '$$NOW',
    };
    const isDue = due ? { publishAt: due.due, $expr: { $lte: ['$publishAt', '$$NOW'] } } : {};
    const live: FrontRecord | null = await Fronts.findOneAndUpdate(
      { _id: front._id, version: front.version, ...isDue },
      // A document in $set is merged into the one that is there: the old one goes first.
      [{ $unset: 'shown' }, { $set: changes }],
      { returnDocument: 'after', updatePipeline: true, session: tx.session },
    ).lean();
    if (!live) throw stale();
    return live;
  }

  async function unpublish(ctx: Context, id: string, version: number): Promise<FrontRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const front = await open(tx, id, version);
      if (!front.shown) throw wrongState('Readers do not have this front.', 'draft', ['published']);
      const hidden = await save(tx, front, { shown: null, hasUnpublishedChanges: true });
      await announce(tx, 'front.unpublished', hidden);
      return keep(tx, 'unpublish', hidden, front, { published: true });
    });
  }

  async function schedule(ctx: Context, id: string, version: number, publishAt: Date): Promise<FrontRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const front = await open(tx, id, version);
      const ahead = { _id: front._id, $expr: { $gt: [publishAt, '$$NOW'] } };
      if (!(await Fronts.exists(ahead).session(tx.session)))
        throw invalidField('/publishAt', 'in_the_past', 'This time is over. Give one ahead, or publish now.');
      const changes = { publishAt, scheduledBy: actorObjectId(tx), scheduleError: null, scheduleLate: false };
      return keep(tx, 'schedule', await save(tx, front, changes), front);
    });
  }

  async function unschedule(ctx: Context, id: string, version: number): Promise<FrontRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const front = await open(tx, id, version);
      if (!front.publishAt) throw wrongState('Nothing is scheduled here.', 'unscheduled', ['scheduled']);
      return keep(tx, 'unschedule', await save(tx, front, NO_SCHEDULE), front);
    });
  }

  function history() {
    return {
      revisions: async (ctx: Context, id: string, query: PageQuery) =>
        versions((await read(ctx, id))._id, query),
      revision: async (ctx: Context, id: string, number: number) => {
        await read(ctx, id);
        return versionAt(id, number, null);
      },
      /** What was named then may be gone since: it is checked as if it were named now. */
      restore: async (ctx: Context, id: string, version: number, number: number): Promise<FrontRecord> =>
        inTransaction(db, ctx, async (tx) => {
          const front = await open(tx, id, version);
          const { content } = await versionAt(id, number, tx.session);
          await takeUp(tx, deps, front, content);
          const changes = { ...content, nameKey: nameKey(content.name), hasUnpublishedChanges: true };
          return keep(tx, 'restore', await save(tx, front, changes), front, { restored: number });
        }),
    };
  }

  async function open(tx: Tx, id: string, version: number): Promise<FrontRecord> {
    requirePermission(tx, 'fronts:manage');
    const front = await load(Fronts, id, 'front', tx.session);
    requireVersion(front, version, presentFront);
    return front;
  }

  async function save(tx: Tx, front: FrontRecord, changes: Partial<FrontRecord>): Promise<FrontRecord> {
    const target = { id: String(front._id), version: front.version, session: tx.session };
    // By the database's clock: what readers had at some time is told by these times.
    const stamp = {
      $set: { ...changes, modifiedBy: actorObjectId(tx) },
      $currentDate: { modifiedAt: true as const },
    };
    return changeAt(Fronts, target, stamp);
  }
}

const wrongState = (why: string, state: string, allowedFrom: readonly string[] = ['draft']): DomainError =>
  new DomainError('wrong_state', why, { members: { state, allowedFrom } });
