import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { highlighter, madeReady } from '../../../src/features/search/highlights.ts';
import { placesOf, startsOf } from '../../../src/features/search/places.ts';
import { stem } from '../../../src/features/search/stems.ts';
import { wordsOf } from '../../../src/features/search/tokens.ts';

/** Words of these languages in several forms, with what stands in them: accents, strokes, clippings, and no spaces. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ['harbour', 'harbours', 'Harbouring', "council's", 'council', 'vote', 'voted', '2027', 'a', 's'],
  fr: ["l'homme", 'd’État', 'élection', 'élections', 'e\u0301lection', 'journaux', 'journal', 'œuvre'],
  sv: ['tidningarnas', 'tidning', 'hästar', 'häst', 'ön', 'ö', 'hamnen'],
  de: ['Häuser', 'Haus', 'Straße', 'STRASSE', 'groß', 'größer'],
  ga: ['gcathair', 'cathair', 'bhfear', 'fear', 'n-athair', 'Éire'],
  tr: ['İstanbul', 'ışık', 'evlerinden', 'ev'],
  ja: ['港の壁', '選挙', 'カタカナ', '港'.repeat(250)],
  xx: ['jörð', '\u0301', 'þing', 'x'.repeat(70), 'y'.repeat(230), '𐌲𐌿𐍄', 'constructor', '__proto__'],
};
const LANGUAGES = Object.keys(WORDS);
const BETWEEN = [
  ' ',
  ' ',
  ' ',
  '  ',
  '\n',
  '\t ',
  '\u00a0',
  ', ',
  '. ',
  ' & ',
  '<b>',
  '"',
  "'",
  '-',
  '… ',
  '',
];

const wordIn = (language: string) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(WORDS[language] ?? [])) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(WORDS).flat()) },
  );

const textIn = (language: string, maxLength: number) =>
  fc
    .array(fc.tuple(wordIn(language), fc.constantFrom(...BETWEEN)), { maxLength, size: 'max' })
    .map((pairs) => pairs.flat().join(''));

/** What an index may say that was looked for: words as they are, of other languages, and many begun by the same letters. */
const stemsOf = (language: string) =>
  fc
    .array(fc.tuple(wordIn(language), fc.constantFrom(language, ...LANGUAGES)), { maxLength: 8 })
    .map((pairs) => new Set(pairs.flatMap(([text, of]) => wordsOf(text).map((word) => stem(word, of)))));

const asked = fc.constantFrom(...LANGUAGES).chain((language) =>
  fc.record({
    words: fc.record({
      language: fc.constant(language),
      headline: textIn(language, 12),
      text: textIn(language, 120),
    }),
    stems: stemsOf(language),
  }),
);

describe('what a reader sees of a hit', () => {
  it('is the same by where the words are as by looking through the text', () => {
    fc.assert(
      fc.property(asked, ({ words, stems }) => {
        const matched = { stems, languages: LANGUAGES };
        expect(highlighter(matched)(madeReady(words))).toEqual(highlighter(matched)(words));
      }),
      { numRuns: 400 },
    );
  });

  it('is found anywhere in a text, by each of its words', () => {
    const text = Array.from({ length: 600 }, (_none, at) => `word${at}`).join(' ');
    const words = { language: 'en', headline: 'Word7 of word8', text };
    const ready = madeReady(words);
    for (const at of [0, 7, 8, 9, 37, 300, 585, 599]) {
      const highlightsOf = highlighter({ stems: new Set([`word${at}`]), languages: [] });
      expect(highlightsOf(ready)).toEqual(highlightsOf(words));
      expect(highlightsOf(ready).text).toContain(`<mark>word${at}</mark>`);
    }
  });
});

describe('the places of words', () => {
  const places = placesOf("The council's walls, the wall; walled.", 'en');

  it('are one string, by stems', () => {
    expect(places).toBe(' the:0,l council:4 wall:e,p,v ');
  });

  it.each([
    [['wall'], [14, 25, 31]],
    [
      ['wall', 'the'],
      [0, 14, 21, 25, 31],
    ],
    [['all', 'th', 'e', '0', ''], []],
    [[], []],
  ])('of %j are %j', (stems, starts) => {
    expect(startsOf(stems, places)).toEqual(starts);
  });
});
