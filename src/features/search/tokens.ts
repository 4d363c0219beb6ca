/** A word of a text: as it is compared (lower case, NFC), and where it stands. */
export interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const APOSTROPHE = /['’ʼ]/;
/** No word is longer; what is, was never typed by a person. */
const LONGEST = 64;

/** The "s" of "council's" and the "l" of "l'homme" are no words. */
const isClipping = (text: string, start: number, end: number): boolean =>
  end - start === 1 && (APOSTROPHE.test(text[start - 1] ?? '') || APOSTROPHE.test(text[end] ?? ''));

/** The words of a text, in order. */
export function* tokensOf(text: string): Generator<Token> {
  for (const match of text.matchAll(WORD)) {
    const start = match.index;
    const end = start + match[0].length;
    if (isClipping(text, start, end)) continue;
    yield { word: match[0].slice(0, LONGEST).toLowerCase().normalize('NFC'), start, end };
  }
}

export const wordsOf = (text: string): string[] => [...tokensOf(text)].map(({ word }) => word);
