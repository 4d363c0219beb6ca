import { toText } from '../../schema/index.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import { type Matched, marked, snippetOf } from './snippet.ts';

/** What of a story hits are highlighted in. */
export interface Words {
  readonly language: string;
  readonly headline: string;
  readonly text: string;
}

export const wordsOf = ({ language, headline, standfirst, body }: PublishedRecord): Words => ({
  ...{ language, headline },
  text: `${standfirst}\n${toText(body)}`,
});

/** A story was found by the stems of its own language: those of others would only cost time. */
export function highlighter({ stems }: Matched) {
  const byLanguage = new Map<string, Matched>();
  return ({ headline, text, language }: Words) => {
    const matched = byLanguage.get(language) ?? { stems, languages: [language], seen: new Map() };
    byLanguage.set(language, matched);
    return { headline: marked(headline, matched), text: snippetOf(text, matched) };
  };
}
