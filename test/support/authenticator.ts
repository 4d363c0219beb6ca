import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import type { Assertion, Attestation } from '../../src/features/second-factor/passkeys.contract.ts';

/** What the page asks the authenticator for; of both kinds of options the part that matters here. */
interface Asked {
  readonly challenge: string;
  readonly user?: { readonly id: string };
}

/** How an answer may differ from that of an honest browser and authenticator. */
export interface Fault {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly userVerified?: boolean;
  readonly userPresent?: boolean;
  readonly userHandle?: string | null;
  readonly counter?: number;
  readonly signedBy?: Authenticator;
  readonly format?: string;
}

export type Authenticator = ReturnType<typeof createAuthenticator>;

const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 } as const;
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');

/**
 * An authenticator and the browser around it, in software: one ES256 passkey (W3C Web Authentication, level 3).
 * @param counts - whether it has a signature counter, as hardware keys do and synchronised passkeys do not.
 */
export function createAuthenticator(home: { rpId: string; origin: string }, { counts = false } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  let owner: string | null = null;
  let uses = 0;
  return { id: base64url(id), create, get, signature };

  /** `navigator.credentials.create()`. */
  function create(asked: Asked, fault: Fault = {}): Attestation {
    owner = asked.user?.id ?? null;
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey()]);
    const authData = Buffer.concat([dataWith(fault, FLAGS.attested), attested]);
    const attestation = new Map<string, unknown>([
      ['fmt', fault.format ?? 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(authData)],
    ]);
    return {
      ...named(),
      response: {
        clientDataJSON: base64url(clientData('webauthn.create', asked, fault)),
        attestationObject: base64url(isoCBOR.encode(attestation as never)),
        transports: ['internal'],
      },
    };
  }

  /** `navigator.credentials.get()`. */
  function get(asked: Asked, fault: Fault = {}): Assertion {
    uses += 1;
    const authData = dataWith(fault, 0);
    const client = clientData('webauthn.get', asked, fault);
    const signer = fault.signedBy?.signature ?? signature;
    return {
      ...named(),
      response: {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(authData),
        signature: base64url(signer(Buffer.concat([authData, sha256(client)]))),
        userHandle: fault.userHandle === undefined ? owner : fault.userHandle,
      },
    };
  }

  function signature(bytes: Uint8Array): Buffer {
    return sign('sha256', bytes, privateKey);
  }

  function named() {
    return { id: base64url(id), rawId: base64url(id), type: 'public-key' as const };
  }

  function dataWith({ rpId, userVerified, userPresent, counter }: Fault, more: number): Buffer {
    const verified = userVerified === false ? 0 : FLAGS.verified;
    const present = userPresent === false ? 0 : FLAGS.present;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? (counts ? uses : 0));
    return Buffer.concat([sha256(rpId ?? home.rpId), Buffer.from([present | verified | more]), count]);
  }

  function clientData(type: string, asked: Asked, fault: Fault): string {
    return JSON.stringify({
      type: fault.type ?? type,
      challenge: fault.challenge ?? asked.challenge,
      origin: fault.origin ?? home.origin,
      crossOrigin: fault.crossOrigin ?? false,
    });
  }

  /** As COSE has it (RFC 9053): an EC2 key for ES256 on P-256. */
  function coseKey(): Buffer {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
    const key = new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]);
    return Buffer.from(isoCBOR.encode(key as never));
  }
}
