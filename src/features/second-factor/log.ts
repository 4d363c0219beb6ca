import { randomUUID } from 'node:crypto';
import type { Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Letter } from '../mail/letters.ts';
import type { MailService } from '../mail/mail.service.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { SecondFactorRecord } from './second-factor.model.ts';

/** One change of somebody's factors. `version` is that of `SecondFactorRecord`, which every change raises. */
export interface FactorChange {
  readonly action: string;
  readonly user: UserRecord;
  readonly version: number;
  readonly before?: object;
  readonly after?: object;
  readonly letter?: FactorLetter;
}

type FactorLetter = Extract<
  Letter,
  {
    readonly kind:
      | 'second_factor_added'
      | 'second_factor_removed'
      | 'second_factor_reset'
      | 'recovery_code_used';
  }
>;

export type FactorLog = ReturnType<typeof createFactorLog>;

/** What is told of factors: to the audit log, and to their owner by mail. Never a secret, a code or a key. */
export function createFactorLog({ audit, mail }: { audit: AuditService; mail: MailService }) {
  return { changed, recoveryCodeUsed, failed };

  async function changed(
    tx: Tx,
    { action, user, version, before, after, letter }: FactorChange,
  ): Promise<void> {
    const key = `second-factor:${user._id}:${version}:${action}`;
    const target = { kind: 'user', id: String(user._id) };
    await audit.record(tx, { key, action, target, ...(before && { before }), ...(after && { after }) });
    if (letter) await mail.post(tx, key, letter);
  }

  async function recoveryCodeUsed(tx: Tx, user: UserRecord, record: SecondFactorRecord): Promise<void> {
    const left = record.recoveryCodes.length;
    const { name, email: to } = user;
    await changed(tx, {
      action: 'second_factor.recovery_code_used',
      user,
      version: record.version,
      after: { recoveryCodesLeft: left },
      letter: { kind: 'recovery_code_used', to, name, left },
    });
  }

  async function failed(tx: Tx, user: UserRecord): Promise<void> {
    await audit.record(tx, {
      key: `second_factor_failed:${randomUUID()}`,
      action: 'session.second_factor_failed',
      target: { kind: 'user', id: String(user._id) },
    });
  }
}
