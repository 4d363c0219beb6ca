import { Secret, TOTP } from 'otpauth';
import type { MfaRequired, SignedIn } from '../../src/features/auth/auth.contract.ts';
import { PASSWORD, type Person, type TestApp } from './app.ts';
import { send } from './raw.ts';

export interface Enrolled extends Person {
  /** Of the authenticator app, in base32. */
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** What an authenticator app shows, so many steps of 30 seconds from now. */
export const codeOf = (app: TestApp, secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: app.clock.now().getTime() + steps * 30_000,
  });

/** Half a minute later: a code that has not been used. */
export function nextCode(app: TestApp, secret: string): string {
  app.clock.advance(30_000);
  return codeOf(app, secret);
}

/** Somebody who has just set up an authenticator app. */
export async function enrolled(app: TestApp, person: Person): Promise<Enrolled> {
  const { mfa } = doors(person);
  const { secret } = await mfa.setup({ body: { password: PASSWORD } });
  const { recoveryCodes } = await mfa.enable({ body: { code: codeOf(app, secret) } });
  return { ...person, secret, recoveryCodes };
}

/** The two features of one's own factors. */
export const doors = ({ client }: Person) => ({
  mfa: client.editorial.secondFactor,
  passkeys: client.editorial.passkeys,
});

/** The first step of a sign-in; the second is asked for. */
export async function firstStep(app: TestApp, { email }: { email: string }): Promise<MfaRequired> {
  const answer = await app.anonymous.editorial.auth.login({ body: { email, password: PASSWORD } });
  if (!('mfaRequired' in answer)) throw new Error(`${email} is let in without a second factor`);
  return answer;
}

/** The second step, past the typed client. */
export const secondStep = (
  app: TestApp,
  body: object,
  more: { from?: string; headers?: Record<string, string> } = {},
): Promise<Response> =>
  send(app, '/editorial/v1/auth/mfa', {
    body: JSON.stringify(body),
    headers: { ...(more.from ? { 'X-Forwarded-For': more.from } : {}), ...more.headers },
  });

/** Signs in with a password and a code. */
export async function signInWith(app: TestApp, who: { email: string }, code: string): Promise<SignedIn> {
  const { mfaToken } = await firstStep(app, who);
  return app.anonymous.editorial.secondFactor.finish({ body: { mfaToken, code } });
}

/** The kinds of letters that are queued for an address, oldest first. */
export async function lettersTo(app: TestApp, email: string): Promise<string[]> {
  const rows = await app.db.collection('mails').find({ 'letter.to': email }).toArray();
  return rows.map((row) => (row.letter as { kind: string }).kind);
}
