/** A word of a text: as it is compared (lower case, NFC), and where it stands. */
export interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const LETTERS = /[\p{L}\p{N}\p{M}]+/uy;
const APOSTROPHE = /['’ʼ]/;
/** No word is longer; what is, was never typed by a person. */
const LONGEST = 64;

/** The "s" of "council's" and the "l" of "l'homme" are no words. */
const isClipping = (text: string, start: number, end: number): boolean =>
  end - start === 1 && (APOSTROPHE.test(text[start - 1] ?? '') || APOSTROPHE.test(text[end] ?? ''));

/** As words are compared. */
const compared = (word: string): string => word.slice(0, LONGEST).toLowerCase().normalize('NFC');

/** Where the first word stands that `hits` is true of, which is asked once for each spelling; -1 for none. */
export function firstWord(
  text: string,
  hits: (word: string) => boolean,
  known: Map<string, boolean>,
): number {
  for (const match of text.matchAll(WORD)) {
    const [spelled] = match;
    let hit = known.get(spelled);
    if (hit === undefined) {
      hit = hits(compared(spelled));
      known.set(spelled, hit);
    }
    if (hit && !isClipping(text, match.index, match.index + spelled.length)) return match.index;
  }
  return -1;
}

/** Where the word ends that begins there. */
export function endOfWord(text: string, start: number): number {
  LETTERS.lastIndex = start;
  return LETTERS.test(text) ? LETTERS.lastIndex : start;
}

/** The words of a text, in order. */
export function* tokensOf(text: string): Generator<Token> {
  for (const match of text.matchAll(WORD)) {
    const start = match.index;
    const end = start + match[0].length;
    if (isClipping(text, start, end)) continue;
    yield { word: compared(match[0]), start, end };
  }
}

export const wordsOf = (text: string): string[] => [...tokensOf(text)].map(({ word }) => word);
