import type { Connection, Types } from 'mongoose';
import type { Logger } from 'pino';
import { systemContext } from '../../core/context.ts';
import { startRounds, type Worker } from '../../core/rounds.ts';
import { withLease } from '../../db/lease.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { revisionModel } from './revisions.model.ts';
import { thinned } from './thinning.ts';

const DAY_MS = 24 * 3_600_000;
const LEASE_MS = 60_000;
const LOOK_MS = 3_600_000;
const AT_ONCE = 1_000;

/** How far thinning has come: everything saved before `until` has been looked at. */
interface Progress {
  readonly _id: string;
  readonly now: Date;
  readonly until?: Date;
}

/** What became of one day, or `null` when no day is old enough, nothing is set, or another process is at it. */
export type ThinOut = () => Promise<{ readonly day: Date; readonly removed: number } | null>;

const startOfDay = (time: Date): Date => new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);

/**
 * Thins out the versions of the oldest day that has not been looked at: each day once, in order, by one process at a
 * time. `keepAllDays` is the setting; `null` keeps everything for ever.
 */
export function createThinning(deps: {
  db: Connection;
  audit: AuditService;
  keepAllDays: () => Promise<number | null>;
}): ThinOut {
  const { db, audit, keepAllDays } = deps;
  const Revisions = revisionModel(db);
  const sweeps = db.collection<Progress>('sweeps');
  const ctx = systemContext('scheduler', 'revision thinning');

  return async () => {
    const days = await keepAllDays();
    if (days === null) return null;
    return withLease(db, 'revision-thinning', LEASE_MS, async () => {
      const day = await nextDay(days);
      return day && { day, removed: await thinDay(day) };
    });
  };

  /** The next day with saved versions that is over for long enough by the database's time; uses the index `age`. */
  async function nextDay(days: number): Promise<Date | null> {
    const progress = await sweeps.findOneAndUpdate({ _id: 'revisions' }, [{ $set: { now: '$$NOW' } }], {
      upsert: true,
      returnDocument: 'after',
    });
    if (!progress) return null;
    const oldest = await Revisions.findOne({ at: { $gte: progress.until ?? new Date(0) } }, { at: 1 })
      .sort({ at: 1 })
      .lean();
    const day = oldest && startOfDay(oldest.at);
    return day && day.getTime() + (days + 1) * DAY_MS <= progress.now.getTime() ? day : null;
  }

  async function thinDay(day: Date): Promise<number> {
    const until = new Date(day.getTime() + DAY_MS);
    const rows = await Revisions.find(
      { at: { $gte: day, $lt: until }, version: { $gt: 1 } },
      { article: 1, version: 1, reason: 1 },
    ).lean();
    const saved = rows.map(({ _id, article, version, reason }) => ({
      ...{ _id, version, reason },
      article: String(article),
    }));
    const stories = new Map(rows.map(({ article }) => [String(article), article]));
    const ids = thinned(saved, await workedFrom([...stories.values()]));
    for (let from = 0; from < ids.length; from += AT_ONCE) await remove(day, ids.slice(from, from + AT_ONCE));
    await sweeps.updateOne({ _id: 'revisions' }, { $set: { until } });
    return ids.length;
  }

  async function remove(day: Date, ids: readonly string[]): Promise<void> {
    await inTransaction(db, ctx, async (tx) => {
      await Revisions.deleteMany({ _id: { $in: [...ids] }, reason: { $ne: 'publish' } }).session(tx.session);
      await audit.record(tx, {
        key: `revisions:thin:${ids[0]}`,
        action: 'revisions.thin',
        target: { kind: 'revisions', id: null },
        after: { day, removed: ids.length },
      });
    });
  }

  /** The versions of these stories that unsaved text is a change of; uses the index `article` of the autosaves. */
  async function workedFrom(stories: readonly Types.ObjectId[]): Promise<ReadonlySet<string>> {
    const autosaves = db.collection<{ article: Types.ObjectId; base: number }>('autosaves');
    const of = { article: { $in: [...stories] } };
    const bases = await autosaves.find(of, { projection: { article: 1, base: 1 } }).toArray();
    return new Set(bases.map(({ article, base }) => `${article}:${base}`));
  }
}

/** Thins out day after day, and looks again every hour, until it is stopped. */
export const startThinning = ({ thinOut, log }: { thinOut: ThinOut; log: Logger }): Worker =>
  startRounds({
    ...{ name: 'revision thinning', log, troubleMs: LOOK_MS },
    round: async () => {
      const done = await thinOut();
      if (done?.removed) log.info(done, 'revision thinning: one version a day is left');
      return done ? 0 : LOOK_MS;
    },
  });
