import type { Connection } from 'mongoose';
import type { ErrorCode } from '../../contract/problem.ts';
import type { Context } from '../../core/context.ts';
import { DomainError, forbidden } from '../../core/errors.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { MediaService } from '../media/media.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { actorOf, isIn } from '../users/standing.ts';
import type { BulkAction, BulkOrder } from './bulk.contract.ts';
import { type BulkJobRecord, type BulkStepRecord, bulkJobModel, bulkStepModel } from './bulk.model.ts';

const CLAIM_MS = 10_000;

interface Verbs {
  readonly articles: ArticlesService;
  readonly media: Pick<MediaService, 'amend'>;
}
type Carry<A extends BulkAction> = (
  verbs: Verbs,
  ctx: Context,
  step: { readonly id: string; readonly version: number },
  order: BulkOrder<A>,
) => Promise<{ readonly version: number }>;

/** Each action is the verb that its own route calls. */
const VERBS: { readonly [A in BulkAction]: Carry<A> } = {
  submit: ({ articles }, ctx, { id, version }) => articles.submit(ctx, id, version),
  return: ({ articles }, ctx, { id, version }) => articles.return(ctx, id, version),
  approve: ({ articles }, ctx, { id, version }) => articles.approve(ctx, id, version),
  unschedule: ({ articles }, ctx, { id, version }) => articles.unschedule(ctx, id, version),
  archive: ({ articles }, ctx, { id, version }) => articles.archive(ctx, id, version),
  bin: ({ articles }, ctx, { id, version }) => articles.bin(ctx, id, version),
  restore: ({ articles }, ctx, { id, version }) => articles.restore(ctx, id, version),
  publish: ({ articles }, ctx, { id, version }, { change, note }) =>
    articles.publish(ctx, id, version, { change, note }),
  unpublish: ({ articles }, ctx, { id, version }, { reason }) => articles.unpublish(ctx, id, version, reason),
  schedule: ({ articles }, ctx, { id, version }, { schedule }) =>
    articles.schedule(ctx, id, version, schedule),
  change: ({ articles }, ctx, { id, version }, { changes }) => articles.change(ctx, id, version, changes),
  'change-media': ({ media }, ctx, { id, version }, { changes }) => media.amend(ctx, id, version, changes),
};

/** A bulk action in the hands of one worker. */
export type ClaimedJob = BulkJobRecord & { readonly claim: { readonly fence: number } };

/** What became of a step. */
type Outcome = Pick<BulkStepRecord, 'status' | 'newVersion' | 'error'>;

export type BulkSteps = ReturnType<typeof createBulkSteps>;

/**
 * Carries bulk actions out, a story at a time: the verb and its result are one transaction, so that a worker that dies
 * leaves a step done and told, or not done. Another one goes on when its claim lapses.
 */
export function createBulkSteps(deps: Verbs & { db: Connection; accounts: UserAccounts }) {
  const { db, accounts } = deps;
  const Jobs = bulkJobModel(db);
  const Steps = bulkStepModel(db);
  return { claim, next, release };

  /** The oldest bulk action that is open and in nobody's hands, or `null`. Uses the partial index `open`. */
  async function claim(): Promise<ClaimedJob | null> {
    const isFree = { $lte: [{ $ifNull: ['$claim.until', null] }, '$$NOW'] };
    const fence = { $add: [{ $ifNull: ['$claim.fence', 0] }, 1] };
    const job: BulkJobRecord | null = await Jobs.findOneAndUpdate(
      { open: true, $expr: isFree },
      [{ $set: { claim: { fence, until: until() }, startedAt: { $ifNull: ['$startedAt', '$$NOW'] } } }],
      { sort: { createdAt: 1 }, returnDocument: 'after', updatePipeline: true },
    ).lean();
    return job?.claim ? { ...job, claim: job.claim } : null;
  }

  /**
   * Carries out the next step; false when there is none left, or the job is in other hands by now. Uses the index `place`.
   * @throws what may pass by itself, such as a database that is away: the step still waits.
   */
  async function next(job: ClaimedJob): Promise<boolean> {
    const step: BulkStepRecord | null = await Steps.findOne({ job: job._id, status: 'waiting' })
      .sort({ place: 1 })
      .lean();
    if (!step) return finish(job);
    const ctx = contextOf(job);
    try {
      return await inTransaction(db, ctx, (tx) => carryOut(tx, job, step));
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      const outcome: Outcome = { status: 'failed', newVersion: null, error: failure };
      return inTransaction(db, ctx, (tx) => settle(tx, job, step, outcome));
    }
  }

  async function carryOut(tx: Tx, job: ClaimedJob, step: BulkStepRecord): Promise<boolean> {
    const ctx: Tx = { ...tx, actor: await personOf(tx, job) };
    // The verb belongs to the action of the same order; a lookup by name cannot express that.
    const verb = VERBS[job.action] as Carry<BulkAction>;
    const { version } = await verb(
      deps,
      ctx,
      { id: step.article, version: step.version },
      job.order as never,
    );
    return settle(tx, job, step, { status: 'done', newVersion: version, error: null });
  }

  /** Whoever ordered it, with the rights that they have now. */
  async function personOf(tx: Tx, { createdBy }: BulkJobRecord): Promise<Context['actor']> {
    const user = await accounts.byId(String(createdBy), tx.session);
    if (!isIn(user)) throw forbidden('Whoever ordered this has no access any more.');
    return actorOf(user, 'bulk');
  }

  /** Tells what became of a step and holds the job on; false, with nothing written, when it is in other hands. */
  async function settle(tx: Tx, job: ClaimedJob, step: BulkStepRecord, outcome: Outcome): Promise<boolean> {
    const counter = outcome.status === 'done' ? 'succeeded' : 'failed';
    const { matchedCount } = await Jobs.updateOne(
      { _id: job._id, 'claim.fence': job.claim.fence },
      [{ $set: { 'claim.until': until(), [counter]: { $add: [`$${counter}`, 1] } } }],
      { session: tx.session, updatePipeline: true },
    );
    const told = await Steps.updateOne(
      { _id: step._id, status: 'waiting' },
      { $set: outcome },
      { session: tx.session },
    );
    if (matchedCount === 1 && told.matchedCount === 1) return true;
    throw new LostJob();
  }

  async function finish({ _id, claim: { fence } }: ClaimedJob): Promise<false> {
    await Jobs.updateOne(
      { _id, 'claim.fence': fence },
      [{ $set: { finishedAt: '$$NOW', claim: null } }, { $unset: 'open' }],
      { updatePipeline: true },
    );
    return false;
  }

  /** Gives a job back, so that the next worker need not wait. */
  async function release({ _id, claim: { fence } }: ClaimedJob): Promise<void> {
    await Jobs.updateOne({ _id, 'claim.fence': fence }, [{ $set: { 'claim.until': '$$NOW' } }], {
      updatePipeline: true,
    });
  }
}

/** Another worker has taken the job over: everything of this step is undone. */
export class LostJob extends Error {}

const until = () => ({ $add: ['$$NOW', CLAIM_MS] });

const contextOf = ({ requestId, address, device }: BulkJobRecord): Context => ({
  actor: { kind: 'system', name: 'scheduler' },
  requestId,
  ...(address === null ? {} : { address }),
  ...(device === null ? {} : { device }),
});

/** What a step is told to have failed with; `null` for what may pass by itself. */
function failureOf(error: unknown): { code: ErrorCode; message: string } | null {
  if (error instanceof DomainError)
    return error.code === 'unavailable' ? null : { code: error.code, message: error.message };
  const passes = error instanceof LostJob || (error instanceof Error && error.name.startsWith('Mongo'));
  return passes ? null : { code: 'internal', message: 'It failed inside the program.' };
}
