import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, Name } from '../../contract/shapes.ts';
import { SignedIn, TokenDelivery } from '../auth/auth.contract.ts';

/** A passkey of mine. */
export const Passkey = z
  .object({
    id: Id,
    version: z.int(),
    name: z.string(),
    credential: z.string(),
    backedUp: z.boolean(),
    createdAt: Instant,
    lastUsedAt: Instant.nullable(),
  })
  .meta({
    id: 'Passkey',
    description:
      '`credential` is the id that the authenticator gave it. `backedUp`: it is copied between the devices of its owner.',
  });
export type Passkey = z.infer<typeof Passkey>;

const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/, 'Must be base64url.');

// The browser writes these (`PublicKeyCredential.toJSON()`), each year with more members: we take what we read.
const credential = {
  id: base64url(1400),
  rawId: base64url(1400),
  type: z.literal('public-key'),
};

/** What an authenticator answers when it makes a passkey (RegistrationResponseJSON). */
export const Attestation = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url(4000),
      attestationObject: base64url(20_000),
      transports: z.array(z.string().max(30)).max(10).optional(),
    }),
  })
  .meta({ id: 'Attestation', description: 'As `navigator.credentials.create()` gives it, by `toJSON()`.' });
export type Attestation = z.output<typeof Attestation>;

/** What an authenticator answers when a passkey is used (AuthenticationResponseJSON). */
export const Assertion = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url(4000),
      authenticatorData: base64url(4000),
      signature: base64url(4000),
      userHandle: base64url(100).nullish(),
    }),
  })
  .meta({ id: 'Assertion', description: 'As `navigator.credentials.get()` gives it, by `toJSON()`.' });
export type Assertion = z.output<typeof Assertion>;

const descriptor = z.object({ id: z.string(), type: z.string(), transports: z.array(z.string()).optional() });

export const AttestationOptions = z
  .object({
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string(),
    pubKeyCredParams: z.array(z.object({ type: z.string(), alg: z.int() })),
    timeout: z.int(),
    excludeCredentials: z.array(descriptor),
    authenticatorSelection: z.object({
      residentKey: z.string(),
      requireResidentKey: z.boolean(),
      userVerification: z.string(),
    }),
    attestation: z.string(),
    extensions: z.object({ credProps: z.boolean() }),
  })
  .meta({
    id: 'AttestationOptions',
    description:
      'For `navigator.credentials.create()`, through `PublicKeyCredential.parseCreationOptionsFromJSON()`.',
  });
export type AttestationOptions = z.infer<typeof AttestationOptions>;

export const AssertionOptions = z
  .object({
    challenge: z.string(),
    timeout: z.int(),
    rpId: z.string(),
    allowCredentials: z.array(descriptor),
    userVerification: z.string(),
  })
  .meta({
    id: 'AssertionOptions',
    description:
      'For `navigator.credentials.get()`, through `PublicKeyCredential.parseRequestOptionsFromJSON()`.',
  });
export type AssertionOptions = z.infer<typeof AssertionOptions>;

export const Confirmation = z
  .strictObject({ password: z.string().min(1).max(1024).optional() })
  .default({})
  .meta({
    id: 'Confirmation',
    description: '`password`: mine; without it the sign-in must be of the last ten minutes.',
  });
export type Confirmation = z.output<typeof Confirmation>;

export const NewPasskey = z
  .strictObject({ name: Name(60), response: Attestation })
  .meta({ id: 'NewPasskey' });
export type NewPasskey = z.output<typeof NewPasskey>;

export const PasskeyPatch = z.strictObject({ name: Name(60) }).meta({ id: 'PasskeyPatch' });

export const PasskeySignIn = z
  .strictObject({ response: Assertion, tokenDelivery: TokenDelivery.default('cookie') })
  .meta({ id: 'PasskeySignIn' });
export type PasskeySignIn = z.output<typeof PasskeySignIn>;

export const passkeysRoutes = defineRoutes({
  signInOptions: {
    method: 'post',
    path: '/auth/passkeys/sign-in-options',
    summary: 'What to ask the authenticator for, to sign in without name and password',
    access: 'public',
    response: AssertionOptions,
    throttle: 'sign_in',
  },
  signIn: {
    method: 'post',
    path: '/auth/passkeys/sign-in',
    summary: 'Sign in with a passkey',
    access: 'public',
    body: PasskeySignIn,
    response: SignedIn,
    cookie: true,
    throttle: 'sign_in',
    errors: ['unauthenticated'],
  },
  list: {
    method: 'get',
    path: '/auth/passkeys',
    summary: 'List my passkeys, oldest first',
    access: 'session:own',
    response: z.object({ data: z.array(Passkey) }),
  },
  registrationOptions: {
    method: 'post',
    path: '/auth/passkeys/registration-options',
    summary: 'What to ask the authenticator for, to make a passkey',
    access: 'session:own',
    body: Confirmation,
    response: AttestationOptions,
    errors: ['conflict'],
  },
  add: {
    method: 'post',
    path: '/auth/passkeys',
    summary: 'Add the passkey that the authenticator made, and end the sessions without a second factor',
    access: 'session:own',
    body: NewPasskey,
    response: Passkey,
    status: 201,
    errors: ['conflict'],
  },
  rename: {
    method: 'patch',
    path: '/auth/passkeys/:id',
    summary: 'Rename a passkey of mine',
    access: 'session:own',
    params: IdParams,
    body: PasskeyPatch,
    response: Passkey,
    ifMatch: true,
  },
  remove: {
    method: 'delete',
    path: '/auth/passkeys/:id',
    summary: 'Remove a passkey of mine',
    access: 'session:own',
    params: IdParams,
    body: Confirmation,
    response: null,
    ifMatch: true,
    errors: ['conflict'],
  },
});
