import type { Connection } from 'mongoose';
import type { Throttle } from '../../contract/throttles.ts';
import { DomainError } from '../../core/errors.ts';
import { networkOf } from '../../core/network.ts';
import { deriveKey, hmac } from '../../core/tokens.ts';
import { ALLOWANCES, type Allowance, type Allowances, CLEAN_TRIES } from './allowances.ts';
import { type Counter, createCounters, type Taken } from './counter.ts';
import { createTurns } from './turns.ts';

export type ThrottlesService = ReturnType<typeof createThrottlesService>;

/** Somebody who tries to be an account, from a network address. */
export interface Attempt {
  /** What the account is looked up by, normalised as the look-up does, whether or not there is such an account. */
  readonly account: string;
  readonly address: string | undefined;
  /** Whether this account has signed in from this address lately; asked only while the account is locked. */
  readonly isKnownHere?: () => Promise<boolean>;
}

interface Counters {
  readonly address: readonly Counter[];
  readonly here: readonly Counter[];
  readonly account: Counter | null;
  readonly reserve: Counter | null;
}

/** Slows down guessing. The counters are shared by all processes and know accounts and addresses by keyed hashes only. */
export function createThrottlesService(deps: { db: Connection; secret: string }) {
  const key = deriveKey(deps.secret, 'throttles');
  const { counter } = createCounters(deps);
  const inTurn = createTurns();
  const counters = Object.fromEntries(
    Object.entries(ALLOWANCES).map(([name, allowances]) => [name, countersOf(name, allowances)]),
  ) as Readonly<Record<Throttle, Counters>>;
  return { byAddress, guess, allows };

  /**
   * Counts a try from an address before `work` looks at anything of it. It is uncounted when it was right, and when it
   * was refused before it was looked at.
   * @throws DomainError `rate_limited`.
   */
  async function byAddress<T>(throttle: Throttle, address: string, work: () => Promise<T>): Promise<T> {
    const { address: allowances, countsSuccess } = ALLOWANCES[throttle];
    const network = hashed(networkOf(address));
    return inTurn(`${throttle} ${network}`, leastOf(allowances), async () => {
      const taken = await takeAll(counters[throttle].address, network);
      if (!roomIn(taken)) throw tooMany(taken);
      try {
        const result = await work();
        if (!countsSuccess) await giveBack(taken);
        return result;
      } catch (error) {
        if (isRefusal(error)) await giveBack(taken);
        throw error;
      }
    });
  }

  /**
   * Counts a guess at an account's secret, and compares it then: of many at once only so many are compared as may be
   * wrong. `compare` answers what the right secret opens, or `null` for a wrong one; only a wrong one stays counted.
   * @throws DomainError `rate_limited`; `compare` has not run then, and nothing is counted.
   */
  async function guess<T>(
    throttle: Throttle,
    attempt: Attempt,
    compare: () => Promise<T | null>,
  ): Promise<T | null> {
    const subjects = {
      account: hashed(attempt.account),
      network: hashed(networkOf(attempt.address ?? '')),
      both: hashed(`${attempt.account} ${networkOf(attempt.address ?? '')}`),
    };
    const places = leastOf(ALLOWANCES[throttle].here ?? []);
    return inTurn(`${throttle} ${subjects.both}`, places, async () => {
      const taken = await takeAll(counters[throttle].here, subjects.both);
      if (roomIn(taken)) taken.push(...(await takeAnywhere(throttle, subjects, attempt)));
      if (!roomIn(taken)) {
        await giveBack(taken);
        throw tooMany(taken);
      }
      const opened = await compare();
      if (opened !== null) await giveBack(taken);
      return opened;
    });
  }

  /** Counts a request about an account that is answered alike either way; whether there is room to act on it. */
  async function allows(throttle: Throttle, account: string): Promise<boolean> {
    const taken = await counters[throttle].account?.take(hashed(account));
    return taken?.room ?? true;
  }

  /** Counts a guess for the account. Others cannot lock its owner out: known and clean addresses are let past the lock. */
  async function takeAnywhere(
    throttle: Throttle,
    subjects: { account: string; network: string },
    { isKnownHere = async () => false }: Attempt,
  ): Promise<Taken[]> {
    const { account, reserve, address } = counters[throttle];
    if (!account) return [];
    const taken = await account.take(subjects.account);
    if (taken.room) return [taken];
    if (await isKnownHere()) return [{ ...taken, room: true }];
    const tried = await Promise.all(address.map((one) => one.used(subjects.network)));
    const spare = reserve && Math.max(...tried) <= CLEAN_TRIES ? await reserve.take(subjects.account) : null;
    return spare?.room ? [{ ...taken, room: true }, spare] : [taken];
  }

  function hashed(text: string): string {
    return hmac(key, text);
  }

  function countersOf(name: string, { address, here = [], account, reserve }: Allowances): Counters {
    const named = (of: string, allowance: Allowance) =>
      counter(`${name}:${of}:${allowance.seconds}`, allowance);
    return {
      address: address.map((allowance) => named('address', allowance)),
      here: here.map((allowance) => named('here', allowance)),
      account: account ? named('account', account) : null,
      reserve: reserve ? named('reserve', reserve) : null,
    };
  }
}

const leastOf = (allowances: readonly Allowance[]): number =>
  Math.min(...allowances.map(({ tries }) => tries));

const takeAll = (all: readonly Counter[], subject: string): Promise<Taken[]> =>
  Promise.all(all.map((one) => one.take(subject)));

const roomIn = (taken: readonly Taken[]): boolean => taken.every(({ room }) => room);

async function giveBack(taken: readonly Taken[]): Promise<void> {
  await Promise.all(taken.map((one) => one.giveBack()));
}

const isRefusal = (error: unknown): boolean => error instanceof DomainError && error.code === 'rate_limited';

function tooMany(taken: readonly Taken[]): DomainError {
  const wait = Math.max(...taken.filter(({ room }) => !room).map((one) => one.wait));
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  return new DomainError('rate_limited', `Too many tries. Wait ${inWords(seconds)}, then try again.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}

const inWords = (seconds: number): string =>
  seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
