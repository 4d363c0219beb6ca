import { randomUUID } from 'node:crypto';
import type { Ability } from './judged-queries.ts';

/** A real OpenSearch, where `npm run test:opensearch` has started one. */
export const OPENSEARCH_URL = process.env.COPYDESK_TEST_OPENSEARCH_URL;

/** What the tests of search run over: the engines of this machine, or in its own job OpenSearch. */
export const ENGINES: readonly string[] = OPENSEARCH_URL ? ['opensearch'] : ['embedded', 'mongodb'];

/** The environment of a server with this engine; on OpenSearch with indexes of its own. */
export const searchingBy = (engine: string, url = OPENSEARCH_URL): Record<string, string> =>
  engine === 'opensearch' && url
    ? { SEARCH_ENGINE: engine, OPENSEARCH_URL: url, OPENSEARCH_PREFIX: `test-${randomUUID()}` }
    : { SEARCH_ENGINE: engine };

/** What each of them can do: the columns of docs/SEARCH.md. */
export const CAN: Readonly<Record<string, readonly Ability[]>> = {
  embedded: ['relevance', 'phrases', 'beginnings', 'slips'],
  mongodb: [],
  opensearch: ['relevance', 'phrases', 'beginnings', 'slips'],
};

const MARK = /<mark>([^<>]*)<\/mark>/g;

/** The words that a highlight marks. */
export const markedIn = (html: string): string[] => [...html.matchAll(MARK)].map(([, word = '']) => word);

/** No `<` but of our marks, no `&` but of our entities. */
export function isTame(html: string): boolean {
  const text = html.replace(MARK, '$1');
  return !/[<>"']/.test(text) && !/&(?!(?:amp|lt|gt|quot|#39);)/.test(text);
}
