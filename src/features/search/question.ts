import { LONGEST_QUESTION } from '../../contract/search.ts';
import { wordsOf } from './tokens.ts';

/** What somebody looks for: words that must all be there, and phrases in this order. */
export type Term =
  | {
      readonly kind: 'word';
      readonly word: string;
      /** `may`: the word is perhaps not typed to its end; `must`: whoever asks says so with a `*`. */
      readonly open?: 'may' | 'must';
    }
  | { readonly kind: 'phrase'; readonly words: readonly string[] };

const MOST_TERMS = 8;
const LONGEST_PHRASE = 6;
const SHORTEST_PREFIX = 2;
const QUOTES = /[“”„‟«»]/g;

const keyOf = (term: Term): string => (term.kind === 'word' ? term.word : `"${term.words.join(' ')}"`);

function phraseOf(text: string): Term[] {
  const words = wordsOf(text).slice(0, LONGEST_PHRASE);
  const [only] = words;
  if (only === undefined) return [];
  return words.length === 1 ? [{ kind: 'word', word: only }] : [{ kind: 'phrase', words }];
}

const plainOf = (text: string): Term[] => wordsOf(text).map((word) => ({ kind: 'word', word }));

function opened(terms: Term[], end: string): Term[] {
  const last = terms.at(-1);
  if (last?.kind !== 'word' || last.word.length < SHORTEST_PREFIX) return terms;
  if (/[\p{L}\p{N}\p{M}]\*$/u.test(end)) return [...terms.slice(0, -1), { ...last, open: 'must' }];
  if (/[\p{L}\p{N}\p{M}]$/u.test(end)) return [...terms.slice(0, -1), { ...last, open: 'may' }];
  return terms;
}

/**
 * The terms of a question, at most eight, each once. Whatever is typed is words; only a pair of quotation marks has a
 * meaning (a phrase), and a `*` after the last word. Nothing of it is ever a pattern or an operator.
 */
export function termsOf(question: string): Term[] {
  const text = question.slice(0, LONGEST_QUESTION).replace(QUOTES, '"').trimEnd();
  const parts = text.split('"');
  // An odd number of marks leaves the last one without a partner: what follows it is plain words.
  const paired = parts.length - (parts.length % 2 === 0 ? 1 : 0);
  const terms = parts.flatMap((part, at) => (at % 2 === 1 && at < paired ? phraseOf(part) : plainOf(part)));
  const distinct = new Map(opened(terms, text).map((term) => [keyOf(term), term]));
  return [...distinct.values()].slice(0, MOST_TERMS);
}
