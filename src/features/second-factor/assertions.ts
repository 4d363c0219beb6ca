import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { assertionOptions, challengeIn, checkAssertion, type RelyingParty, type Used } from './ceremonies.ts';
import type { Asked, Challenges } from './challenges.ts';
import type { Assertion, AssertionOptions } from './passkeys.contract.ts';
import { type PasskeyRecord, passkeyModel } from './passkeys.model.ts';

/** A passkey that has signed what it was asked to sign; not stored yet. */
export interface SignedByPasskey {
  readonly kind: 'passkey';
  readonly passkey: PasskeyRecord;
  readonly used: Used;
}

export type Assertions = ReturnType<typeof createAssertions>;

/** Proofs by passkey: asked for, checked, and stored with the counter of each. */
export function createAssertions(deps: {
  db: Connection;
  audit: AuditService;
  challenges: Challenges;
  relyingParty: RelyingParty;
  clock: Clock;
}) {
  const { db, audit, challenges, relyingParty, clock } = deps;
  const Passkeys = passkeyModel(db);
  return { ask, check, store, noteRegression };

  /** Asks for a passkey of the person, or for anybody's. Uses the index `user`. */
  async function ask(asked: Asked): Promise<AssertionOptions> {
    const { user } = asked;
    const allowed: PasskeyRecord[] = user ? await Passkeys.find({ user }).sort({ createdAt: 1 }).lean() : [];
    return assertionOptions(relyingParty, await challenges.issue(asked), allowed);
  }

  /** Spends the challenge and checks the signature; `null` when anything is wrong. Uses the index `credential`. */
  async function check(response: Assertion, asked: Asked): Promise<SignedByPasskey | null> {
    const challenge = await challengeIn(response);
    if (challenge === null || !(await challenges.take(challenge, asked))) return null;
    const passkey: PasskeyRecord | null = await Passkeys.findOne({ credential: response.id }).lean();
    if (!passkey || !isOwners(passkey, response, asked)) return null;
    const used = await checkAssertion(relyingParty, response, challenge, passkey);
    return used && { kind: 'passkey', passkey, used };
  }

  /** False when the counter went back, or stood still: somebody has a copy of the passkey. */
  async function store(tx: Tx, { passkey, used }: SignedByPasskey): Promise<boolean> {
    const grown = used.counter === 0 ? { counter: 0 } : { counter: { $lt: used.counter } };
    const { matchedCount } = await Passkeys.updateOne(
      { _id: passkey._id, ...grown },
      { $set: { ...used, lastUsedAt: clock.now() } },
      { session: tx.session },
    );
    return matchedCount === 1;
  }

  /** Tells the audit log when the counter went back. */
  async function noteRegression(tx: Tx, { passkey, used }: SignedByPasskey): Promise<void> {
    if (used.counter > passkey.counter || (used.counter === 0 && passkey.counter === 0)) return;
    await audit.record(tx, {
      key: `passkey.copy_suspected:${randomUUID()}`,
      action: 'passkey.copy_suspected',
      target: { kind: 'user', id: String(passkey.user) },
      before: { passkey: String(passkey._id), name: passkey.name, counter: passkey.counter },
      after: { counter: used.counter },
    });
  }
}

/** Where nobody has said who they are, the authenticator must; else it may. */
function isOwners(passkey: PasskeyRecord, { response }: Assertion, { user }: Asked): boolean {
  if (user && !passkey.user.equals(user)) return false;
  const handle = response.userHandle ?? null;
  return handle === null
    ? user !== null
    : Buffer.from(handle, 'base64url').toString('hex') === String(passkey.user);
}
