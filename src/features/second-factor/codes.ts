import type { Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Tx } from '../../db/transaction.ts';
import { hashOf } from './recovery-codes.ts';
import { type SecondFactorRecord, secondFactorModel } from './second-factor.model.ts';
import { CODE, stepOf } from './totp.ts';

/** A code that is right; whether it is still good is found out when it is spent. */
export type RightCode =
  | { readonly kind: 'totp'; readonly step: number; readonly secret: string; readonly sealed: string }
  | { readonly kind: 'recovery'; readonly hash: string };

export type Codes = ReturnType<typeof createCodes>;

/** Codes of authenticator apps and recovery codes: each is good once. */
export function createCodes({ db, sealer, clock }: { db: Connection; sealer: Sealer; clock: Clock }) {
  const SecondFactors = secondFactorModel(db);
  return { match, stepFor, spend, seal, open };

  /** Compares and changes nothing; `null` for a wrong code, and for one of a time step that has been used. */
  async function match(user: Types.ObjectId, code: string): Promise<RightCode | null> {
    const record: SecondFactorRecord | null = await SecondFactors.findById(user).lean();
    const sealed = record?.secret;
    if (typeof sealed !== 'string') return null;
    if (!CODE.test(plain(code))) {
      const hash = hashOf(code);
      return record?.recoveryCodes.includes(hash) ? { kind: 'recovery', hash } : null;
    }
    const secret = open(user, sealed);
    const step = secret === null ? null : stepFor(code, secret);
    const isNew = step !== null && step > (record?.lastStep ?? Number.POSITIVE_INFINITY);
    return isNew && secret !== null ? { kind: 'totp', step, secret, sealed } : null;
  }

  /** The time step of a code of this secret, or `null`. */
  function stepFor(code: string, secret: string): number | null {
    return stepOf(plain(code), secret, clock.now());
  }

  /**
   * Uses a right code up. Of two that race with one code, one gets the record and the other `null`. The secret is
   * sealed anew, so that `JWT_SECRET_PREVIOUS` is not needed for ever.
   */
  async function spend(tx: Tx, user: Types.ObjectId, code: RightCode): Promise<SecondFactorRecord | null> {
    const [found, change] =
      code.kind === 'totp'
        ? [
            { secret: code.sealed, lastStep: { $lt: code.step } },
            { $set: { lastStep: code.step, secret: seal(user, code.secret) } },
          ]
        : [
            { secret: { $type: 'string' as const }, recoveryCodes: code.hash },
            { $pull: { recoveryCodes: code.hash }, $inc: { version: 1 } },
          ];
    return SecondFactors.findOneAndUpdate({ _id: user, ...found }, change, {
      returnDocument: 'after',
      session: tx.session,
    }).lean();
  }

  function seal(user: Types.ObjectId, secret: string): string {
    return sealer.seal(secret, String(user));
  }

  /** `null` when the server's secret was changed without keeping the previous one: recovery codes go on. */
  function open(user: Types.ObjectId, sealed: string): string | null {
    try {
      return sealer.open(sealed, String(user));
    } catch {
      return null;
    }
  }
}

/** Some apps show `123 456`. */
const plain = (code: string): string => code.replaceAll(' ', '');
