const LENGTH = 200;

/**
 * What would lead out of a folder, break a line or turn the reading direction around. Joiners stay: names in Persian and
 * in Indian languages are written with them.
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069/\\]/gu;

/** What somebody calls a file, as a label: never a path. */
export const labelOf = (name: string): string =>
  [...name.toWellFormed().replace(UNSAFE, ' ')].slice(0, LENGTH).join('');
