import { stemsIn } from './stems.ts';
import { firstWord, tokensOf } from './tokens.ts';

/** The stems that made a story a hit, and the languages whose stemmers they come from. */
export interface Matched {
  readonly stems: ReadonlySet<string>;
  readonly languages: readonly string[];
  /** Spellings that were looked at: 20 stories of one answer are made of the same words. */
  readonly seen?: Map<string, boolean>;
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
export function marked(text: string, matched: Matched): string {
  const found = [...tokensOf(text)].filter(({ word }) => hits(word, matched));
  let html = '';
  let at = 0;
  for (const { start, end } of found) {
    html += `${escaped(text.slice(at, start))}<mark>${escaped(text.slice(start, end))}</mark>`;
    at = end;
  }
  return html + escaped(text.slice(at));
}

/** Back to the end of a word, so that none is cut in two. */
function cut(text: string, from: number, to: number): string {
  const start = from === 0 ? 0 : text.indexOf(' ', from) + 1 || from;
  const end = to >= text.length ? text.length : text.lastIndexOf(' ', to);
  const part = text.slice(start, end > start ? end : to);
  return `${start > 0 ? '… ' : ''}${part}${start + part.length < text.length ? ' …' : ''}`;
}

/** The part of a text around its first hit, with its hits marked; its beginning when there is none. */
export function snippetOf(text: string, matched: Matched): string {
  const flat = text.replace(/[^\S ]\s*| \s+/g, ' ').trim();
  const first = Math.max(
    0,
    firstWord(flat, (word) => hits(word, matched), matched.seen ?? new Map()),
  );
  const from = Math.max(0, Math.min(first - BEFORE, flat.length - LENGTH));
  return marked(cut(flat, from, from + LENGTH), matched);
}
