import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { createSealer } from '../../core/seal.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { PasswordService } from '../auth/passwords.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { MailService } from '../mail/mail.service.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { ThrottlesService } from '../throttles/throttles.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { createAssertions } from './assertions.ts';
import { relyingPartyOf } from './ceremonies.ts';
import { createChallenges } from './challenges.ts';
import { createCodes } from './codes.ts';
import { createConfirmation } from './confirmation.ts';
import { createFactors } from './factors.ts';
import { createFactorLog } from './log.ts';
import { createPasskeysService } from './passkeys.service.ts';
import { createPendingSignIns } from './pending.ts';
import { createSecondFactorService } from './second-factor.service.ts';
import { createSecondStep } from './sign-in.ts';

/** Everything about second factors, wired: one's own, the second step of a sign-in, and passkeys. */
export function createSecondFactors(given: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  mail: MailService;
  passwords: PasswordService;
  sessions: Sessions;
  settings: SettingsService;
  throttles: ThrottlesService;
  clock: Clock;
  /** Secrets are sealed under the first, and opened under either. */
  secrets: { readonly secret: string; readonly previous: string | undefined };
  publicUrl: string;
  /** Origins of other pages that may ask for a passkey. */
  origins: readonly string[];
}) {
  const { secrets, publicUrl, origins, ...deps } = given;
  const parts = {
    ...deps,
    relyingParty: relyingPartyOf(publicUrl, origins),
    challenges: createChallenges(deps),
    codes: createCodes({ ...deps, sealer: createSealer(secrets, 'second-factor') }),
    confirmation: createConfirmation(deps),
    factors: createFactors(deps),
    log: createFactorLog(deps),
    pending: createPendingSignIns(deps),
  };
  const assertions = createAssertions(parts);
  return {
    confirmation: parts.confirmation,
    factors: parts.factors,
    secondFactor: createSecondFactorService(parts),
    secondStep: createSecondStep({ ...parts, assertions }),
    passkeys: createPasskeysService({ ...parts, assertions }),
  };
}
