import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, type Model, Schema } from 'mongoose';
import { actorId, type Context } from '../../core/context.ts';
import { conflict, DomainError } from '../../core/errors.ts';
import { newToken, sha256 } from '../../core/tokens.ts';
import { STORAGE } from '../../db/model.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Attempt, RefusalOf, RunOnce, StoredAnswer } from '../../http/idempotency.ts';

const LEASE_MS = 30_000;
const KEPT_MS = 24 * 3_600_000;
const FREEING_MS = 500;

/** One attempt at one key. */
interface Run {
  readonly _id: string;
  readonly claim: string;
}

/** One key of one caller on one route. While it runs there is no `answer`, and `until` says how long it is believed. */
interface IdempotencyRecord {
  _id: string;
  /** Which attempt runs. */
  claim: string;
  fingerprint: string;
  until: Date;
  answer: StoredAnswer | null;
  expiresAt: Date;
}

const schema = new Schema<IdempotencyRecord>(
  {
    _id: { type: String, required: true },
    claim: { type: String, required: true },
    fingerprint: { type: String, required: true },
    until: { type: Date, required: true },
    answer: Schema.Types.Mixed,
    expiresAt: { type: Date, required: true },
  },
  STORAGE,
);

const idempotencyModel = (db: Connection): Model<IdempotencyRecord> =>
  db.model<IdempotencyRecord>('Idempotency', schema, 'idempotency');

/**
 * `Idempotency-Key` (IETF draft): the answer is kept in the same transaction as the effect, so that a server that dies
 * after the commit repeats the answer and not the effect. Refusals (4xx) are kept, faults of ours (5xx) are not.
 */
export function createRunOnce({ db, refusalOf }: { db: Connection; refusalOf: RefusalOf }): RunOnce {
  const Records = idempotencyModel(db);

  return async (ctx, attempt, work) => {
    const _id = sha256(JSON.stringify([actorId(ctx), attempt.route, attempt.key]));
    const run = { _id, claim: newToken() };
    const kept = await claim(run, attempt);
    if (kept) return { answer: kept, replayed: true };
    try {
      return { answer: await inTransaction(db, ctx, (tx) => keepWithin(tx, _id, work)), replayed: false };
    } catch (error) {
      await settle(ctx, { run, attempt, error });
      throw error;
    }
  };

  /** Marks the key as running. Answers what is kept of an earlier run; a dead run's claim lapses by database time. */
  async function claim({ _id, claim }: Run, { fingerprint }: Attempt): Promise<StoredAnswer | null> {
    const free = {
      $or: [
        { $eq: [{ $type: '$until' }, 'missing'] },
        {
          $and: [
            { $eq: ['$answer', null] },
            { $eq: ['$fingerprint', fingerprint] },
            { $lte: ['$until', '$$NOW'] },
          ],
        },
      ],
    };
    const fresh = {
      claim,
      fingerprint,
      answer: null,
      until: { $add: ['$$NOW', LEASE_MS] },
      expiresAt: { $add: ['$$NOW', KEPT_MS] },
    };
    const record = await Records.findOneAndUpdate(
      { _id },
      [{ $replaceWith: { $cond: [free, { $mergeObjects: ['$$ROOT', fresh] }, '$$ROOT'] } }],
      { upsert: true, returnDocument: 'after', updatePipeline: true },
    ).lean();
    if (record?.claim === claim) return null;
    if (record && record.fingerprint !== fingerprint) {
      throw new DomainError(
        'idempotency_key_reused',
        'This Idempotency-Key was used with another body. Take a new one.',
      );
    }
    if (record?.answer) return record.answer;
    throw new DomainError('conflict', 'The first request with this Idempotency-Key still runs.', {
      headers: { 'Retry-After': '1' },
    });
  }

  async function keepWithin(
    tx: Parameters<Parameters<typeof inTransaction>[2]>[0],
    _id: string,
    work: (ctx: Context) => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> {
    const { status, headers, body } = await work(tx);
    const answer = { status, headers, body };
    const { matchedCount } = await Records.updateOne(
      { _id, answer: null },
      { $set: { answer } },
      { session: tx.session },
    );
    if (matchedCount === 0) throw conflict('Another request with this Idempotency-Key was faster.');
    return answer;
  }

  /**
   * After a failure: a refusal is an answer like another, anything else frees the key for a retry. When the database is
   * away, the caller has waited for it already, and the claim lapses by itself.
   */
  async function settle(
    ctx: Context,
    { run, attempt, error }: { run: Run; attempt: Attempt; error: unknown },
  ): Promise<void> {
    const { _id } = run;
    const refusal = refusalOf(error, ctx.requestId, attempt.route);
    if (refusal) {
      await Records.updateOne({ _id, answer: null }, { $set: { answer: refusal } });
    } else {
      const freed = Records.deleteOne({ ...run, answer: null }).then(
        () => undefined,
        () => undefined,
      );
      await Promise.race([freed, delay(FREEING_MS, undefined, { ref: false })]);
    }
  }
}
