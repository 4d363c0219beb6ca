import type { Passkey } from '../../src/features/second-factor/passkeys.contract.ts';
import { PASSWORD, type Person, type TestApp } from './app.ts';
import { type Authenticator, createAuthenticator, type Fault } from './authenticator.ts';
import { doors } from './factors.ts';
import { send } from './raw.ts';

/** Of an app whose `PUBLIC_URL` is the origin. */
export const HOME = { rpId: 'desk.example.org', origin: 'https://desk.example.org' };

export interface Owner extends Person {
  readonly device: Authenticator;
  readonly passkey: Passkey;
}

/** Somebody who has just added a passkey. `counts`: as `createAuthenticator` has it. */
export async function ownerOf(app: TestApp, name: string, { counts = false } = {}): Promise<Owner> {
  const person = await app.person('author', name);
  const device = createAuthenticator(HOME, { counts });
  const { passkeys } = doors(person);
  const options = await passkeys.registrationOptions({ body: { password: PASSWORD } });
  const passkey = await passkeys.add({ body: { name: 'Phone', response: device.create(options) } });
  return { ...person, device, passkey };
}

/** What the page is given that signs somebody in by passkey alone. */
export const askedOf = (app: TestApp) => app.anonymous.editorial.passkeys.signInOptions();

/** Signs in past the typed client, by passkey alone. */
export async function signInBy(
  app: TestApp,
  device: Authenticator,
  { fault = {}, options }: { fault?: Fault; options?: { challenge: string } } = {},
): Promise<Response> {
  const response = device.get(options ?? (await askedOf(app)), fault);
  return send(app, '/editorial/v1/auth/passkeys/sign-in', { body: JSON.stringify({ response }) });
}

/** What may be wrong with an answer, whichever of the two ceremonies it belongs to. */
export const FAULTS: readonly (readonly [string, Fault])[] = [
  ['of a page of another site', { origin: 'https://desk.example.org.evil.example' }],
  ['of a page without TLS', { origin: 'http://desk.example.org' }],
  ['of a page at another port', { origin: 'https://desk.example.org:8443' }],
  ['for another site', { rpId: 'evil.example' }],
  ['from inside a foreign frame', { crossOrigin: true }],
  ['to a challenge that we did not give', { challenge: Buffer.alloc(32).toString('base64url') }],
  ['to an empty challenge', { challenge: '' }],
  ['without the user having been verified', { userVerified: false }],
  ['without the user having been there', { userPresent: false }],
];
