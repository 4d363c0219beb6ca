import { MARK_KINDS, type Marks } from '../search-index.ts';

/** The stems of one term, any of which will do; those of a phrase in their order. */
export type Sought =
  | { readonly kind: 'word'; readonly stems: readonly string[] }
  | { readonly kind: 'phrase'; readonly variants: readonly (readonly string[])[] };

/** Letters and digits only: `tokenize` then leaves a marker in one piece. */
export const markerOf = (kind: (typeof MARK_KINDS)[number], value: string): string =>
  `x${MARK_KINDS.indexOf(kind)}x${value.toLowerCase().replace(/[^a-z0-9]/g, 'z')}`;

/** Every token in quotation marks: nothing that was typed is ever read as an operator. */
const quoted = (text: string): string => `"${text.replaceAll('"', '')}"`;
const anyOf = (parts: readonly string[]): string => `(${parts.join(' OR ')})`;

const termExpression = (term: Sought): string =>
  term.kind === 'word'
    ? anyOf(term.stems.map(quoted))
    : anyOf(term.variants.map((words) => quoted(words.join(' '))));

function marksExpression(marks: Marks): string | null {
  const markers = MARK_KINDS.flatMap((kind) => (marks[kind] ?? []).map((value) => markerOf(kind, value)));
  return markers.length > 0 ? `{m} : ${anyOf(markers.map(quoted))}` : null;
}

/** What FTS5 is asked: `column` holds the words, `m` the markers. `null` when nothing can match. */
export function matchOf(
  column: 'head' | 'body',
  sought: readonly Sought[],
  marks: readonly Marks[],
): string | null {
  const filters = marks.map(marksExpression);
  if (sought.length === 0 || filters.includes(null)) return null;
  const terms = sought.map((term) => `{${column}} : ${termExpression(term)}`);
  return [...terms, ...filters].join(' AND ');
}
