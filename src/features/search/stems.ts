import snowball from 'snowball-stemmers';

/** Raise it when a text would give other stems than before: every index is then made anew. */
export const STEMS_VERSION = 1;

const ALGORITHMS: Readonly<Record<string, string>> = {
  ...{ ar: 'arabic', ca: 'catalan', cs: 'czech', da: 'danish', de: 'german', en: 'english', es: 'spanish' },
  ...{ eu: 'basque', fi: 'finnish', fr: 'french', ga: 'irish', hu: 'hungarian', hy: 'armenian' },
  ...{ it: 'italian', nb: 'norwegian', nl: 'dutch', nn: 'norwegian', no: 'norwegian', pt: 'portuguese' },
  ...{ ro: 'romanian', ru: 'russian', sl: 'slovene', sv: 'swedish', ta: 'tamil', tr: 'turkish' },
};

/** Letters that are no letter with an accent, and yet are typed without their stroke. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' },
};
const STROKED = /[ßæœøłđðþı]/g;

/** Irish puts a letter before the one that a word begins with: "i gcathair", "an tsráid", "nGaeilge". */
const ECLIPSIS = /^(?:bh(?=f)|m(?=b)|g(?=c)|n(?=[dgaeiouáéíóú])|b(?=p)|d(?=t)|t(?=s|[aeiouáéíóú]))/;

const KEPT = 30_000;
let keptNow = 0;
/** By language: a key of both would be made anew for each word of each text. */
const kept = new Map<string, Map<string, string>>();
const stemmers = new Map<string, { stem(word: string): string }>();

const baseOf = (language: string): string => language.split('-')[0]?.toLowerCase() ?? '';

/** Without accents: "Häuser" and "hauser" are one word for whoever searches. */
export const fold = (word: string): string =>
  word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(STROKED, (letter) => PLAIN[letter] ?? letter);

function stemmerOf(base: string) {
  const algorithm = ALGORITHMS[base];
  const known = stemmers.get(base) ?? (algorithm ? snowball.newStemmer(algorithm) : undefined);
  if (known) stemmers.set(base, known);
  return known;
}

function bare(word: string, base: string): string {
  // A short word would lose what it is: "nead", "tae".
  return base === 'ga' && word.length > 5 ? word.replace(ECLIPSIS, '') : word;
}

/** What all forms of a word (lower case, NFC) have in common in this language; the word itself where none is known. */
export function stem(word: string, language: string): string {
  const known = kept.get(language)?.get(word);
  if (known !== undefined) return known;
  const base = baseOf(language);
  const stemmed = fold(stemmerOf(base)?.stem(bare(word, base)) ?? word);
  keep(language, word, stemmed);
  return stemmed;
}

function keep(language: string, word: string, stemmed: string): void {
  if (keptNow >= KEPT) {
    kept.clear();
    keptNow = 0;
  }
  keptNow += 1;
  const ofLanguage = kept.get(language) ?? new Map<string, string>();
  kept.set(language, ofLanguage.set(word, stemmed));
}

/** The stems of a word in any of these languages, each once. */
export const stemsIn = (word: string, languages: Iterable<string>): string[] => {
  const stems = [...languages].map((language) => stem(word, language));
  return [...new Set(stems.length > 0 ? stems : [fold(word)])];
};
