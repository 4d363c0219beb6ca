import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { actorId, type Context } from '../../core/context.ts';
import { conflict, invalidField } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { ThrottlesService } from '../throttles/throttles.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { Codes, RightCode } from './codes.ts';
import type { Confirmation } from './confirmation.ts';
import { type Factors, type Held, methodsOf } from './factors.ts';
import type { FactorLog } from './log.ts';
import { hashOf, newRecoveryCodes } from './recovery-codes.ts';
import type { TotpRemoval, TotpSetup } from './second-factor.contract.ts';
import { secondFactorModel } from './second-factor.model.ts';
import { newSecret, uriOf } from './totp.ts';

const APP = 'an authenticator app';
const PENDING_MS = 10 * 60_000;

export type SecondFactorService = ReturnType<typeof createSecondFactorService>;

/** One's own authenticator app and recovery codes; and what an admin does for those who have lost theirs. */
export function createSecondFactorService(deps: {
  db: Connection;
  accounts: UserAccounts;
  settings: SettingsService;
  sessions: Sessions;
  throttles: ThrottlesService;
  confirmation: Confirmation;
  factors: Factors;
  codes: Codes;
  log: FactorLog;
  clock: Clock;
}) {
  const { db, accounts, settings, sessions, throttles, confirmation, factors, codes, log, clock } = deps;
  const SecondFactors = secondFactorModel(db);
  return { state, setup, enable, disable, renewCodes, reset };

  async function state(ctx: Context): Promise<Held> {
    const { _id } = await confirmation.owner(ctx);
    return factors.of(_id);
  }

  /** A new secret, which counts for nothing yet. Whoever has an app already shows that it is in their hand. */
  async function setup(
    ctx: Context,
    { password, code }: TotpSetup,
  ): Promise<{ secret: string; uri: string }> {
    const user = await confirmation.confirmed(ctx, password, { recent: false });
    const { record } = await factors.of(user._id);
    if (record?.secret && code === undefined)
      throw invalidField('/code', 'required', 'Give a code of the app that you have, or a recovery code.');
    const right = record?.secret ? await rightCode(ctx, user, code ?? '') : null;
    const secret = newSecret();
    const { site } = await settings.current();
    await inTransaction(db, ctx, async (tx) => {
      if (right) await use(tx, user, right);
      await factors.hold(tx, user._id);
      await change(tx, user, {
        pendingSecret: codes.seal(user._id, secret),
        pendingUntil: new Date(clock.now().getTime() + PENDING_MS),
      });
    });
    return { secret, uri: uriOf(secret, { issuer: site.name, label: user.email }) };
  }

  /** @returns the recovery codes, for the only time. */
  async function enable(ctx: Context, code: string): Promise<string[]> {
    const user = await confirmation.owner(ctx);
    const { pendingSecret: sealed = null, pendingUntil = null } = (await factors.of(user._id)).record ?? {};
    const isBegun = sealed !== null && pendingUntil !== null && pendingUntil > clock.now();
    const secret = isBegun ? codes.open(user._id, sealed) : null;
    if (secret === null) throw notBegun();
    const step = await guess(ctx, user, async () => codes.stepFor(code, secret));
    const recoveryCodes = newRecoveryCodes();
    await inTransaction(db, ctx, async (tx) => {
      const held = await factors.hold(tx, user._id);
      if (held.pendingSecret !== sealed) throw notBegun();
      await change(tx, user, {
        secret: codes.seal(user._id, secret),
        pendingSecret: null,
        pendingUntil: null,
        lastStep: step,
        recoveryCodes: recoveryCodes.map(hashOf),
      });
      await factors.settleAdded(tx, user);
      await log.changed(tx, {
        action: 'second_factor.enable',
        user,
        version: held.version,
        before: { totp: held.secret !== null },
        after: { totp: true, recoveryCodesLeft: recoveryCodes.length },
        letter: { kind: 'second_factor_added', to: user.email, name: user.name, what: APP },
      });
    });
    return recoveryCodes;
  }

  /** @throws DomainError `conflict` when it is the last factor and one's role needs one. */
  async function disable(ctx: Context, { password, code }: TotpRemoval): Promise<undefined> {
    const user = await confirmation.confirmed(ctx, password, { recent: false });
    await requireApp(user);
    const right = await rightCode(ctx, user, code);
    await inTransaction(db, ctx, async (tx) => {
      await use(tx, user, right);
      const { version } = await factors.hold(tx, user._id);
      await change(tx, user, { secret: null, pendingSecret: null, pendingUntil: null, recoveryCodes: [] });
      await factors.settleRemoved(tx, user);
      await log.changed(tx, {
        action: 'second_factor.disable',
        user,
        version,
        before: { totp: true },
        after: { totp: false },
        letter: { kind: 'second_factor_removed', to: user.email, name: user.name, what: APP },
      });
    });
  }

  /** @returns the new ones, for the only time. */
  async function renewCodes(ctx: Context, code: string): Promise<string[]> {
    const user = await confirmation.owner(ctx);
    await requireApp(user);
    const right = await rightCode(ctx, user, code);
    const recoveryCodes = newRecoveryCodes();
    await inTransaction(db, ctx, async (tx) => {
      await use(tx, user, right);
      const { version } = await factors.hold(tx, user._id);
      await change(tx, user, { recoveryCodes: recoveryCodes.map(hashOf) });
      const after = { recoveryCodesLeft: recoveryCodes.length };
      await log.changed(tx, { action: 'second_factor.renew_codes', user, version, after });
    });
    return recoveryCodes;
  }

  /** For somebody who has lost theirs: nothing of it is left, and nobody is signed in as them any more. */
  async function reset(ctx: Context, id: string, version: number): Promise<UserRecord> {
    requirePermission(ctx, 'users:manage');
    // One's own goes with a proof that it is there, or by another admin: else an open desk would do.
    if (actorId(ctx) === id)
      throw conflict('Remove your own at /auth/mfa/disable and /auth/passkeys, or ask another admin.');
    return inTransaction(db, ctx, async (tx) => {
      const user = await accounts.endAccess(tx, id, version, clock.now());
      const held = await factors.hold(tx, user._id);
      const { record, passkeys } = await factors.clear(tx, user._id);
      if (!user.secondFactor && methodsOf({ record, passkeys }).length === 0)
        throw conflict('This member of staff has no second factor.');
      const by = tx.actor.kind === 'user' ? tx.actor.name : 'Copydesk';
      await log.changed(tx, {
        action: 'second_factor.reset',
        user,
        version: held.version,
        before: { totp: held.secret !== null, passkeys: passkeys.map(({ name }) => name) },
        after: { totp: false, passkeys: [] },
        letter: { kind: 'second_factor_reset', to: user.email, name: user.name, by },
      });
      return { ...user, secondFactor: false };
    });
  }

  async function requireApp(user: UserRecord): Promise<void> {
    const { record } = await factors.of(user._id);
    if (!record?.secret) throw conflict('You have no authenticator app. Set one up first.');
  }

  /** @throws DomainError `invalid_input` for a wrong code, which is counted and audited. */
  async function rightCode(ctx: Context, user: UserRecord, code: string): Promise<RightCode> {
    return guess(ctx, user, () => codes.match(user._id, code));
  }

  async function guess<T>(ctx: Context, user: UserRecord, compare: () => Promise<T | null>): Promise<T> {
    const attempt = {
      account: String(user._id),
      address: ctx.address,
      isKnownHere: () => sessions.isKnownAt(user, ctx.address ?? ''),
    };
    const right = await throttles.guess('second_factor', attempt, compare);
    if (right !== null) return right;
    await inTransaction(db, ctx, (tx) => log.failed(tx, user));
    throw wrongCode();
  }

  async function use(tx: Tx, user: UserRecord, right: RightCode): Promise<void> {
    const record = await codes.spend(tx, user._id, right);
    if (!record) throw wrongCode();
    if (right.kind === 'recovery') await log.recoveryCodeUsed(tx, user, record);
  }

  async function change(tx: Tx, user: UserRecord, fields: object): Promise<void> {
    await SecondFactors.updateOne({ _id: user._id }, { $set: fields }, { session: tx.session });
  }
}

const wrongCode = () =>
  invalidField('/code', 'wrong', 'This code is wrong or has been used. Wait for the next one.');

const notBegun = () => conflict('Begin at /auth/mfa/setup: there is no authenticator app to enable.');
