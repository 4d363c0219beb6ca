import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import { nameKey } from '../../core/slug.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

export type PasswordService = ReturnType<typeof createPasswords>;

// bcrypt reads 72 bytes and forgets the rest: SHA-384 in base64 (64 bytes, no NUL) carries every character into it.
const digest = (password: string): string =>
  createHash('sha384').update(password.normalize('NFKC')).digest('base64');

const letters = (text: string): string => nameKey(text).replace(/[^\p{L}\p{N}]/gu, '');

/** Fewer different characters than this are no secret, however often they are written. */
const LEAST_DIFFERENT = 4;
/** Of so many steps from one character to the next, most count up, down or on the spot: `abcdefg`, `7654321`. */
const SEQUENCE_SHARE = 0.75;
/** Shorter words about a person occur in any sentence. */
const LEAST_WORD = 4;

/** Hashing and rules of passwords (NIST SP 800-63B-4: length and a blocklist, no composition rules). */
export function createPasswords({ cost, siteName }: { cost: number; siteName: string }) {
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
    const characters = [...nameKey(password).replace(/\s/gu, '')];
    const plain = letters(password);
    if (new Set(characters).size < LEAST_DIFFERENT) return TOO_SIMPLE;
    // Signs that make up most of it are no disguise of a word.
    if ([...plain].length < characters.length / 3) return null;
    if (isSequence([...plain])) return TOO_SIMPLE;
    if (COMMON_PASSWORDS.some((common) => plain === repeated(common, plain.length))) return GUESSED_FIRST;
    const personal = own.flatMap(wordsIn);
    if (isMadeOf(plain, personal)) return 'Do not use your own name or address.';
    return isMadeOf(plain, [...personal, ...wordsIn(siteName), ...COMMON_PASSWORDS]) ? GUESSED_FIRST : null;
  }
}

const TOO_SIMPLE = 'Too simple: it repeats a few characters, or counts through them.';
const GUESSED_FIRST = 'This password is on the list of those that are guessed first.';

const repeated = (word: string, length: number): string =>
  word.repeat(Math.ceil(length / word.length)).slice(0, length);

function isSequence(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const small = codes.filter((code, at) => at > 0 && Math.abs(code - (codes[at - 1] ?? 0)) <= 1);
  return small.length >= SEQUENCE_SHARE * (codes.length - 1);
}

/** A text as one word, its words, and an address without what follows the sign: what somebody makes a password of. */
const wordsIn = (text: string): string[] =>
  [text, text.split('@')[0] ?? '', ...text.split(/[^\p{L}\p{N}]+/u)]
    .map(letters)
    .filter((word) => word.length >= LEAST_WORD);

/** Whether hardly anything is left of a password without these words: a year, a few letters. */
function isMadeOf(plain: string, words: readonly string[]): boolean {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((text, word) => text.replaceAll(word, ''), plain);
  return rest !== plain && (new Set(rest).size < LEAST_DIFFERENT || /^\d{1,8}$/.test(rest));
}
