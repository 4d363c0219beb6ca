import { stem } from './stems.ts';
import { tokensOf } from './tokens.ts';

/** Of the offsets: two letters for the length of most stories. */
const BASE = 36;
const [LETTER_A, ZERO, COMMA] = ['a', '0', ','].map((one) => one.charCodeAt(0)) as [number, number, number];

/**
 * Where the words of a text begin, by their stems, as one string: " council:4,1k harbour:c ". Finding a stem in it costs
 * nothing beside taking the text apart and stemming it again. No stem has a space or a colon in it.
 */
export function placesOf(text: string, language: string): string {
  const places = new Map<string, string[]>();
  for (const { word, start } of tokensOf(text)) {
    const stemmed = stem(word, language);
    const known = places.get(stemmed);
    if (known) known.push(start.toString(BASE));
    else places.set(stemmed, [start.toString(BASE)]);
  }
  return ` ${[...places].map(([stemmed, starts]) => `${stemmed}:${starts.join(',')} `).join('')}`;
}

/** Where the words with any of these stems begin, in order. */
export function startsOf(stems: Iterable<string>, places: string): number[] {
  const starts: number[] = [];
  for (const stemmed of stems) {
    const key = ` ${stemmed}:`;
    const at = places.indexOf(key);
    if (at < 0) continue;
    pushNumbers(starts, places, at + key.length);
  }
  return starts.sort((a, b) => a - b);
}

/** Those from there to the next space. Digit by digit: a word that is in every line takes three times as long in pieces. */
function pushNumbers(numbers: number[], text: string, from: number): void {
  let number = 0;
  for (let at = from; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= LETTER_A) number = number * BASE + code - LETTER_A + 10;
    else if (code >= ZERO) number = number * BASE + code - ZERO;
    else {
      numbers.push(number);
      number = 0;
      if (code !== COMMA) return;
    }
  }
}
