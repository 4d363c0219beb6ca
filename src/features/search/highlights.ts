import { toText } from '../../schema/index.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import { placesOf } from './places.ts';
import { flat, type Matched, marked, markedAt, snippetAt, snippetOf } from './snippet.ts';

/** What of a story hits are highlighted in. */
export interface Words {
  readonly language: string;
  readonly headline: string;
  readonly text: string;
}

/** The same, made ready for many searches: its text in one line, and where its words are. */
export interface ReadyWords extends Words {
  readonly places: { readonly headline: string; readonly text: string };
}

export const wordsOf = ({ language, headline, standfirst, body }: PublishedRecord): Words => ({
  ...{ language, headline },
  text: `${standfirst}\n${toText(body)}`,
});

export function madeReady({ language, headline, text: broken }: Words): ReadyWords {
  const text = flat(broken);
  const places = { headline: placesOf(headline, language), text: placesOf(text, language) };
  return { language, headline, text, places };
}

/** A story was found by the stems of its own language: those of others would only cost time. */
export function highlighter({ stems }: Matched) {
  const byLanguage = new Map<string, Matched>();
  return (words: Words | ReadyWords) => {
    const { headline, text, language } = words;
    const matched = byLanguage.get(language) ?? { stems, languages: [language], seen: new Map() };
    byLanguage.set(language, matched);
    if (!('places' in words)) return { headline: marked(headline, matched), text: snippetOf(text, matched) };
    const { places } = words;
    return {
      headline: markedAt(headline, places.headline, matched),
      text: snippetAt(text, places.text, matched),
    };
  };
}
