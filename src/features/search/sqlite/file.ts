import { existsSync, rmSync } from 'node:fs';
import type { Batch, Found, Question } from '../search-index.ts';
import { createAsking } from './asking.ts';
import { type Database, loadDriver } from './driver.ts';
import { PRAGMAS, SCHEMA, VERSION } from './schema.ts';
import { createWriting } from './writing.ts';

/** The index in one file, everything at once: only a worker thread calls it, since each call takes the thread. */
export interface IndexFile {
  apply(batch: Batch): void;
  query(question: Question): Found;
  position(): string | null;
  count(): number;
  clear(): void;
  close(): void;
}

/** `null` for a file that is not whole, or was made by another version. */
function usable(db: Database): boolean {
  try {
    db.exec(PRAGMAS);
    const check = db.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    const row = db.prepare("SELECT value FROM meta WHERE key = 'version'").get() as
      | { value: string }
      | undefined;
    return check?.quick_check === 'ok' && row?.value === VERSION;
  } catch {
    return false;
  }
}

function remove(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
}

function create(db: Database): void {
  db.exec(PRAGMAS);
  db.exec(SCHEMA);
  db.prepare("INSERT INTO meta (key, value) VALUES ('version', ?)").run(VERSION);
}

/** Opens the index, or begins a new one where there is none that can be used: `position` is then `null`. */
export async function openIndexFile(path: string): Promise<IndexFile> {
  const Driver = await loadDriver();
  let db = existsSync(path) ? new Driver(path) : null;
  if (db && !usable(db)) {
    db.close();
    remove(path);
    db = null;
  }
  if (!db) {
    remove(path);
    db = new Driver(path);
    create(db);
  }
  return fileOf(db);
}

function fileOf(db: Database): IndexFile {
  const asking = createAsking(db);
  const writing = createWriting(db, asking.vocabulary);
  const position = db.prepare("SELECT value FROM meta WHERE key = 'position'");
  const count = db.prepare('SELECT count(*) AS n FROM docs');
  return {
    apply: writing.apply,
    query: asking.ask,
    position: () => (position.get() as { value: string } | undefined)?.value ?? null,
    count: () => (count.get() as { n: number }).n,
    clear: () => {
      writing.clear();
      db.prepare("INSERT INTO meta (key, value) VALUES ('version', ?)").run(VERSION);
    },
    close: () => db.close(),
  };
}
