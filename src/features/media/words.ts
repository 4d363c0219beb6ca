import type { PhotoFacts } from './facts.contract.ts';

const SAID = [
  'headline',
  'caption',
  'alt',
  'extendedDescription',
  'byline',
  'credit',
  'copyright',
  'place',
  'source',
  'licensor',
  'keywords',
] as const satisfies readonly (keyof PhotoFacts)[];
const MOST = 400;
const LONGEST = 40;
const OF_CREDIT = 'credit:';

/** The words of a text as they are compared: without marks over letters, in lower case. */
export const wordsIn = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.map((word) => word.slice(0, LONGEST)) ?? [];

/** What a picture is found by: its words, and those of its credit apart, all in one index. */
export function wordsOf(item: PhotoFacts & { readonly fileName: string }): string[] {
  const credit = wordsIn(item.credit).map((word) => `${OF_CREDIT}${word}`);
  const said = [...SAID.map((name) => item[name]), item.fileName].flat().flatMap(wordsIn);
  return [...new Set([...credit, ...said])].slice(0, MOST);
}

/** Matches what has words that begin like each of these; they are letters and digits only. */
export const beginning = (words: readonly string[], { ofCredit = false } = {}) =>
  words.map((word) => ({ words: new RegExp(`^${ofCredit ? OF_CREDIT : ''}${word}`) }));
