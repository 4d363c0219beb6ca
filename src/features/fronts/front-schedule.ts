import type { Connection } from 'mongoose';
import { type Actor, systemContext } from '../../core/context.ts';
import { DomainError } from '../../core/errors.ts';
import { can } from '../../core/policy.ts';
import { startRounds, type Worker, type WorkerLog } from '../../core/rounds.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { LATE_MS, requireOrderer } from '../schedule/orderer.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { FrontKeeping } from './front-keeping.ts';
import { type FrontRecord, frontModel } from './fronts.model.ts';
import type { FrontsService } from './fronts.service.ts';

/** Another process may set a time at any moment: nobody sleeps longer than this. */
const LOOK_MS = 1_000;

interface Next {
  readonly _id: FrontRecord['_id'];
  readonly publishAt: Date;
  readonly inMs: number;
}

export interface FrontScheduleDeps {
  readonly db: Connection;
  readonly accounts: UserAccounts;
  readonly publish: FrontsService['publish'];
  readonly keep: FrontKeeping['keep'];
}

export type FrontSchedule = ReturnType<typeof createFrontSchedule>;

/**
 * Publishes fronts whose time has come. The front is its own schedule: the one conditional update that shows it holds its
 * time against the database's, so that of several processes one does it, once.
 */
export function createFrontSchedule({ db, accounts, publish, keep }: FrontScheduleDeps) {
  const Fronts = frontModel(db);
  const ctx = systemContext('scheduler', 'scheduler');
  return { round };

  /** Does what is due first. @returns for how long there is nothing to do. */
  async function round(): Promise<number> {
    const next = await upcoming();
    if (!next || next.inMs > 0) return Math.min(next?.inMs ?? LOOK_MS, LOOK_MS);
    await carryOut(next).catch((error: unknown) => fail(next, error));
    return 0;
  }

  /** Uses the partial index `publishDue`. */
  async function upcoming(): Promise<Next | undefined> {
    const [next] = await Fronts.aggregate<Next>([
      { $match: { publishAt: { $type: 'date' }, scheduleError: null } },
      { $sort: { publishAt: 1 } },
      { $limit: 1 },
      { $project: { publishAt: 1, inMs: { $subtract: ['$publishAt', '$$NOW'] } } },
    ]);
    return next;
  }

  async function carryOut({ _id, publishAt, inMs }: Next): Promise<void> {
    await inTransaction(db, ctx, async (tx) => {
      const front = await stillDue(tx, { _id, publishAt });
      if (!front) return;
      const may = (actor: Actor) => can(actor, 'fronts:manage');
      await requireOrderer(tx, accounts, { by: front.scheduledBy, toDo: 'publish fronts', may });
      await publish(tx, String(_id), front.version, { due: publishAt, late: -inMs > LATE_MS });
    });
  }

  async function stillDue(
    tx: Tx,
    { _id, publishAt }: Pick<Next, '_id' | 'publishAt'>,
  ): Promise<FrontRecord | null> {
    return Fronts.findOne({ _id, publishAt, scheduleError: null }).session(tx.session).lean();
  }

  /** What a person has to mend is said in the front and not tried again; everything else is. */
  async function fail(next: Next, error: unknown): Promise<void> {
    if (!(error instanceof DomainError) || error.code !== 'forbidden') throw error;
    await inTransaction(db, ctx, async (tx) => {
      const front = await stillDue(tx, next);
      if (!front) return;
      const failed: FrontRecord | null = await Fronts.findOneAndUpdate(
        { _id: front._id, version: front.version },
        { $set: { scheduleError: error.message }, $inc: { version: 1 }, $currentDate: { modifiedAt: true } },
        { returnDocument: 'after', session: tx.session },
      ).lean();
      if (failed) await keep(tx, 'schedule_failed', failed, front);
    });
  }
}

export const startFrontScheduler = ({ schedule, log }: { schedule: FrontSchedule; log: WorkerLog }): Worker =>
  startRounds({ name: 'front scheduler', log, round: schedule.round });
