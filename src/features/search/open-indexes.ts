import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { createOpensearchIndex } from './opensearch/opensearch-index.ts';
import { createWire } from './opensearch/wire.ts';
import type { SearchIndex } from './search-index.ts';
import { createEmbeddedIndex } from './sqlite/embedded.ts';
import { whyNoSqlite } from './sqlite/probe.ts';
import { createThreads } from './sqlite/threads.ts';
import { createTermsIndex } from './terms/terms-index.ts';

/** The desk's index knows working copies: it is apart from the readers', and opened by the desk's routes alone. */
export interface Indexes {
  readonly published: SearchIndex;
  readonly desk: SearchIndex;
}

const PATIENCE_MS = 1_000;
const MOST_BY_ITSELF = 2;

/** Both indexes as words in MongoDB: nothing on this machine's disk. */
export const termsIndexes = (db: Connection): Indexes => ({
  published: createTermsIndex({ db, name: 'published' }),
  desk: createTermsIndex({ db, name: 'desk' }),
});

/** Where the OpenSearch is, and what the names of our indexes there begin with. */
export interface OpensearchPlace {
  readonly url: string;
  readonly prefix: string;
}

/** Both indexes on an OpenSearch. One that does not answer is told of, and waited for by the feeds: all else goes on. */
async function opensearchIndexes({ url, prefix }: OpensearchPlace, log: Logger): Promise<Indexes> {
  const wire = createWire({ url });
  await wire.greet().then(
    (version) => log.info(`search: OpenSearch ${version} at ${wire.place}`),
    (err) =>
      log.warn({ err }, `search: no OpenSearch at ${wire.place} yet; searches are 503 until it answers`),
  );
  return {
    published: createOpensearchIndex({ wire, name: `${prefix}-published` }),
    desk: createOpensearchIndex({ wire, name: `${prefix}-desk` }),
  };
}

/** The indexes as configured; those in MongoDB where SQLite does not run on this machine. */
export async function openIndexes(input: {
  readonly engine: 'embedded' | 'mongodb' | 'opensearch';
  readonly opensearch?: OpensearchPlace | null;
  readonly dataDir: string;
  readonly db: Connection;
  readonly log: Logger;
  /** How many answer questions to the embedded index; 0 for as many as suit this machine. */
  readonly threads?: number;
  readonly patienceMs?: number;
}): Promise<Indexes> {
  const { engine, opensearch, dataDir, db, log, threads = 0, patienceMs = PATIENCE_MS } = input;
  if (engine === 'mongodb') return termsIndexes(db);
  if (engine === 'opensearch' && opensearch) return opensearchIndexes(opensearch, log);
  const why = await whyNoSqlite();
  if (why) {
    log.warn({ why }, 'search: SQLite does not run here; words in MongoDB are used instead');
    return termsIndexes(db);
  }
  const directory = join(dataDir, 'search');
  await mkdir(directory, { recursive: true });
  // One processor is left to the thread that serves: on two, two that search made everybody wait longer.
  const readers = threads || Math.max(1, Math.min(MOST_BY_ITSELF, availableParallelism() - 1));
  const started = createThreads({ directory, files: ['published', 'desk'], readers, log, patienceMs });
  return {
    published: createEmbeddedIndex({ threads: started, name: 'published' }),
    desk: createEmbeddedIndex({ threads: started, name: 'desk' }),
  };
}
