import { startsOf } from './places.ts';
import { stemsIn } from './stems.ts';
import { endOfWord, firstWord, tokensOf } from './tokens.ts';

/** The stems that made a story a hit, and the languages whose stemmers they come from. */
export interface Matched {
  readonly stems: ReadonlySet<string>;
  readonly languages: readonly string[];
  /** Spellings that were looked at: 20 stories of one answer are made of the same words. */
  readonly seen?: Map<string, boolean>;
}

/** A part of a text. */
interface Part {
  readonly start: number;
  readonly end: number;
}

const LENGTH = 200;
const BEFORE = 60;
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

const hits = (word: string, { stems, languages }: Matched): boolean =>
  stemsIn(word, languages).some((stem) => stems.has(stem));

/** The text as HTML with its hits in `<mark>`: the text is escaped, the marks are ours and the only markup. */
export const marked = (text: string, matched: Matched): string =>
  withMarks(
    text,
    [...tokensOf(text)].filter(({ word }) => hits(word, matched)),
  );

/** The same by where its words are. */
export const markedAt = (text: string, places: string, { stems }: Matched): string =>
  withMarks(text, partsAt(text, startsOf(stems, places)));

const partsAt = (text: string, starts: readonly number[]): Part[] =>
  starts.map((start) => ({ start, end: endOfWord(text, start) }));

function withMarks(text: string, found: readonly Part[], { start: from, end: to } = wholeOf(text)): string {
  let html = '';
  let at = from;
  for (const { start, end } of found) {
    html += `${escaped(text.slice(at, start))}<mark>${escaped(text.slice(start, end))}</mark>`;
    at = end;
  }
  return html + escaped(text.slice(at, to));
}

const wholeOf = (text: string): Part => ({ start: 0, end: text.length });

/** The part of a text around its first hit, from and to the end of a word, so that none is cut in two. */
function partAround(text: string, first: number): Part {
  const from = Math.max(0, Math.min(first - BEFORE, text.length - LENGTH));
  const to = Math.min(from + LENGTH, text.length);
  const start = from === 0 ? 0 : text.indexOf(' ', from) + 1 || from;
  const end = to === text.length ? to : text.lastIndexOf(' ', to);
  return { start, end: Math.max(start, end > start ? end : to) };
}

const within = (html: string, { start, end }: Part, text: string): string =>
  `${start > 0 ? '… ' : ''}${html}${end < text.length ? ' …' : ''}`;

/** A text as snippets are cut from it: in one line. */
export const flat = (text: string): string => text.replace(/[^\S ]\s*| \s+/g, ' ').trim();

/** The part of a text around its first hit, with its hits marked; its beginning when there is none. */
export function snippetOf(unbroken: string, matched: Matched): string {
  const text = flat(unbroken);
  const first = firstWord(text, (word) => hits(word, matched), matched.seen ?? new Map());
  const part = partAround(text, Math.max(0, first));
  return within(marked(text.slice(part.start, part.end), matched), part, text);
}

/** The same of a text in one line, by where its words are. */
export function snippetAt(text: string, places: string, matched: Matched): string {
  const starts = startsOf(matched.stems, places);
  const part = partAround(text, starts[0] ?? 0);
  const { start, end } = part;
  const found = starts.filter((at) => at >= start && at < end);
  // A part of a word is another word, and has no place: of languages without spaces.
  const html = isOfWords(text, part)
    ? withMarks(text, partsAt(text, found), part)
    : marked(text.slice(start, end), matched);
  return within(html, part, text);
}

const isOfWords = (text: string, { start, end }: Part): boolean =>
  (start === 0 || text[start - 1] === ' ') && (end === text.length || text[end] === ' ');
