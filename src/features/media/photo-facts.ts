import { FACT_LENGTHS, KEYWORDS, type PhotoFacts, SOURCE_TYPE, TAKEN_AT } from './facts.contract.ts';

export const NO_FACTS: PhotoFacts = {
  credit: '',
  byline: '',
  copyright: '',
  caption: '',
  alt: '',
  extendedDescription: '',
  headline: '',
  keywords: [],
  place: '',
  takenAt: '',
  usageTerms: '',
  licensor: '',
  source: '',
  digitalSourceType: '',
};

/** One value of a tag as ExifReader gives it. */
type Tag = { readonly value?: unknown; readonly description?: unknown; readonly attributes?: unknown };
type Tags = Readonly<Record<string, unknown>>;

/** The groups of tags in which a photo speaks. */
export interface PhotoTags {
  readonly xmp: Tags;
  readonly iptc: Tags;
  readonly exif: Tags;
}

/** What ExifReader writes in the place of what it could not read. */
const UNREADABLE = '<faulty value>';

type TextFact = keyof typeof FACT_LENGTHS;
type Source = readonly [group: keyof PhotoTags, ...names: string[]];

/** Where each text stands, the most trusted first: XMP is UTF-8 by definition, IIM often cut, EXIF the camera's. */
const SOURCES: Readonly<Record<TextFact, readonly Source[]>> = {
  credit: [
    ['xmp', 'Credit'],
    ['iptc', 'Credit'],
  ],
  byline: [
    ['xmp', 'creator'],
    ['iptc', 'By-line'],
    ['exif', 'Artist'],
  ],
  copyright: [
    ['xmp', 'rights'],
    ['iptc', 'Copyright Notice'],
    ['exif', 'Copyright'],
  ],
  caption: [
    ['xmp', 'description'],
    ['iptc', 'Caption/Abstract'],
    ['exif', 'ImageDescription'],
  ],
  alt: [['xmp', 'AltTextAccessibility']],
  extendedDescription: [['xmp', 'ExtDescrAccessibility']],
  headline: [
    ['xmp', 'Headline'],
    ['iptc', 'Headline'],
  ],
  place: [
    ['xmp', 'Location', 'City', 'State', 'Country'],
    ['iptc', 'Sub-location', 'City', 'Province/State', 'Country/Primary Location Name'],
  ],
  usageTerms: [['xmp', 'UsageTerms']],
  licensor: [['xmp', 'Licensor']],
  source: [
    ['xmp', 'Source'],
    ['iptc', 'Source'],
  ],
};

/** Reads the facts out of a photo's tags. Whatever stands there becomes plain text within our limits, or nothing. */
export function factsOf(tags: PhotoTags): PhotoFacts {
  const texts = Object.entries(FACT_LENGTHS).map(([fact, length]) => [
    fact,
    cut(textOf(tags, SOURCES[fact as TextFact]), length),
  ]);
  return {
    ...NO_FACTS,
    ...(Object.fromEntries(texts) as Record<TextFact, string>),
    keywords: keywordsOf(tags),
    takenAt: takenAtOf(tags),
    digitalSourceType: sourceTypeOf(tags),
  };
}

function textOf(tags: PhotoTags, sources: readonly Source[]): string {
  for (const [group, ...names] of sources) {
    const parts = names.map((name) => wordsOf(own(tags[group], name)).join(', '));
    const text = parts.filter((part) => part !== '').join(', ');
    if (text !== '') return text;
  }
  return '';
}

function keywordsOf({ xmp, iptc }: PhotoTags): string[] {
  const inXmp = wordsOf(own(xmp, 'subject'));
  const words = inXmp.length > 0 ? inXmp : wordsOf(own(iptc, 'Keywords'));
  const whole = words.map((word) => cut(word.replace(/\s+/g, ' '), KEYWORDS.length)).filter(Boolean);
  return [...new Set(whole)].slice(0, KEYWORDS.count);
}

function takenAtOf({ xmp, iptc, exif }: PhotoTags): string {
  const first = (group: Tags, name: string) => wordsOf(own(group, name))[0] ?? '';
  const inExif = first(exif, 'DateTimeOriginal').replace(/^(\d{4}):(\d\d):(\d\d) /, '$1-$2-$3T');
  const found = [
    first(xmp, 'DateCreated'),
    [first(iptc, 'Date Created'), first(iptc, 'Time Created')].filter(Boolean).join('T'),
    inExif && `${inExif}${first(exif, 'OffsetTimeOriginal')}`,
  ];
  const known = found.map((text) => text.replace(/\.\d+/, '')).filter((text) => TAKEN_AT.test(text));
  return known[0] ?? '';
}

function sourceTypeOf({ xmp }: PhotoTags): string {
  const [type = ''] = wordsOf(own(xmp, 'DigitalSourceType'));
  const address = type.replace(/^https:/, 'http:');
  return SOURCE_TYPE.test(address) ? address : '';
}

const own = (tags: Tags, name: string): unknown => (Object.hasOwn(tags, name) ? tags[name] : undefined);

/** The texts of a tag: of a list all, of a text in several languages the one for everybody, of a licensor its name. */
function wordsOf(tag: unknown): string[] {
  if (typeof tag !== 'object' || tag === null) return [];
  if (Array.isArray(tag)) return languageOf(tag).flatMap(wordsOf);
  if ('LicensorName' in tag) return wordsOf(tag.LicensorName);
  const { value, description } = tag as Tag;
  if (Array.isArray(value) && value.some((one) => typeof one === 'object' && one !== null))
    return wordsOf(value);
  const text = typeof description === 'string' ? description : value;
  if (text === UNREADABLE) return [];
  return typeof text === 'string' ? [clean(text)].filter((word) => word !== '') : [];
}

function languageOf(tags: readonly unknown[]): readonly unknown[] {
  const langs = tags.map((tag) => (tag as { attributes?: { lang?: unknown } } | null)?.attributes?.lang);
  if (langs.every((lang) => lang === undefined)) return tags;
  const everybody = langs.indexOf('x-default');
  return tags.slice(Math.max(everybody, 0)).slice(0, 1);
}

const UNSEEN = /[^\P{Cc}\n\t]/gu;

const clean = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(UNSEEN, '').toWellFormed().trim();

const cut = (text: string, length: number): string => text.slice(0, length).toWellFormed();
