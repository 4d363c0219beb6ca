import { madeStory, topicOf, wordAt } from '../../test/support/made-stories.ts';

/** Kinds of questions, as many of each as people ask: 50 in all, the commonest words among them. */
export interface Asked {
  readonly kind: string;
  readonly query: string;
}

const ask = (kind: string, q: string, more: Readonly<Record<string, string>> = {}): Asked => ({
  kind,
  query: new URLSearchParams({ q, ...more }).toString(),
});
const words = (...ranks: number[]): string => ranks.map((rank) => wordAt(rank)).join(' ');
const dates = { publishedAfter: '2025-03-01T00:00:00Z', publishedBefore: '2025-09-01T00:00:00Z' };
const swapped = (word: string): string => `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}`;

/** Words that stand beside each other in a story. */
function phraseIn(number: number, from: number, length: number): string {
  const [first = ''] = madeStory(number).paragraphs;
  return `"${first
    .split(' ')
    .slice(from, from + length)
    .join(' ')}"`;
}

export const questions = (section: string): readonly Asked[] => [
  ...[20_000, 21_003, 22_101, 24_050, 25_205, 27_002, 29_404].map((rank) => ask('rare', words(rank))),
  ...[2_000, 2_501, 3_002, 4_003, 5_101, 6_202].map((rank) => ask('mid', words(rank))),
  ...[110, 120, 131].map((rank) => ask('in a quarter', words(rank))),
  ...[4, 10].map((rank) => ask('in all', words(rank))),
  ...[[110, 4] as const, [15, 200] as const, [400, 900] as const, [0, 4] as const].map((ranks) =>
    ask('two words', words(...ranks)),
  ),
  ...[[0, 4, 120] as const, [10, 300, 15] as const].map((ranks) => ask('three words', words(...ranks))),
  ...[phraseIn(0, 33, 2), phraseIn(4, 5, 3), phraseIn(8, 0, 2), phraseIn(12, 10, 4), '"of the"'].map((q) =>
    ask('phrase', q),
  ),
  ...['harb', wordAt(300).slice(0, 4), wordAt(1_200).slice(0, 3), wordAt(40).slice(0, 2)].map((q) =>
    ask('as typed', `${q}*`),
  ),
  ...[`${wordAt(4)} ${wordAt(800).slice(0, 4)}`, `${topicOf(20)[0]} ha`].map((q) => ask('as typed', q)),
  ...[300, 1_000, 3_000].map((rank) => ask('slip', swapped(wordAt(rank)))),
  ...[4, 110, 2_000, 15, 400].map((rank) => ask('section, dates', words(rank), { section, ...dates })),
  ...[4, 110, 2_000, 10].map((rank) => ask('newest', words(rank), { sort: '-publishedAt' })),
  ...[4, 120, 2_000].map((rank) => ask('counted', words(rank), { count: 'true' })),
];
