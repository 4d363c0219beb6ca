import type { Connection } from 'mongoose';
import type { Throttle } from '../../contract/throttles.ts';
import { DomainError } from '../../core/errors.ts';
import { networkOf } from '../../core/network.ts';
import { deriveKey, hmac } from '../../core/tokens.ts';
import { ALLOWANCES, type Allowance, type Allowances, CLEAN_TRIES } from './allowances.ts';
import { type Counter, createCounters, type Taken } from './counter.ts';

export type ThrottlesService = ReturnType<typeof createThrottlesService>;

/** Uncounts a try: it was right, or it was never looked at. */
export type GiveBack = () => Promise<void>;

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
  const counters = Object.fromEntries(
    Object.entries(ALLOWANCES).map(([name, allowances]) => [name, countersOf(name, allowances)]),
  ) as Readonly<Record<Throttle, Counters>>;
  return { byAddress, guess, allows };

  /**
   * Counts a try from an address, before anything of it is looked at.
   * @returns gives it back, for a try that was right; does nothing where being answered proves nothing.
   * @throws DomainError `rate_limited`.
   */
  async function byAddress(throttle: Throttle, address: string): Promise<GiveBack> {
    const taken = await takeAll(counters[throttle].address, hashed(networkOf(address)));
    if (!roomIn(taken)) throw tooMany(taken);
    return ALLOWANCES[throttle].countsSuccess ? async () => undefined : () => giveBack(taken);
  }

  /**
   * Counts a guess at an account's secret: to be called before the secret is compared, so that of many guesses at once
   * only as many as are allowed are compared at all. A refused guess counts for nothing.
   * @returns gives it back, for a guess that was right.
   * @throws DomainError `rate_limited`.
   */
  async function guess(throttle: Throttle, attempt: Attempt): Promise<GiveBack> {
    const { account, address = '', isKnownHere = async () => false } = attempt;
    const { here, account: anywhere, reserve, address: byNetwork } = counters[throttle];
    const network = hashed(networkOf(address));
    const taken = await takeAll(here, hashed(`${account} ${networkOf(address)}`));
    if (roomIn(taken) && anywhere) {
      const overall = await anywhere.take(hashed(account));
      const excused = overall.room || (await isKnownHere()) || (await fromReserve());
      taken.push({ ...overall, room: excused });
    }
    if (roomIn(taken)) return () => giveBack(taken);
    await giveBack(taken);
    throw tooMany(taken);

    /** Nobody is locked out by others: an address that is new to us gets its try as long as there are some left. */
    async function fromReserve(): Promise<boolean> {
      if (!reserve) return false;
      const tried = await Promise.all(byNetwork.map((one) => one.used(network)));
      if (tried.some((tries) => tries > CLEAN_TRIES)) return false;
      const spare = await reserve.take(hashed(account));
      return spare.room;
    }
  }

  /** Counts a request about an account that is answered alike either way; whether there is room to act on it. */
  async function allows(throttle: Throttle, account: string): Promise<boolean> {
    const taken = await counters[throttle].account?.take(hashed(account));
    return taken?.room ?? true;
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

const takeAll = (all: readonly Counter[], subject: string): Promise<Taken[]> =>
  Promise.all(all.map((one) => one.take(subject)));

const roomIn = (taken: readonly Taken[]): boolean => taken.every(({ room }) => room);

async function giveBack(taken: readonly Taken[]): Promise<void> {
  await Promise.all(taken.map((one) => one.giveBack()));
}

function tooMany(taken: readonly Taken[]): DomainError {
  const wait = Math.max(...taken.filter(({ room }) => !room).map((one) => one.wait));
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  return new DomainError('rate_limited', `Too many tries. Wait ${inWords(seconds)}, then try again.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}

const inWords = (seconds: number): string =>
  seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
