import type { Types } from 'mongoose';
import type { Actor } from '../../core/context.ts';
import { forbidden } from '../../core/errors.ts';
import type { Tx } from '../../db/transaction.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { actorOf, isIn } from '../users/standing.ts';

/** The promise is five seconds; what comes later is called late. */
export const LATE_MS = 5_000;

interface Order {
  readonly by: Types.ObjectId | null | undefined;
  /** What was ordered, as in "may not publish". */
  readonly toDo: string;
  readonly may: (actor: Actor) => boolean;
}

/**
 * Whoever ordered something for its time may have left, or lost the right, since.
 * @throws DomainError `forbidden` in words for whoever has to order it anew.
 */
export async function requireOrderer(
  tx: Tx,
  accounts: UserAccounts,
  { by, toDo, may }: Order,
): Promise<void> {
  const user = by ? await accounts.byId(String(by), tx.session) : null;
  if (!user) throw forbidden('Nobody answers for this schedule. An editor must set the time anew.');
  if (isIn(user) && may(actorOf(user, 'schedule'))) return;
  throw forbidden(`${user.name} set this time and may not ${toDo} any more. An editor must set it anew.`);
}
