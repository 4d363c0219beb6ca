/** What a photo says of itself and editors may correct. Neither where the camera stood nor which one it was. */
export interface PhotoFacts {
  credit: string;
  byline: string;
  copyright: string;
  caption: string;
  alt: string;
  extendedDescription: string;
  headline: string;
  keywords: string[];
  place: string;
  /** ISO 8601 as precise as it is known, with a zone only where the camera gave one; '' when unknown. */
  takenAt: string;
  usageTerms: string;
  licensor: string;
  /** Where the newsroom has it from: an agency, a handout, its own photographer. */
  source: string;
  /** A term of IPTC's list of digital source types, as its address; '' when unknown. */
  digitalSourceType: string;
}

/** The longest text of each, in characters. */
export const FACT_LENGTHS = {
  credit: 500,
  byline: 500,
  copyright: 1000,
  caption: 2000,
  alt: 2000,
  extendedDescription: 5000,
  headline: 500,
  place: 500,
  usageTerms: 2000,
  licensor: 500,
  source: 500,
} as const;
export const KEYWORDS = { count: 100, length: 100 } as const;

export const TAKEN_AT =
  /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-]\d\d:\d\d)?)?)?)?$/;
export const SOURCE_TYPE = /^http:\/\/cv\.iptc\.org\/newscodes\/digitalsourcetype\/[A-Za-z]{1,60}$/;
