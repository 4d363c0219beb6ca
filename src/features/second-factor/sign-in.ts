import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { unauthenticated } from '../../core/errors.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { FactorMethod } from '../auth/auth.contract.ts';
import type { SignInMethod } from '../auth/auth.model.ts';
import type { Granted, Sessions } from '../auth/sessions.ts';
import type { ThrottlesService } from '../throttles/throttles.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { Assertions, SignedByPasskey } from './assertions.ts';
import { forSignIn } from './challenges.ts';
import type { Codes, RightCode } from './codes.ts';
import { type Factors, methodsOf } from './factors.ts';
import type { FactorLog } from './log.ts';
import type { AssertionOptions } from './passkeys.contract.ts';
import { PENDING_SECONDS, type PendingSignIns } from './pending.ts';
import type { SecondStep as SecondStepGiven } from './second-factor.contract.ts';
import type { PendingSignInRecord } from './second-factor.model.ts';

/** A sign-in whose second step is missing. */
export interface Asked {
  readonly mfaToken: string;
  readonly methods: readonly FactorMethod[];
  /** Seconds. */
  readonly expiresIn: number;
}

export type SecondStep = ReturnType<typeof createSecondStep>;

/** The second step of every sign-in that has a first one. */
export function createSecondStep(deps: {
  db: Connection;
  accounts: UserAccounts;
  sessions: Sessions;
  throttles: ThrottlesService;
  factors: Factors;
  codes: Codes;
  assertions: Assertions;
  pending: PendingSignIns;
  log: FactorLog;
}) {
  const { db, accounts, sessions, throttles, factors, codes, assertions, pending, log } = deps;
  return { grantOrAsk, finish, passkeyOptions };

  /**
   * What every door calls once somebody has proved who they are: opens a session, or asks for the second factor of
   * those who have one. `secondFactor`: it was shown already, such as to the provider of a single sign-on.
   */
  async function grantOrAsk(
    tx: Tx,
    user: UserRecord,
    { method, secondFactor = false }: { method: SignInMethod; secondFactor?: boolean },
  ): Promise<Granted | Asked> {
    const methods = methodsOf(await factors.of(user._id, tx.session));
    const isAsked = !secondFactor && (user.secondFactor || methods.length > 0);
    if (!isAsked) return sessions.open(tx, user, { method, secondFactor });
    return { mfaToken: await pending.begin(tx, user, method), methods, expiresIn: PENDING_SECONDS };
  }

  /** @throws DomainError `unauthenticated` for whatever is wrong with the token, the person or the proof. */
  async function finish(
    ctx: Context,
    { mfaToken, code, passkey }: Pick<SecondStepGiven, 'mfaToken' | 'code' | 'passkey'>,
  ): Promise<Granted> {
    const { row, user } = await begun(mfaToken);
    const attempt = {
      account: String(user._id),
      address: ctx.address,
      isKnownHere: () => sessions.isKnownAt(user, ctx.address ?? ''),
    };
    const proof = await throttles.guess('second_factor', attempt, async () => {
      if (!(await pending.count(row))) return null;
      return passkey
        ? assertions.check(passkey, forSignIn(user._id, row._id))
        : codes.match(user._id, code ?? '');
    });
    const granted = proof && (await inTransaction(db, ctx, (tx) => open(tx, row, proof)));
    if (granted) return granted;
    await inTransaction(db, ctx, async (tx) => {
      await log.failed(tx, user);
      if (proof?.kind === 'passkey') await assertions.noteRegression(tx, proof);
    });
    throw unauthenticated(
      passkey
        ? 'This passkey could not be verified. Try again, or use a code.'
        : 'This code is wrong or has been used. Wait for the next one, or use a recovery code.',
    );
  }

  /** What the authenticator of the person who began this sign-in is to sign. */
  async function passkeyOptions(_ctx: Context, mfaToken: string): Promise<AssertionOptions> {
    const { row, user } = await begun(mfaToken);
    return assertions.ask(forSignIn(user._id, row._id));
  }

  async function begun(mfaToken: string): Promise<{ row: PendingSignInRecord; user: UserRecord }> {
    const row = await pending.find(mfaToken);
    const user = row && (await accounts.byId(String(row.user)));
    if (!row || !user || !stands(row, user)) throw over();
    return { row, user };
  }

  /** `null` when the proof was used up meanwhile. */
  async function open(
    tx: Tx,
    row: PendingSignInRecord,
    proof: RightCode | SignedByPasskey,
  ): Promise<Granted | null> {
    const user = await accounts.byId(String(row.user), tx.session);
    if (!user || !stands(row, user)) throw over();
    if (!(await store(tx, user, proof))) return null;
    if (!(await pending.spend(tx, row))) throw over();
    return sessions.open(tx, user, { method: row.method, secondFactor: true });
  }

  async function store(tx: Tx, user: UserRecord, proof: RightCode | SignedByPasskey): Promise<boolean> {
    if (proof.kind === 'passkey') return assertions.store(tx, proof);
    const record = await codes.spend(tx, user._id, proof);
    if (record && proof.kind === 'recovery') await log.recoveryCodeUsed(tx, user, record);
    return record !== null;
  }
}

/** Somebody deactivated, or whose sessions were ended meanwhile, begins anew. */
const stands = (row: PendingSignInRecord, user: UserRecord): boolean =>
  user.active && row.tokenVersion === user.tokenVersion;

const over = () => unauthenticated('This sign-in is over. Begin again.');
