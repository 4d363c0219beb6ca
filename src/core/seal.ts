import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from './tokens.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Secrets that must be read again, such as those of authenticator apps, as they lie in the database. */
export interface Sealer {
  /** Encrypts for one place: what is sealed for one `place` (such as a user's id) opens for no other. */
  seal(text: string, place: string): string;
  /** @throws Error when it was sealed under another secret or for another place, or was changed. */
  open(sealed: string, place: string): string;
}

/** AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits; the place is authenticated along. `previous` only opens. */
export function createSealer(
  secrets: { readonly secret: string; readonly previous?: string | undefined },
  purpose: string,
): Sealer {
  const keys = [secrets.secret, secrets.previous].flatMap((secret) =>
    secret === undefined ? [] : [deriveKey(secret, purpose)],
  );

  function openWith(key: Buffer, bytes: Buffer, place: string): string {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const text = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  }

  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keys[0] as Buffer, nonce, {
        authTagLength: TAG_BYTES,
      }).setAAD(Buffer.from(place));
      const bytes = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(bytes).toString('base64url');
    },
    open(sealed, place) {
      const bytes = Buffer.from(sealed, 'base64url');
      let failure: unknown;
      for (const key of keys) {
        try {
          return openWith(key, bytes, place);
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },
  };
}
