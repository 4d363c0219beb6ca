import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { IdParams } from '../../contract/shapes.ts';
import { MfaToken, SignedIn, TokenDelivery } from '../auth/auth.contract.ts';
import { User } from '../users/users.contract.ts';
import { Assertion, AssertionOptions, Passkey } from './passkeys.contract.ts';

const code = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ description: 'The six digits that the authenticator app shows now, or a recovery code.' });
const password = z.string().min(1).max(1024).optional();

/** What I can show beside my password. */
export const SecondFactorState = z
  .object({ totp: z.boolean(), recoveryCodesLeft: z.int(), passkeys: z.array(Passkey) })
  .meta({ id: 'SecondFactorState', description: '`totp`: there is an authenticator app.' });
export type SecondFactorState = z.infer<typeof SecondFactorState>;

export const TotpSetup = z.strictObject({ password, code: code.optional() }).default({}).meta({
  id: 'TotpSetup',
  description:
    '`password`: mine, unless I have none; then the sign-in must be of the last ten minutes. `code`: where an authenticator app is there already, one of it or a recovery code.',
});
export type TotpSetup = z.output<typeof TotpSetup>;

export const TotpSecret = z
  .object({ secret: z.string(), uri: z.string() })
  .meta({ id: 'TotpSecret', description: '`secret` in base32, and the `otpauth:` address for a QR code.' });

export const CodeGiven = z.strictObject({ code }).meta({ id: 'CodeGiven' });
export const TotpRemoval = z.strictObject({ password, code }).meta({
  id: 'TotpRemoval',
  description: '`password`: mine, unless I have none; then the sign-in must be of the last ten minutes.',
});
export type TotpRemoval = z.output<typeof TotpRemoval>;

export const RecoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()) })
  .meta({ id: 'RecoveryCodes', description: 'Shown this once. Each signs in once in place of the app.' });

export const SecondStep = z
  .strictObject({
    mfaToken: MfaToken,
    code: code.optional(),
    passkey: Assertion.optional(),
    tokenDelivery: TokenDelivery.default('cookie'),
  })
  .refine((step) => (step.code === undefined) !== (step.passkey === undefined), {
    path: ['code'],
    error: 'Give either a code or what a passkey answered.',
  })
  .meta({ id: 'SecondStep', description: 'Either `code` or `passkey`.' });
export type SecondStep = z.output<typeof SecondStep>;

export const SecondStepBegun = z.strictObject({ mfaToken: MfaToken }).meta({ id: 'SecondStepBegun' });

// None is `idempotent`: what is kept for a repeat would be a secret.
export const secondFactorRoutes = defineRoutes({
  state: {
    method: 'get',
    path: '/auth/mfa',
    summary: 'Which second factors I have',
    access: 'session:own',
    response: SecondFactorState,
  },
  finish: {
    method: 'post',
    path: '/auth/mfa',
    summary: 'Finish a sign-in with a code or a passkey',
    access: 'public',
    body: SecondStep,
    response: SignedIn,
    cookie: true,
    throttle: 'second_factor',
    errors: ['unauthenticated'],
  },
  passkeyOptions: {
    method: 'post',
    path: '/auth/mfa/passkey-options',
    summary: 'What to ask the authenticator for, to finish a sign-in with a passkey',
    access: 'public',
    body: SecondStepBegun,
    response: AssertionOptions,
    throttle: 'second_factor',
    errors: ['unauthenticated'],
  },
  setup: {
    method: 'post',
    path: '/auth/mfa/setup',
    summary: 'Begin with an authenticator app; nothing counts until it is enabled',
    access: 'session:own',
    body: TotpSetup,
    response: TotpSecret,
  },
  enable: {
    method: 'post',
    path: '/auth/mfa/enable',
    summary: 'Prove that the app works, get the recovery codes, and end the sessions without a second factor',
    access: 'session:own',
    body: CodeGiven,
    response: RecoveryCodes,
    errors: ['conflict'],
  },
  disable: {
    method: 'post',
    path: '/auth/mfa/disable',
    summary: 'Remove the authenticator app and its recovery codes',
    access: 'session:own',
    body: TotpRemoval,
    response: null,
    errors: ['conflict'],
  },
  renewCodes: {
    method: 'post',
    path: '/auth/mfa/recovery-codes',
    summary: 'Replace the recovery codes',
    access: 'session:own',
    body: CodeGiven,
    response: RecoveryCodes,
    errors: ['conflict'],
  },
  reset: {
    method: 'delete',
    path: '/users/:id/second-factor',
    summary: 'Remove every second factor of a member of staff, and end their sessions',
    access: 'users:manage',
    params: IdParams,
    response: User,
    ifMatch: true,
    errors: ['conflict'],
  },
});
