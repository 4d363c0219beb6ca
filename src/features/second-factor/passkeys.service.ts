import { randomUUID } from 'node:crypto';
import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, invalidField, notFound, unauthenticated } from '../../core/errors.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Granted, Sessions } from '../auth/sessions.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { Assertions, SignedByPasskey } from './assertions.ts';
import { attestationOptions, challengeIn, checkAttestation, type RelyingParty } from './ceremonies.ts';
import { ANYBODY, type Challenges, forSession } from './challenges.ts';
import type { Confirmation } from './confirmation.ts';
import type { Factors } from './factors.ts';
import type { FactorLog } from './log.ts';
import type { Assertion, AssertionOptions, AttestationOptions, NewPasskey } from './passkeys.contract.ts';
import { type PasskeyRecord, passkeyModel } from './passkeys.model.ts';
import { presentPasskey } from './second-factor.presenter.ts';

const MOST = 20;

export type PasskeysService = ReturnType<typeof createPasskeysService>;

/** One's own passkeys, and signing in with one. */
export function createPasskeysService(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  settings: SettingsService;
  sessions: Sessions;
  confirmation: Confirmation;
  factors: Factors;
  challenges: Challenges;
  assertions: Assertions;
  relyingParty: RelyingParty;
  log: FactorLog;
  clock: Clock;
}) {
  const { db, accounts, audit, settings, sessions, confirmation, factors, challenges, assertions } = deps;
  const { relyingParty, log, clock } = deps;
  const Passkeys = passkeyModel(db);
  return { list, registrationOptions, add, rename, remove, signInOptions, signIn };

  async function list(ctx: Context): Promise<readonly PasskeyRecord[]> {
    const { _id } = await confirmation.owner(ctx);
    return (await factors.of(_id)).passkeys;
  }

  async function registrationOptions(
    ctx: Context,
    password: string | undefined,
  ): Promise<AttestationOptions> {
    const user = await confirmation.confirmed(ctx, password, { recent: true });
    const { passkeys } = await factors.of(user._id);
    requireRoom(passkeys);
    const { site } = await settings.current();
    return attestationOptions(relyingParty, {
      siteName: site.name,
      user: { id: String(user._id), email: user.email, name: user.name },
      challenge: await challenges.issue(forSession(user._id, sessionOf(ctx))),
      known: passkeys,
    });
  }

  async function add(ctx: Context, { name, response }: NewPasskey): Promise<PasskeyRecord> {
    const user = await confirmation.owner(ctx);
    const challenge = await challengeIn(response);
    const isOurs =
      challenge !== null && (await challenges.take(challenge, forSession(user._id, sessionOf(ctx))));
    const made = isOurs ? await checkAttestation(relyingParty, response, challenge) : null;
    if (!made)
      throw invalidField('/response', 'not_verified', 'This passkey could not be verified. Begin again.');
    const now = clock.now();
    const record: PasskeyRecord = {
      _id: new Types.ObjectId(),
      version: 1,
      user: user._id,
      name,
      ...made,
      createdAt: now,
      modifiedAt: now,
      lastUsedAt: null,
    };
    return inTransaction(db, ctx, async (tx) => {
      const { version } = await factors.hold(tx, user._id);
      requireRoom((await factors.of(user._id, tx.session)).passkeys);
      if (await Passkeys.exists({ credential: made.credential }).session(tx.session))
        throw conflict('This passkey has been added already.');
      await Passkeys.create([record], { session: tx.session });
      await factors.settleAdded(tx, user);
      await log.changed(tx, {
        action: 'passkey.add',
        user,
        version,
        after: nameOf(record),
        letter: { kind: 'second_factor_added', to: user.email, name: user.name, what: wordsFor(record) },
      });
      return record;
    });
  }

  async function rename(ctx: Context, id: string, version: number, name: string): Promise<PasskeyRecord> {
    const user = await confirmation.owner(ctx);
    const changes = { name, modifiedAt: clock.now() };
    return inTransaction(db, ctx, async (tx) => {
      const passkey = await loadOwn(tx, user, id);
      requireVersion(passkey, version, presentPasskey);
      const held = await factors.hold(tx, user._id);
      const changed = await changeAt(Passkeys, { id, version, session: tx.session }, { $set: changes });
      await log.changed(tx, {
        action: 'passkey.rename',
        user,
        version: held.version,
        before: nameOf(passkey),
        after: nameOf(changed),
      });
      return changed;
    });
  }

  /** @throws DomainError `conflict` when it is the last factor and one's role needs one. */
  async function remove(
    ctx: Context,
    id: string,
    version: number,
    password: string | undefined,
  ): Promise<undefined> {
    const user = await confirmation.confirmed(ctx, password, { recent: true });
    await inTransaction(db, ctx, async (tx) => {
      const passkey = await loadOwn(tx, user, id);
      requireVersion(passkey, version, presentPasskey);
      const held = await factors.hold(tx, user._id);
      await Passkeys.deleteOne({ _id: passkey._id }, { session: tx.session });
      await factors.settleRemoved(tx, user);
      await log.changed(tx, {
        action: 'passkey.remove',
        user,
        version: held.version,
        before: nameOf(passkey),
        letter: { kind: 'second_factor_removed', to: user.email, name: user.name, what: wordsFor(passkey) },
      });
    });
  }

  async function signInOptions(_ctx: Context): Promise<AssertionOptions> {
    return assertions.ask(ANYBODY);
  }

  /** @throws DomainError `unauthenticated`, the same for all that can be wrong. */
  async function signIn(ctx: Context, response: Assertion): Promise<Granted> {
    const proof = await assertions.check(response, ANYBODY);
    const granted = proof && (await inTransaction(db, ctx, (tx) => open(tx, proof)));
    if (granted) return granted;
    const known: PasskeyRecord | null = await Passkeys.findOne({ credential: response.id }).lean();
    await inTransaction(db, ctx, async (tx) => {
      if (proof) await assertions.noteRegression(tx, proof);
      await recordFailure(tx, known);
    });
    throw unauthenticated('This passkey is not known here, or could not be verified. Sign in another way.');
  }

  /** `null` for somebody deactivated, and for a passkey of which there is a copy. */
  async function open(tx: Tx, proof: SignedByPasskey): Promise<Granted | null> {
    const user = await accounts.byId(String(proof.passkey.user), tx.session);
    if (!user?.active || !(await assertions.store(tx, proof))) return null;
    return sessions.open(tx, user, { method: 'passkey', secondFactor: true });
  }

  async function recordFailure(tx: Tx, passkey: PasskeyRecord | null): Promise<void> {
    await audit.record(tx, {
      key: `sign_in_failed:${randomUUID()}`,
      action: 'session.sign_in_failed',
      target: { kind: 'user', id: passkey && String(passkey.user) },
    });
  }

  async function loadOwn(tx: Tx, user: UserRecord, id: string): Promise<PasskeyRecord> {
    const passkey = await load(Passkeys, id, 'passkey', tx.session);
    if (!passkey.user.equals(user._id)) throw notFound('passkey');
    return passkey;
  }
}

function requireRoom(passkeys: readonly PasskeyRecord[]): void {
  if (passkeys.length >= MOST)
    throw conflict(`You have ${MOST} passkeys already. Remove one that you do not use.`);
}

const sessionOf = ({ actor }: Context): string => (actor.kind === 'user' ? actor.sessionId : '');
const nameOf = ({ _id, name }: PasskeyRecord) => ({ passkey: String(_id), name });
const wordsFor = ({ name }: PasskeyRecord): string => `the passkey “${name}”`;
