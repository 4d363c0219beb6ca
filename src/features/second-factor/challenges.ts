import type { Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { newToken, sha256 } from '../../core/tokens.ts';
import { type ChallengePurpose, challengeModel } from './passkeys.model.ts';

/** Milliseconds that a challenge is good for. */
export const CHALLENGE_MS = 5 * 60_000;

export type Challenges = ReturnType<typeof createChallenges>;

/** The random texts that passkeys sign: each for one purpose, one person and one use. */
export function createChallenges({ db, clock }: { db: Connection; clock: Clock }) {
  const Stored = challengeModel(db);
  return { issue, take };

  /** A new challenge as bytes. `user` is `null` where nobody has said who they are. */
  async function issue(
    purpose: ChallengePurpose,
    user: Types.ObjectId | null,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const challenge = newToken();
    const expiresAt = new Date(clock.now().getTime() + CHALLENGE_MS);
    await Stored.create([{ _id: sha256(challenge), purpose, user, expiresAt }]);
    return new Uint8Array(Buffer.from(challenge, 'base64url'));
  }

  /** Whether this was given out for that and is still good. It is not afterwards, whatever is signed. */
  async function take(
    challenge: string,
    purpose: ChallengePurpose,
    user: Types.ObjectId | null,
  ): Promise<boolean> {
    const filter = { _id: sha256(challenge), purpose, user, expiresAt: { $gt: clock.now() } };
    return (await Stored.findOneAndDelete(filter).lean()) !== null;
  }
}
