import { stem } from './stems.ts';
import { tokensOf } from './tokens.ts';

/** Of the offsets: two letters for the length of most stories. */
const BASE = 36;

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
    const from = at + key.length;
    for (const start of places.slice(from, places.indexOf(' ', from)).split(','))
      starts.push(Number.parseInt(start, BASE));
  }
  return starts.sort((a, b) => a - b);
}
