import type { ClientSession, Connection, Types } from 'mongoose';
import { conflict } from '../../core/errors.ts';
import type { Tx } from '../../db/transaction.ts';
import type { FactorMethod } from '../auth/auth.contract.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import { type PasskeyRecord, passkeyModel } from './passkeys.model.ts';
import { type SecondFactorRecord, secondFactorModel } from './second-factor.model.ts';

export interface Held {
  readonly record: SecondFactorRecord | null;
  readonly passkeys: readonly PasskeyRecord[];
}

export const methodsOf = ({ record, passkeys }: Held): FactorMethod[] => [
  ...(record?.secret ? (['totp'] as const) : []),
  ...(record?.secret && record.recoveryCodes.length > 0 ? (['recovery'] as const) : []),
  ...(passkeys.length > 0 ? (['passkey'] as const) : []),
];

export type Factors = ReturnType<typeof createFactors>;

/** All factors of a person together, and `users.secondFactor` in step with them. */
export function createFactors(deps: {
  db: Connection;
  accounts: UserAccounts;
  settings: SettingsService;
  sessions: Sessions;
}) {
  const { db, accounts, settings, sessions } = deps;
  const SecondFactors = secondFactorModel(db);
  const Passkeys = passkeyModel(db);
  return { of, hold, settleAdded, settleRemoved, clear };

  /** Uses the index `user`. */
  async function of(user: Types.ObjectId, session: ClientSession | null = null): Promise<Held> {
    const record: SecondFactorRecord | null = await SecondFactors.findById(user).session(session).lean();
    const passkeys: PasskeyRecord[] = await Passkeys.find({ user })
      .sort({ createdAt: 1 })
      .session(session)
      .lean();
    return { record, passkeys };
  }

  /** Begins a change: two changes of one person's factors conflict here, so that each sees what the other left. */
  async function hold(tx: Tx, user: Types.ObjectId): Promise<SecondFactorRecord> {
    const blank = { secret: null, pendingSecret: null, pendingUntil: null, lastStep: 0, recoveryCodes: [] };
    const record: SecondFactorRecord | null = await SecondFactors.findOneAndUpdate(
      { _id: user },
      { $inc: { version: 1 }, $setOnInsert: blank },
      { upsert: true, returnDocument: 'after', session: tx.session },
    ).lean();
    if (!record) throw new Error('an upsert answered nothing');
    return record;
  }

  /** After a factor was added: the session that did it has shown one, and those that never did are over. */
  async function settleAdded(tx: Tx, user: UserRecord): Promise<void> {
    await accounts.noteSecondFactor(tx, user._id, true);
    if (tx.actor.kind === 'user') await sessions.raise(tx, user._id, tx.actor.sessionId);
  }

  /** After a factor was removed. @throws DomainError `conflict` when it was the last and the person's role needs one. */
  async function settleRemoved(tx: Tx, user: UserRecord): Promise<void> {
    if (methodsOf(await of(user._id, tx.session)).length > 0) return;
    const { security } = await settings.current(tx.session);
    const { role = user.role } = (await accounts.byId(String(user._id), tx.session)) ?? {};
    if (security.secondFactorRoles.includes(role))
      throw conflict('Your role needs a second factor. Add another one before you remove this one.');
    await drop(tx, user._id);
  }

  /** Takes all factors away. @returns what they were. */
  async function clear(tx: Tx, user: Types.ObjectId): Promise<Held> {
    const held = await of(user, tx.session);
    await SecondFactors.updateOne(
      { _id: user },
      { $set: { secret: null, pendingSecret: null, pendingUntil: null, recoveryCodes: [] } },
      { session: tx.session },
    );
    await Passkeys.deleteMany({ user }, { session: tx.session });
    await drop(tx, user);
    return held;
  }

  // What a session has shown is gone with the last factor: a role that asks for one later asks again.
  async function drop(tx: Tx, user: Types.ObjectId): Promise<void> {
    await accounts.noteSecondFactor(tx, user, false);
    await sessions.lower(tx, user);
  }
}
