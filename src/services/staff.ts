import type { Connection } from 'mongoose';
import type { Config } from '../config.ts';
import type { Clock } from '../core/clock.ts';
import type { StoryUses } from '../features/articles/uses.ts';
import type { AuditService } from '../features/audit/audit.service.ts';
import { createAccessTokens } from '../features/auth/access-tokens.ts';
import { createAuthService } from '../features/auth/auth.service.ts';
import { createOwnSessions } from '../features/auth/own-sessions.ts';
import { createPasswords } from '../features/auth/passwords.ts';
import { createSessions } from '../features/auth/sessions.ts';
import { createAuthorsService } from '../features/authors/authors.service.ts';
import { createBylines } from '../features/authors/bylines.ts';
import { createInvitationsService } from '../features/invitations/invitations.service.ts';
import { createKeysService } from '../features/keys/keys.service.ts';
import { createLinksService } from '../features/links/links.service.ts';
import { createMailService } from '../features/mail/mail.service.ts';
import { createMailQueue } from '../features/mail/queue.ts';
import { createLetterWriter } from '../features/mail/writer.ts';
import type { OutboxService } from '../features/outbox/outbox.service.ts';
import { createPasswordsService } from '../features/passwords/passwords.service.ts';
import { createPeopleService } from '../features/people/people.service.ts';
import { createEmailChanges } from '../features/profile/email-changes.ts';
import { createProfileService } from '../features/profile/profile.service.ts';
import { createSecondFactors } from '../features/second-factor/second-factor.ts';
import type { SettingsService } from '../features/settings/settings.service.ts';
import { createSetupService } from '../features/setup/setup.service.ts';
import { createSignOn } from '../features/sign-on/sign-on.ts';
import { createThrottlesService } from '../features/throttles/throttles.service.ts';
import { createUserAccounts } from '../features/users/accounts.ts';
import { createInvitedAccounts } from '../features/users/invited-accounts.ts';
import { createUserRemoval } from '../features/users/removal.ts';
import { createSignOnAccounts } from '../features/users/sign-on-accounts.ts';
import { createUsersService } from '../features/users/users.service.ts';

interface StaffDeps {
  /** `jwtSecret` is settled by now. */
  readonly config: Config & { readonly jwtSecret: string };
  readonly db: Connection;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly audit: AuditService;
  readonly outbox: OutboxService;
  readonly settings: SettingsService;
  readonly uses: StoryUses;
}

/** The people of the newsroom: who they are, how they sign in, what is mailed to them, and the keys of their programs. */
export function createStaff({ config, db, clock, publicUrl, audit, outbox, settings, uses }: StaffDeps) {
  const passwords = createPasswords({ cost: config.bcryptCost, siteName: config.siteName });
  const accessTokens = createAccessTokens({ secret: config.jwtSecret, clock });
  const accounts = createUserAccounts({ db });
  const sessions = createSessions({ db, accounts, audit, accessTokens, clock });
  const ownSessions = createOwnSessions({ db, accounts, audit, sessions, clock });
  const people = createPeopleService({ accounts });
  const links = createLinksService({ db, clock, secret: config.jwtSecret });
  const throttles = createThrottlesService({ db, secret: config.jwtSecret });
  const mail = createMailService({ db });
  const factors = createSecondFactors({
    ...{ db, accounts, audit, mail, passwords, sessions, settings, throttles, clock, publicUrl },
    secrets: { secret: config.jwtSecret, previous: config.jwtSecretPrevious },
    origins: config.corsOrigins,
  });
  const removal = createUserRemoval({ db, audit, links, sessions, factors: factors.factors });
  const { confirmation } = factors;
  const bylines = createBylines({ db, audit, outbox, clock });
  const profile = createProfileService({ db, accounts, audit, bylines, confirmation, clock });
  const emailChanges = createEmailChanges({
    ...{ db, accounts, audit, confirmation, links, mail, throttles, clock },
  });
  const auth = createAuthService({
    db,
    accounts,
    audit,
    passwords,
    accessTokens,
    sessions,
    settings,
    throttles,
    secondStep: factors.secondStep,
  });
  const ownPasswords = createPasswordsService({
    ...{ db, accounts, audit, links, mail, passwords, sessions, throttles, clock },
    confirmation,
  });
  const mailQueue = createMailQueue({ db });
  const letterWriter = createLetterWriter({
    ...{ db, accounts, links, settings, publicUrl },
    queue: mailQueue,
    mailFrom: config.mailFrom,
  });
  const keys = createKeysService({ db, accounts, audit, clock });
  const signOn = createSignOn({
    ...{ db, config, clock, publicUrl, audit, links, secondStep: factors.secondStep },
    accounts: createSignOnAccounts({ db, audit, clock }),
  });
  const authors = createAuthorsService({ db, audit, outbox, uses, accounts, clock });
  const invitations = createInvitationsService({
    ...{ db, accounts, authors, links, mail, passwords, sessions, settings },
    invited: createInvitedAccounts({ db, audit, clock }),
  });
  const users = createUsersService({
    ...{ db, audit, links, passwords, sessions, clock },
    authors,
    invitations,
  });
  const setup = createSetupService({ db, accounts, users, sessions, secret: config.jwtSecret });
  return {
    ...factors,
    ...{ accounts, auth, authors, emailChanges, invitations, keys, links, mail, mailQueue, letterWriter },
    ...{ ownSessions, people, profile, sessions, setup, signOn, throttles },
    passwords: ownPasswords,
    users: { ...users, ...removal },
  };
}
