import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { systemContext } from '../../core/context.ts';
import { DomainError } from '../../core/errors.ts';
import { pause, startRounds, type Worker } from '../../core/rounds.ts';
import type { Claim, Due, Upcoming } from '../articles/due.ts';

/** Another process may set a time at any moment: nobody sleeps longer than this. */
const LOOK_MS = 1_000;
/** What is due and cannot be claimed is being done by another process. */
const OTHERS_MS = 100;
const AT_ONCE = 8;
const TURN_MS = 2_000;
const TURN_LOOK_MS = 40;
const SKEW_MS = 2_000;
const SKEW_TOLD_MS = 60_000;

/** Those of the earliest time that are due, in any order, so that several processes do not reach for the same ones. */
function dueTogether(next: readonly Upcoming[]): Upcoming[] {
  const [first] = next;
  const together = next.filter(({ due, inMs }) => inMs <= 0 && due.getTime() === first?.due.getTime());
  return together
    .map((one) => ({ one, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one)
    .slice(0, AT_ONCE);
}

/** Whether another attempt, by whoever claims it next, may end differently by itself. */
const passes = (error: unknown): boolean =>
  error instanceof DomainError
    ? ['unavailable', 'stale_version'].includes(error.code)
    : error instanceof Error && error.name.startsWith('Mongo');

const wordsOf = (error: unknown): string =>
  error instanceof DomainError ? error.message : 'It failed inside the program; its log says how.';

/**
 * Publishes and unpublishes what is due, in every process: each thing is claimed by one of them. Its timer is only for
 * looking; the database decides what is due and that it is done once.
 */
export function startScheduler({ due, clock, log }: { due: Due; clock: Clock; log: Logger }): Worker {
  const ctx = systemContext('scheduler', 'scheduler');
  let skewTold = Number.NEGATIVE_INFINITY;
  return startRounds({ name: 'scheduler', round, log });

  async function round(stopping: AbortSignal): Promise<number> {
    const { next, now } = await due.upcoming();
    if (now) tellSkew(now);
    return work(next, stopping);
  }

  /** Does what is due; answers how long there is nothing to do. */
  async function work(next: readonly Upcoming[], stopping: AbortSignal): Promise<number> {
    const together = dueTogether(next);
    if (together.length === 0) return Math.min(next[0]?.inMs ?? LOOK_MS, LOOK_MS);
    const claims = (await Promise.all(together.map((one) => due.claim(one)))).filter((one) => one !== null);
    await Promise.all(claims.map((claim) => carryOut(claim, stopping)));
    return claims.length > 0 ? 0 : OTHERS_MS;
  }

  async function carryOut(claim: Claim, stopping: AbortSignal): Promise<void> {
    const about = { article: String(claim.id), duty: claim.duty, due: claim.due };
    try {
      await turnOf(claim, stopping);
      const story = await due.carryOut(ctx, claim);
      if (story && claim.late) log.warn(about, 'scheduler: done late');
      else log.info(about, story ? 'scheduler: done' : 'scheduler: moved or called off meanwhile');
    } catch (error) {
      if (passes(error)) log.warn({ ...about, err: error }, 'scheduler: not done yet');
      else await fail(claim, about, error);
    }
  }

  async function fail(claim: Claim, about: object, error: unknown): Promise<void> {
    const isOurs = !(error instanceof DomainError);
    log[isOurs ? 'error' : 'warn']({ ...about, err: error }, 'scheduler: refused');
    await due
      .fail(ctx, claim, wordsOf(error))
      .catch((err: unknown) => log.warn({ ...about, err }, 'scheduler: the refusal is told later'));
  }

  /** Waits until what was due earlier is done, but not for ever: one that hangs must not hold up the rest. */
  async function turnOf(claim: Claim, stopping: AbortSignal): Promise<void> {
    const deadline = performance.now() + TURN_MS;
    while (performance.now() < deadline && !(await due.isNext(claim))) await pause(TURN_LOOK_MS, stopping);
  }

  /** Our own clock decides nothing here; one that is wrong does harm elsewhere. */
  function tellSkew(now: Date): void {
    const skewMs = clock.now().getTime() - now.getTime();
    if (Math.abs(skewMs) <= SKEW_MS || performance.now() - skewTold < SKEW_TOLD_MS) return;
    skewTold = performance.now();
    log.warn({ skewMs }, "the clock of this machine differs from the database's: set it right");
  }
}
