import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Actor } from '../../core/context.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { type KeyRecord, keyModel } from './keys.model.ts';
import { idIn, opens } from './secrets.ts';
import { statusOf } from './standing.ts';

const NOTED_EVERY_MS = 60_000;

export type KeyBearers = ReturnType<typeof createKeyBearers>;

/** Who comes with an API key. Everything is read at each request: what an admin ends has ended. */
export function createKeyBearers(deps: { db: Connection; accounts: UserAccounts; clock: Clock }) {
  const { db, accounts, clock } = deps;
  const Keys = keyModel(db);
  return { authenticate };

  /**
   * Who a key stands for now, or `null`: unknown, expired, revoked, or without an active admin who answers for it.
   * `address` is noted as where it was last used from.
   */
  async function authenticate(key: string, address: string): Promise<Actor | null> {
    const id = idIn(key);
    const record: KeyRecord | null = id === null ? null : await Keys.findById(id).lean();
    const now = clock.now();
    if (!id || !record || !opens(record, key, now)) return null;
    if (statusOf(record, await accounts.byId(String(record.owner)), now) !== 'active') return null;
    noteUse(record, now, address);
    const { name, scopes, rate } = record;
    return { kind: 'key', id, name, scopes, rate };
  }

  /** The request does not wait for it, and of several at once one writes. A note that is lost is taken with the next use. */
  function noteUse({ _id, lastUsedAt }: KeyRecord, now: Date, address: string): void {
    const due = new Date(now.getTime() - NOTED_EVERY_MS);
    if (lastUsedAt !== null && lastUsedAt > due) return;
    Keys.updateOne(
      { _id, $or: [{ lastUsedAt: null }, { lastUsedAt: { $lte: due } }] },
      { $set: { lastUsedAt: now, lastUsedFrom: address } },
    ).then(
      () => undefined,
      () => undefined,
    );
  }
}
