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

/** Loaded at the first passkey: it takes a third of a second, and most processes start for something else. */
const library = async () => ({
  ...(await import('@simplewebauthn/server')),
  ...(await import('@simplewebauthn/server/helpers')),
});

type Bytes = Uint8Array<ArrayBuffer>;
type Known = Pick<PasskeyRecord, 'credential' | 'transports'>;

/** EdDSA, ES256 and RS256 (RFC 9053, RFC 8812): said, since the library adds others by what the runtime can do. */
const ALGORITHMS = [-8, -7, -257];
const SELECTION = { residentKey: 'required', userVerification: 'required' } as const;
const TIMEOUT_MS = 5 * 60_000;

const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'base64url'));

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
  const options = await (await library()).generateRegistrationOptions({
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
  const options = await (await library()).generateAuthenticationOptions({
    rpID: rp.id,
    challenge,
    allowCredentials: descriptorsOf(allowed),
    userVerification: 'required',
    timeout: TIMEOUT_MS,
  });
  return { ...options, allowCredentials: options.allowCredentials ?? [] } as AssertionOptions;
}

/** The challenge that a page says it was given, or `null` when it says none, or asked from inside a foreign frame. */
export async function challengeIn({ response }: Attestation | Assertion): Promise<string | null> {
  try {
    const { decodeClientDataJSON } = await library();
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
async function attestsNothing(response: Attestation): Promise<boolean> {
  const { decodeAttestationObject } = await library();
  const attestation = decodeAttestationObject(bytesOf(response.response.attestationObject));
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
    if (!(await attestsNothing(response))) return null;
    const { verified, registrationInfo } = await (await library()).verifyRegistrationResponse({
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
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
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
    const { verified, authenticationInfo } = await (await library()).verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} } as never,
      expectedChallenge: challenge,
      expectedOrigin: [...rp.origins],
      expectedRPID: rp.id,
      requireUserVerification: true,
      credential: {
        id: passkey.credential,
        publicKey: bytesOf(passkey.publicKey),
        counter: 0,
      },
    });
    const { newCounter, credentialBackedUp } = authenticationInfo;
    return verified ? { counter: newCounter, backedUp: credentialBackedUp } : null;
  } catch {
    return null;
  }
}
