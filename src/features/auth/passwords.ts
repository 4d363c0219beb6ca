import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import { nameKey } from '../../core/slug.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

export type PasswordService = ReturnType<typeof createPasswords>;

// bcrypt reads 72 bytes and forgets the rest: SHA-384 in base64 (64 bytes, no NUL) carries every character into it.
const digest = (password: string): string =>
  createHash('sha384').update(password.normalize('NFKC')).digest('base64');

const letters = (text: string): string => nameKey(text).replace(/[^\p{L}\p{N}]/gu, '');

/** Hashing and rules of passwords (NIST SP 800-63B-4: length and a blocklist, no composition rules). */
export function createPasswords({ cost }: { cost: number }) {
  const dummy = bcrypt.hash(digest('nobody has this password'), cost);
  return { hash, matches, refusal };

  /** @returns a bcrypt hash of the whole password. */
  async function hash(password: string): Promise<string> {
    return bcrypt.hash(digest(password), cost);
  }

  /** Compares against `hash`; without one it takes as long, so that nobody learns whether an account exists. */
  async function matches(password: string, hash: string | null): Promise<boolean> {
    const same = await bcrypt.compare(digest(password), hash ?? (await dummy));
    return same && hash !== null;
  }

  /** Why a password cannot be taken, as a sentence for its owner, or `null`. `own` are words about the person. */
  function refusal(password: string, own: readonly string[]): string | null {
    const plain = letters(password);
    if (new Set(plain).size < 4) return 'Too simple: it repeats a few characters.';
    if (
      COMMON_PASSWORDS.some(
        (common) => plain === common.repeat(Math.ceil(plain.length / common.length)).slice(0, plain.length),
      )
    ) {
      return 'This password is on the list of those that are guessed first.';
    }
    const personal = own.flatMap((word) => [letters(word), letters(word.split('@')[0] ?? '')]);
    if (personal.some((word) => word.length >= 4 && plain === word))
      return 'Do not use your own name or address.';
    return null;
  }
}
