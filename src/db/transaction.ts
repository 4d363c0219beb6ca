import type { ClientSession, Connection } from 'mongoose';
import type { Context } from '../core/context.ts';

/** A context whose writes belong to one transaction. Pass `tx.session` to every statement. */
export type Tx = Context & {
  readonly session: ClientSession;
  /** 1 when the work runs for the first time; more after each conflict with somebody else's. */
  readonly attempt: number;
  /**
   * Does something in this process once the transaction has been committed: what nobody relies on, since a process may
   * die before it. It must not throw.
   */
  readonly afterCommit: (effect: () => void) => void;
};

export const isTx = (ctx: Context): ctx is Tx => 'session' in ctx;

/** Another actor's part in a running transaction. */
export const joining = (tx: Tx, ctx: Context): Tx => ({
  ...ctx,
  session: tx.session,
  attempt: tx.attempt,
  afterCommit: tx.afterCommit,
});

const OPTIONS = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
  // Of the whole, retries included: a request must not wait for two minutes, as the driver would let it.
  timeoutMS: 4_000,
} as const;

/**
 * Runs `work` in the running transaction of `ctx`, or in one of its own. `work` may run several times (the driver
 * repeats it after a transient conflict): it must have no effects but its statements.
 */
export async function inTransaction<T>(
  db: Connection,
  ctx: Context,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  if (isTx(ctx)) return work(ctx);
  const session = await db.startSession();
  try {
    let effects: (() => void)[] = [];
    let attempt = 0;
    const result = await session.withTransaction(() => {
      effects = [];
      attempt += 1;
      return work({ ...ctx, session, attempt, afterCommit: (effect) => effects.push(effect) });
    }, OPTIONS);
    for (const effect of effects) effect();
    return result;
  } finally {
    await session.endSession();
  }
}
