import { type IndexedStory, MARK_KINDS } from '../search-index.ts';
import { wordsOf } from '../tokens.ts';
import { ANALYSES, ANALYSIS, analyzerOf } from './languages.ts';

/** Raise it with any change to what is below or in `languages.ts`: an index of another version is made anew. */
export const VERSION = 1;

/** The one document that is no story: where the index stands. */
export const STATE = 'state';

export interface State {
  readonly version: number;
  /** Of the stories that it has, or had. */
  readonly languages: readonly string[];
  readonly position?: string;
}

/** As OpenSearch keeps it: of a story its words by language, one line each, so that no phrase reaches over an end. */
export interface StoryDocument {
  readonly id: string;
  readonly at: number;
  readonly head: Readonly<Record<string, readonly string[]>>;
  readonly body: Readonly<Record<string, readonly string[]>>;
  readonly marks: IndexedStory['marks'];
}

const keyword = { type: 'keyword' } as const;
/** Words as they are written, for what is not typed to its end or not typed right. */
const written = {
  type: 'text',
  analyzer: 'plain',
  norms: false,
  index_prefixes: { min_chars: 2, max_chars: 12 },
} as const;
const unsearched = { type: 'keyword', index: false, doc_values: false } as const;

const byLanguage = (copy: string) => ({
  properties: Object.fromEntries(
    Object.keys(ANALYSES).map((analyzer) => [analyzer, { type: 'text', analyzer, copy_to: copy }]),
  ),
});

/** How an index is made. One shard holds tens of millions of stories; a copy comes with a second machine. */
export const INDEX = {
  settings: { index: { auto_expand_replicas: '0-1', refresh_interval: '1s' }, analysis: ANALYSIS },
  mappings: {
    dynamic: 'strict',
    properties: {
      id: keyword,
      at: { type: 'date', format: 'epoch_millis' },
      head: byLanguage('headWords'),
      body: byLanguage('words'),
      headWords: written,
      words: written,
      marks: { properties: Object.fromEntries(MARK_KINDS.map((kind) => [kind, keyword])) },
      version: { type: 'integer', index: false },
      languages: unsearched,
      position: unsearched,
    },
  },
} as const;

const linesOf = (text: string): string[] =>
  text
    .split(/\n+/)
    .map((line) => wordsOf(line).join(' '))
    .filter((line) => line !== '');

/** The headline counts as text too: a story may have one word here and the other there. */
export function documentOf({ id, at, language, head, text, marks }: IndexedStory): StoryDocument {
  const analyzer = analyzerOf(language);
  const heads = linesOf(head);
  return { id, at, head: { [analyzer]: heads }, body: { [analyzer]: [...heads, ...linesOf(text)] }, marks };
}
