import type { Throttle } from '../../contract/throttles.ts';

/** So many tries within so many seconds from the first of them. */
export interface Allowance {
  readonly tries: number;
  readonly seconds: number;
}

/** How often something may be tried. Of several allowances each holds, so that the wait grows with persistence. */
export interface Allowances {
  /** From one network address, whoever is meant. */
  readonly address: readonly Allowance[];
  /** For one account from one network address. */
  readonly here?: readonly Allowance[];
  /** For one account from anywhere. */
  readonly account?: Allowance;
  /** When `account` is used up: for addresses that have hardly tried anything lately, so that nobody is locked out. */
  readonly reserve?: Allowance;
  /** A right try counts as well, since being answered proves nothing. */
  readonly countsSuccess?: true;
}

/** Up to so many tries an address is clean enough for the reserve. */
export const CLEAN_TRIES = 2;

const MINUTE = 60;
const HOUR = 3_600;
const LOCK = 15 * MINUTE;

/** The reasons for these numbers: docs/decisions/0012-throttles.md. */
export const ALLOWANCES: Readonly<Record<Throttle, Allowances>> = {
  sign_in: {
    address: [{ tries: 100, seconds: LOCK }],
    here: [
      { tries: 10, seconds: MINUTE },
      { tries: 30, seconds: LOCK },
      { tries: 60, seconds: HOUR },
    ],
    account: { tries: 50, seconds: LOCK },
    reserve: { tries: 50, seconds: LOCK },
  },
  // Nothing is guessed here: it bounds what anybody can make us keep and write down. A sign-on takes two of these.
  sign_on: { address: [{ tries: 600, seconds: LOCK }], countsSuccess: true },
  // A code has six digits: a hundredth of the tries that a password stands.
  second_factor: {
    address: [{ tries: 100, seconds: LOCK }],
    here: [
      { tries: 10, seconds: LOCK },
      { tries: 20, seconds: HOUR },
    ],
    account: { tries: 15, seconds: LOCK },
    reserve: { tries: 10, seconds: LOCK },
  },
  // Asked of somebody who is signed in: there is no owner to lock out but the one whose session it is.
  current_password: {
    address: [{ tries: 100, seconds: LOCK }],
    here: [{ tries: 10, seconds: MINUTE }],
    account: { tries: 30, seconds: LOCK },
  },
  // Each may send a mail, whether or not we tell.
  password_reset: {
    address: [{ tries: 20, seconds: HOUR }],
    account: { tries: 5, seconds: HOUR },
    countsSuccess: true,
  },
  // Each sends two mails, one of them to an address that somebody typed.
  email_change: {
    address: [{ tries: 60, seconds: HOUR }],
    account: { tries: 5, seconds: HOUR },
    countsSuccess: true,
  },
  // Tokens of 256 bits: this keeps noise down rather than guessing.
  link: { address: [{ tries: 100, seconds: LOCK }] },
  setup: { address: [{ tries: 60, seconds: LOCK }] },
};
