import { PASSWORD, type TestApp } from './app.ts';
import { send } from './raw.ts';

export const WRONG = 'a long sentence that is wrong, sadly';

export interface Guess {
  readonly email: string;
  readonly password?: string;
  /** Where it comes from: needs an app that trusts its proxies. */
  readonly from?: string;
  readonly headers?: Record<string, string>;
}

/** Signs in past the typed client; with the wrong password unless told otherwise. */
export const signIn = (app: TestApp, { email, password = WRONG, from, headers }: Guess): Promise<Response> =>
  send(app, '/editorial/v1/auth/login', {
    body: JSON.stringify({ email, password }),
    headers: { ...(from ? { 'X-Forwarded-For': from } : {}), ...headers },
  });

export const signInRightly = (app: TestApp, guess: Guess): Promise<Response> =>
  signIn(app, { ...guess, password: PASSWORD });

/** The statuses of so many guesses, one after the other. */
export async function statusesOf(times: number, guess: (at: number) => Promise<Response>): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < times; at += 1) statuses.push((await guess(at)).status);
  return statuses;
}

export const countOf = (statuses: readonly number[], status: number): number =>
  statuses.filter((one) => one === status).length;

/** Ends the windows of some counters, by their name's beginning such as `sign_in:here:60`; of all without one. */
export async function endWindows(app: TestApp, name = ''): Promise<void> {
  await app.db
    .collection('throttles')
    .updateMany({ key: { $regex: `^${name}` } }, { $set: { expire: new Date(0) } });
}

/** So many tries have been counted already, for whatever has been tried at all. */
export async function haveTried(app: TestApp, name: string, points: number): Promise<void> {
  await app.db.collection('throttles').updateMany({ key: { $regex: `^${name}` } }, { $set: { points } });
}

/** No try has been counted. */
export async function forgetTries(app: TestApp): Promise<void> {
  await app.db.collection('throttles').deleteMany({});
}
