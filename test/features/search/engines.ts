import { randomUUID } from 'node:crypto';

/** A real OpenSearch, where `npm run test:opensearch` has started one. */
export const OPENSEARCH_URL = process.env.COPYDESK_TEST_OPENSEARCH_URL;

/** What the tests of search run over: the engines of this machine, or in its own job OpenSearch. */
export const ENGINES: readonly string[] = OPENSEARCH_URL ? ['opensearch'] : ['embedded', 'mongodb'];

/** The environment of a server with this engine; on OpenSearch with indexes of its own. */
export const searchingBy = (engine: string, url = OPENSEARCH_URL): Record<string, string> =>
  engine === 'opensearch' && url
    ? { SEARCH_ENGINE: engine, OPENSEARCH_URL: url, OPENSEARCH_PREFIX: `test-${randomUUID()}` }
    : { SEARCH_ENGINE: engine };
