import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import {
  COSEALG,
  decodeAttestationObject,
  decodeClientDataJSON,
  isoBase64URL,
} from '@simplewebauthn/server/helpers';
import type { Assertion, AssertionOptions, Attestation, AttestationOptions } from './passkeys.contract.ts';
import type { PasskeyRecord } from './passkeys.model.ts';

/** Who the authenticators work for: `id` is a host, `origins` are those of the pages that may ask. */
export interface RelyingParty {
  readonly id: string;
  readonly origins: readonly string[];
}

export const relyingPartyOf = (publicUrl: string, otherOrigins: readonly string[]): RelyingParty => {
  const { hostname, origin } = new URL(publicUrl);
  return { id: hostname, origins: [origin, ...otherOrigins] };
};

type Bytes = Uint8Array<ArrayBuffer>;
type Known = Pick<PasskeyRecord, 'credential' | 'transports'>;

/** Said instead of left to the library, which adds algorithms by what the runtime can do. */
const ALGORITHMS = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256];
const SELECTION = { residentKey: 'required', userVerification: 'required' } as const;
const TIMEOUT_MS = 5 * 60_000;

const descriptorsOf = (passkeys: readonly Known[]) =>
  passkeys.map(({ credential, transports }) => ({ id: credential, transports }));

/** What makes a passkey that can sign in by itself; no attestation is asked for. */
export async function attestationOptions(
  rp: RelyingParty,
  given: {
    siteName: string;
    user: { id: string; email: string; name: string };
    challenge: Bytes;
    known: readonly Known[];
  },
): Promise<AttestationOptions> {
  const { siteName, user, challenge, known } = given;
  const options = await generateRegistrationOptions({
    rpName: siteName,
    rpID: rp.id,
    userID: new Uint8Array(Buffer.from(user.id, 'hex')),
    userName: user.email,
    userDisplayName: user.name,
    challenge,
    timeout: TIMEOUT_MS,
    excludeCredentials: descriptorsOf(known),
    authenticatorSelection: { ...SELECTION },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  // The library fills all of these; its types leave them open.
  return options as unknown as AttestationOptions;
}

/** Without `allowed`, the authenticator offers what it has for us. */
export async function assertionOptions(
  rp: RelyingParty,
  challenge: Bytes,
  allowed: readonly Known[] = [],
): Promise<AssertionOptions> {
  const options = await generateAuthenticationOptions({
    rpID: rp.id,
    challenge,
    allowCredentials: descriptorsOf(allowed),
    userVerification: 'required',
    timeout: TIMEOUT_MS,
  });
  return { ...options, allowCredentials: options.allowCredentials ?? [] } as AssertionOptions;
}

/** The challenge that a page says it was given, or `null` when it says none, or asked from inside a foreign frame. */
export function challengeIn({ response }: Attestation | Assertion): string | null {
  try {
    const { challenge, crossOrigin } = decodeClientDataJSON(response.clientDataJSON);
    return typeof challenge === 'string' && crossOrigin !== true ? challenge : null;
  } catch {
    return null;
  }
}

/**
 * No attestation, or one by the passkey itself. Any other is not asked for, and checking it would fetch whatever
 * addresses stand in its certificates.
 */
function attestsNothing(response: Attestation): boolean {
  const attestation = decodeAttestationObject(isoBase64URL.toBuffer(response.response.attestationObject));
  const format = attestation.get('fmt');
  return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined);
}

export type NewCredential = Pick<
  PasskeyRecord,
  'credential' | 'publicKey' | 'counter' | 'transports' | 'backedUp'
>;

/** The new passkey, or `null` when anything about it is not as it should be (WebAuthn level 3, section 7.1). */
export async function checkAttestation(
  rp: RelyingParty,
  response: Attestation,
  challenge: string,
): Promise<NewCredential | null> {
  try {
    if (!attestsNothing(response)) return null;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} } as never,
      expectedChallenge: challenge,
      expectedOrigin: [...rp.origins],
      expectedRPID: rp.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified) return null;
    const { credential, credentialBackedUp } = registrationInfo;
    return {
      credential: credential.id,
      publicKey: isoBase64URL.fromBuffer(credential.publicKey),
      counter: credential.counter,
      transports: response.response.transports ?? [],
      backedUp: credentialBackedUp,
    };
  } catch {
    return null;
  }
}

/** What changes of a passkey by being used. */
export type Used = Pick<PasskeyRecord, 'counter' | 'backedUp'>;

/**
 * What a passkey is after it signed this, or `null` when anything is not as it should be (WebAuthn level 3, section
 * 7.2). The counter is not compared here: that belongs to the update that stores it.
 */
export async function checkAssertion(
  rp: RelyingParty,
  response: Assertion,
  challenge: string,
  passkey: Pick<PasskeyRecord, 'credential' | 'publicKey'>,
): Promise<Used | null> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} } as never,
      expectedChallenge: challenge,
      expectedOrigin: [...rp.origins],
      expectedRPID: rp.id,
      requireUserVerification: true,
      credential: {
        id: passkey.credential,
        publicKey: isoBase64URL.toBuffer(passkey.publicKey),
        counter: 0,
      },
    });
    const { newCounter, credentialBackedUp } = authenticationInfo;
    return verified ? { counter: newCounter, backedUp: credentialBackedUp } : null;
  } catch {
    return null;
  }
}
