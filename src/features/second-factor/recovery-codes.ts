import { randomBytes } from 'node:crypto';
import { sha256 } from '../../core/tokens.ts';

const COUNT = 10;
const LETTERS = 16;
// Crockford's base32: no letter that is taken for a digit.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LOOK_ALIKES: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1' };

// A byte has a whole number of 32s in it: no letter is likelier than another.
const newCode = (): string =>
  [...randomBytes(LETTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');

const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** Ten codes of 80 random bits, as they are shown once: `abcd-efgh-jkmn-pqrs`. */
export const newRecoveryCodes = (): string[] => Array.from({ length: COUNT }, () => grouped(newCode()));

/** What is stored of a code, however its owner typed it. Random enough for a plain hash. */
export const hashOf = (code: string): string =>
  sha256(
    code
      .toLowerCase()
      .replace(/[^0-9a-z]/g, '')
      .replace(/[oil]/g, (letter) => LOOK_ALIKES[letter] ?? letter),
  );
