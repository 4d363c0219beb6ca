import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { SearchIndex } from './search-index.ts';
import { createEmbeddedIndex } from './sqlite/embedded.ts';
import { whyNoSqlite } from './sqlite/probe.ts';
import { createThread } from './sqlite/thread.ts';
import { createTermsIndex } from './terms/terms-index.ts';

/** The desk's index knows working copies: it is apart from the readers', and opened by the desk's routes alone. */
export interface Indexes {
  readonly published: SearchIndex;
  readonly desk: SearchIndex;
}

const PATIENCE_MS = 1_000;

/** Both indexes as words in MongoDB: nothing on this machine's disk. */
export const termsIndexes = (db: Connection): Indexes => ({
  published: createTermsIndex({ db, name: 'published' }),
  desk: createTermsIndex({ db, name: 'desk' }),
});

/** The indexes as configured; those in MongoDB where SQLite does not run on this machine. */
export async function openIndexes(input: {
  readonly engine: 'embedded' | 'mongodb';
  readonly dataDir: string;
  readonly db: Connection;
  readonly log: Logger;
  readonly patienceMs?: number;
}): Promise<Indexes> {
  const { engine, dataDir, db, log, patienceMs = PATIENCE_MS } = input;
  if (engine === 'mongodb') return termsIndexes(db);
  const why = await whyNoSqlite();
  if (why) {
    log.warn({ why }, 'search: SQLite does not run here; words in MongoDB are used instead');
    return termsIndexes(db);
  }
  const directory = join(dataDir, 'search');
  await mkdir(directory, { recursive: true });
  const thread = createThread({ directory, files: ['published', 'desk'], log, patienceMs });
  return {
    published: createEmbeddedIndex({ thread, name: 'published' }),
    desk: createEmbeddedIndex({ thread, name: 'desk' }),
  };
}
