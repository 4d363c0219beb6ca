/**
 * What OpenSearch does to the words of a language, after our code has made them (lower case, split as everywhere):
 * filters, and for languages without spaces a tokenizer. Snowball's stemmers where it has them: the highlights, which
 * are made by our code, then mark what was found.
 */
interface Analysis {
  readonly tokenizer?: 'standard' | 'thai';
  readonly filters: readonly string[];
}

const stemmed = (algorithm: string): Analysis => ({ filters: [`stem_${algorithm}`] });
const joined: Analysis = { tokenizer: 'standard', filters: ['cjk_width', 'cjk_bigram'] };

/** Analyzer -> how. `plain` is for every language that is not here. */
export const ANALYSES: Readonly<Record<string, Analysis>> = {
  plain: { filters: [] },
  ar: { filters: ['decimal_digit', 'arabic_normalization', 'stem_arabic'] },
  bg: stemmed('bulgarian'),
  bn: { filters: ['decimal_digit', 'indic_normalization', 'bengali_normalization', 'stem_bengali'] },
  ca: stemmed('catalan'),
  cs: stemmed('czech'),
  da: stemmed('danish'),
  de: stemmed('german'),
  el: { filters: ['greek', 'stem_greek'] },
  en: stemmed('porter2'),
  es: stemmed('spanish'),
  et: stemmed('estonian'),
  eu: stemmed('basque'),
  fa: { filters: ['decimal_digit', 'arabic_normalization', 'persian_normalization'] },
  fi: stemmed('finnish'),
  fr: stemmed('french'),
  ga: stemmed('irish'),
  gl: stemmed('galician'),
  hi: { filters: ['decimal_digit', 'indic_normalization', 'hindi_normalization', 'stem_hindi'] },
  hu: stemmed('hungarian'),
  hy: stemmed('armenian'),
  id: stemmed('indonesian'),
  it: stemmed('italian'),
  ja: joined,
  ko: joined,
  lt: stemmed('lithuanian'),
  lv: stemmed('latvian'),
  nl: stemmed('dutch'),
  no: stemmed('norwegian'),
  pt: stemmed('portuguese'),
  ro: stemmed('romanian'),
  ru: stemmed('russian'),
  sv: stemmed('swedish'),
  th: { tokenizer: 'thai', filters: ['decimal_digit'] },
  tr: stemmed('turkish'),
  zh: joined,
};

const SAME: Readonly<Record<string, string>> = { nb: 'no', nn: 'no' };

/** The analyzer for a language, whatever its region. */
export function analyzerOf(language: string): string {
  const base = language.split('-')[0]?.toLowerCase() ?? '';
  const name = SAME[base] ?? base;
  return Object.hasOwn(ANALYSES, name) ? name : 'plain';
}

const algorithms = [...new Set(Object.values(ANALYSES).flatMap(({ filters }) => filters))]
  .filter((name) => name.startsWith('stem_'))
  .map((name) => [name, { type: 'stemmer', language: name.slice('stem_'.length) }]);

/** Accents go last, as in our own stems: a stemmer wants to see them. */
export const ANALYSIS = {
  filter: { ...Object.fromEntries(algorithms), greek: { type: 'lowercase', language: 'greek' } },
  analyzer: Object.fromEntries(
    Object.entries(ANALYSES).map(([name, { tokenizer = 'whitespace', filters }]) => [
      name,
      { type: 'custom', tokenizer, filter: [...filters, 'asciifolding'] },
    ]),
  ),
};
