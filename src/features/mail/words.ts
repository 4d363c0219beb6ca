import { LINK_LIFETIME } from '../links/lifetimes.ts';
import type { Letter, LetterKind } from './letters.ts';
import type { Words } from './message.ts';

/** What the words need beside the letter. */
export interface Facts {
  readonly siteName: string;
  /** The account's, for letters that do not know it yet. */
  readonly name: string;
}

type WordsFor<K extends LetterKind> = (letter: Extract<Letter, { readonly kind: K }>, facts: Facts) => Words;

const HOUR = 3_600_000;

/** `1 hour`, `24 hours`, `7 days`. */
function lasting(milliseconds: number): string {
  const hours = Math.round(milliseconds / HOUR);
  if (hours > 48) return `${Math.round(hours / 24)} days`;
  return hours === 1 ? '1 hour' : `${hours} hours`;
}

const once = (lifetime: number): string => `The link works once, within ${lasting(lifetime)}.`;

const NOT_YOU =
  'If this was not you, change your password at once and tell an admin of the newsroom: somebody may be in your account.';

/** What each kind of letter says. */
export const WORDS: { readonly [K in LetterKind]: WordsFor<K> } = {
  invitation: ({ name, invitedBy }, { siteName }) => ({
    subject: `Your invitation to ${siteName}`,
    before: [
      `Hello ${name},`,
      `${invitedBy} invites you to the newsroom of ${siteName}. Choose a password, and your account is open.`,
    ],
    button: 'Accept the invitation',
    after: [
      once(LINK_LIFETIME.invitation),
      'If you do not know what this is about, do nothing: without you no account opens.',
    ],
  }),
  password_reset_request: (_letter, { siteName, name }) => ({
    subject: `A new password for ${siteName}`,
    before: [
      `Hello ${name},`,
      `Somebody asked for a new password for your account at ${siteName}. If it was you, choose one now.`,
    ],
    button: 'Choose a new password',
    after: [
      once(LINK_LIFETIME.password_reset),
      'If it was not you, do nothing: your password stays as it is. Never pass the link on.',
    ],
  }),
  password_changed: ({ name }, { siteName }) => ({
    subject: `Your password for ${siteName} was changed`,
    before: [
      `Hello ${name},`,
      `The password of your account at ${siteName} was changed. Other devices have to sign in again.`,
    ],
    after: [
      'If this was not you, ask for a new password on the sign-in page at once, and tell an admin of the newsroom.',
    ],
  }),
  email_confirmation: ({ name, newEmail }, { siteName }) => ({
    subject: `Confirm your new e-mail address for ${siteName}`,
    before: [
      `Hello ${name},`,
      `The account of ${name} at ${siteName} is to have the e-mail address ${newEmail}. If you asked for this, confirm it.`,
    ],
    button: 'Confirm this address',
    after: [
      once(LINK_LIFETIME.email_confirmation),
      'If you did not ask for it, do nothing: without you nothing changes.',
    ],
  }),
  email_approval: ({ name, newEmail }, { siteName }) => ({
    subject: `Your e-mail address for ${siteName} is to change`,
    before: [
      `Hello ${name},`,
      `Somebody asked to change the e-mail address of your account at ${siteName} to ${newEmail}. If it was you, approve it.`,
    ],
    button: 'Approve the change',
    after: [once(LINK_LIFETIME.email_approval), `Without you nothing changes. ${NOT_YOU}`],
  }),
  email_changed: ({ name, newEmail }, { siteName }) => ({
    subject: `Your e-mail address for ${siteName} was changed`,
    before: [
      `Hello ${name},`,
      `Your account at ${siteName} now has the e-mail address ${newEmail}: you sign in with it from now on.`,
    ],
    after: ['If this was not you, tell an admin of the newsroom at once.'],
  }),
  second_factor_added: ({ name, what }, { siteName }) => ({
    subject: `A second factor was added at ${siteName}`,
    before: [`Hello ${name},`, `Your account at ${siteName} has a new second factor: ${what}.`],
    after: [NOT_YOU],
  }),
  second_factor_removed: ({ name, what }, { siteName }) => ({
    subject: `A second factor was removed at ${siteName}`,
    before: [`Hello ${name},`, `Your account at ${siteName} has lost a second factor: ${what}.`],
    after: [NOT_YOU],
  }),
  second_factor_reset: ({ name, by }, { siteName }) => ({
    subject: `Your second factors at ${siteName} were reset`,
    before: [
      `Hello ${name},`,
      `${by} removed every second factor of your account at ${siteName}, and ended its sessions. Your password alone opens it until you set one up again.`,
    ],
    after: ['If you did not ask for this, tell another admin of the newsroom at once.'],
  }),
  recovery_code_used: ({ name, left }, { siteName }) => ({
    subject: `A recovery code was used at ${siteName}`,
    before: [
      `Hello ${name},`,
      `Somebody signed in to your account at ${siteName} with a recovery code. ${
        left === 1 ? 'One code is' : `${left} codes are`
      } left.`,
    ],
    after: [NOT_YOU],
  }),
};

/** The words for one letter. */
export function wordsFor(letter: Letter, facts: Facts): Words {
  // The mapped type above ties each writer to its own kind; a look-up by kind cannot express that.
  const write = WORDS[letter.kind] as (letter: Letter, facts: Facts) => Words;
  return write(letter, facts);
}
