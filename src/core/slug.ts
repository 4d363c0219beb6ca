import slugify from '@sindresorhus/slugify';
import { RESERVED_SLUGS } from '../contract/shapes.ts';

const MAX = 120;

/**
 * A slug from a headline or a name, transliterated as `language` does it: `Så röstade Malmö` -> `sa-rostade-malmo` in
 * Swedish (`sa-roestade-malmoe` otherwise), cut at a word. `fallback` serves where
 * nothing is left (a headline in a script that is not transliterated, or only signs), and where a reserved word is.
 */
export function slugFrom(text: string, fallback: string, language?: string): string {
  const full = slugify(text.normalize('NFKC'), { decamelize: false, locale: language });
  const cut =
    full.length <= MAX
      ? full
      : full
          .slice(0, MAX + 1)
          .replace(/-[^-]*$/, '')
          .slice(0, MAX);
  return cut === '' || RESERVED_SLUGS.has(cut) ? fallback : cut;
}

/** What two names are compared by: `É́cole` and `école` are one tag (NFKC, then case folding). */
export const nameKey = (name: string): string =>
  name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
