import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = `const { DatabaseSync } = require(process.argv[1]);
new DatabaseSync(':memory:').exec("CREATE VIRTUAL TABLE t USING fts5(a, content='', contentless_delete=1)");`;

/**
 * Whether SQLite with full text works here: `null`, or why not. Tried in a process of its own, since a binary for
 * another machine ends the process that loads it.
 */
export async function whyNoSqlite(): Promise<string | null> {
  try {
    const path = createRequire(import.meta.url).resolve('@photostructure/sqlite');
    await run(process.execPath, ['-e', SCRIPT, path], { timeout: 10_000, env: {} });
    return null;
  } catch (error) {
    return String((error as Error).message).split('\n')[0] ?? 'unknown';
  }
}
