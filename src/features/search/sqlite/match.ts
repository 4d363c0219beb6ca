import { MARK_KINDS, type Marks } from '../search-index.ts';

/** The stems of one term, any of which will do; those of a phrase in their order. */
export type Sought =
  | { readonly kind: 'word'; readonly stems: readonly string[] }
  | { readonly kind: 'phrase'; readonly variants: readonly (readonly string[])[] };

/**
 * One word to FTS5, which a text cannot have: its first letter is one that is nobody's (`tokensOf` takes none for a letter). So
 * words need not be looked for in a column of their own, which costs a tenth of all that a search does.
 */
const markerOf = (kind: (typeof MARK_KINDS)[number], value: string): string =>
  `\ue001x${MARK_KINDS.indexOf(kind)}x${value.toLowerCase().replace(/[^a-z0-9]/g, 'z')}`;

/** Every token in quotation marks: nothing that was typed is ever read as an operator. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '')}"`;
const anyOf = (parts: readonly string[]): string => `(${parts.join(' OR ')})`;

const textsOf = (term: Sought): readonly string[] =>
  term.kind === 'word' ? term.stems : term.variants.map((words) => words.join(' '));

export const markersOf = (marks: Marks): readonly string[] =>
  MARK_KINDS.flatMap((kind) => (marks[kind] ?? []).map((value) => markerOf(kind, value)));

/** What FTS5 is asked; `null` when nothing can match. */
export function matchOf(sought: readonly Sought[], marks: readonly Marks[]): string | null {
  const all = [...sought.map(textsOf), ...marks.map(markersOf)];
  if (sought.length === 0 || all.some((some) => some.length === 0)) return null;
  return all.map((some) => anyOf(some.map(quoted))).join(' AND ');
}
