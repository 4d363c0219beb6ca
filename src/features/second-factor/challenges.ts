import type { Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { newToken, sha256 } from '../../core/tokens.ts';
import { type ChallengeRecord, challengeModel } from './passkeys.model.ts';

/** Milliseconds that a challenge is good for. */
export const CHALLENGE_MS = 5 * 60_000;

/** What a challenge is given out for, and all that it is good for. */
export type Asked = Pick<ChallengeRecord, 'purpose' | 'user' | 'asker'>;

/** Of somebody who signs in and has not said who they are. */
export const ANYBODY: Asked = { purpose: 'sign_in', user: null, asker: null };
export const forSession = (user: Types.ObjectId, session: string): Asked => ({
  purpose: 'registration',
  user,
  asker: session,
});
export const forSignIn = (user: Types.ObjectId, pending: string): Asked => ({
  purpose: 'second_factor',
  user,
  asker: pending,
});

export type Challenges = ReturnType<typeof createChallenges>;

/** The random texts that passkeys sign: each for one purpose, one person, one session and one use. */
export function createChallenges({ db, clock }: { db: Connection; clock: Clock }) {
  const Stored = challengeModel(db);
  return { issue, take };

  /** A new challenge as bytes. */
  async function issue(asked: Asked): Promise<Uint8Array<ArrayBuffer>> {
    const challenge = newToken();
    const expiresAt = new Date(clock.now().getTime() + CHALLENGE_MS);
    await Stored.create([{ _id: sha256(challenge), ...asked, expiresAt }]);
    return new Uint8Array(Buffer.from(challenge, 'base64url'));
  }

  /** Whether this was given out for that and is still good. It is not afterwards, whatever is signed. */
  async function take(challenge: string, { purpose, user, asker }: Asked): Promise<boolean> {
    const filter = { _id: sha256(challenge), purpose, user, asker, expiresAt: { $gt: clock.now() } };
    return (await Stored.findOneAndDelete(filter).lean()) !== null;
  }
}
