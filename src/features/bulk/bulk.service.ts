import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { forbidden, notFound } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { type PageOf, pageOf } from '../../db/page.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { BulkOrder, BulkQuery, BulkRequest } from './bulk.contract.ts';
import { type BulkJobRecord, type BulkStepRecord, bulkJobModel, bulkStepModel } from './bulk.model.ts';

/** A bulk action with its steps, in their order. */
interface Whole {
  readonly job: BulkJobRecord;
  readonly steps: BulkStepRecord[];
}

export type BulkService = ReturnType<typeof createBulkService>;

/** Bulk actions as people order and follow them; `bulk.steps.ts` carries them out. Each sees only their own. */
export function createBulkService(deps: { db: Connection; audit: AuditService; clock: Clock }) {
  const { db, audit, clock } = deps;
  const Jobs = bulkJobModel(db);
  const Steps = bulkStepModel(db);
  return { start, list, read };

  /** Nothing is looked at yet: what is refused to a person is refused step by step, as on the story's own routes. */
  async function start(ctx: Context, request: BulkRequest): Promise<Whole> {
    requirePermission(ctx, 'articles:write');
    const createdBy = personIn(ctx);
    const { targets, order } = partsOf(request);
    const _id = new Types.ObjectId();
    const { requestId, address = null, device = null } = ctx;
    const job: BulkJobRecord = {
      ...{ _id, action: order.action, order, total: targets.length, succeeded: 0, failed: 0, open: true },
      ...{ claim: null, createdBy, requestId, address, device },
      ...{ createdAt: clock.now(), startedAt: null, finishedAt: null },
    };
    const steps = targets.map(
      ({ id, version }, place): BulkStepRecord => ({
        ...{ _id: `${_id}:${place}`, job: _id, place, article: id, version },
        ...{ status: 'waiting', newVersion: null, error: null },
      }),
    );
    return inTransaction(db, ctx, async (tx) => {
      await Jobs.create([job], { session: tx.session });
      await Steps.insertMany(steps, { session: tx.session });
      await audit.record(tx, {
        key: `bulk:${_id}:start`,
        action: 'bulk.start',
        target: { kind: 'bulk', id: String(_id) },
        after: {
          action: order.action,
          [order.action === 'change-media' ? 'pictures' : 'stories']: targets.length,
        },
      });
      return { job, steps };
    });
  }

  /** Uses the index `mine`. */
  async function list(ctx: Context, query: BulkQuery): Promise<PageOf<BulkJobRecord>> {
    requirePermission(ctx, 'articles:write');
    return pageOf(Jobs, {
      filter: { createdBy: personIn(ctx) },
      order: { field: 'createdAt', kind: 'date', direction: -1 },
      query,
    });
  }

  /** The steps use the index `place`. */
  async function read(ctx: Context, id: string): Promise<Whole> {
    requirePermission(ctx, 'articles:write');
    const job: BulkJobRecord | null = await Jobs.findOne({ _id: id, createdBy: personIn(ctx) }).lean();
    if (!job) throw notFound('bulk action');
    const steps: BulkStepRecord[] = await Steps.find({ job: job._id }).sort({ place: 1 }).lean();
    return { job, steps };
  }
}

function partsOf(request: BulkRequest): {
  targets: readonly { id: string; version: number }[];
  order: BulkOrder;
} {
  if (request.action === 'change-media') {
    const { media, ...order } = request;
    return { targets: media, order };
  }
  const { articles, ...order } = request;
  return { targets: articles, order };
}

/** A robot has its own loop, and its rights are those of a key: only a person's are read again at each step. */
function personIn({ actor }: Context): Types.ObjectId {
  if (actor.kind === 'user') return new Types.ObjectId(actor.id);
  throw forbidden('Bulk actions are for people. With an API key, change story by story.');
}
