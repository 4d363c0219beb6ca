import { existsSync, rmSync } from 'node:fs';
import type { Batch, Found, Question } from '../search-index.ts';
import { createAsking } from './asking.ts';
import { type Database, loadDriver, reading } from './driver.ts';
import { pragmas, readerPragmas, SCHEMA, VERSION } from './schema.ts';
import { createWriting } from './writing.ts';

/** The index in one file, everything at once: only a worker thread calls it, since each call takes the thread. */
export interface Writable {
  apply(batch: Batch): void;
  position(): string | null;
  count(): number;
  clear(): void;
  close(): void;
}

export interface Answering {
  /** `null` while the index is being made. */
  query(question: Question): Found | null;
  close(): void;
}

/** Not a file that is not whole, or was made by another version. */
function usable(db: Database, cacheKb: number): boolean {
  try {
    db.exec(pragmas(cacheKb));
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

function create(db: Database, cacheKb: number): void {
  db.exec(pragmas(cacheKb));
  db.exec(SCHEMA);
  db.prepare("INSERT INTO meta (key, value) VALUES ('version', ?)").run(VERSION);
}

/** Opens the index, or begins a new one where there is none that can be used: `position` is then `null`. */
export async function openIndexFile(path: string, cacheKb: number): Promise<Writable> {
  const Driver = await loadDriver();
  let db = existsSync(path) ? new Driver(path) : null;
  if (db && !usable(db, cacheKb)) {
    db.close();
    remove(path);
    db = null;
  }
  if (!db) {
    remove(path);
    db = new Driver(path);
    create(db, cacheKb);
  }
  return writableFile(db);
}

const POSITION = "SELECT value FROM meta WHERE key = 'position'";
const textIn = (row: unknown): string | null => (row as { value: string } | undefined)?.value ?? null;

function writableFile(db: Database): Writable {
  const writing = createWriting(db);
  const position = db.prepare(POSITION);
  const count = db.prepare('SELECT count(*) AS n FROM docs');
  return {
    apply: writing.apply,
    position: () => textIn(position.get()),
    count: () => (count.get() as { n: number }).n,
    clear: () => {
      writing.clear();
      db.prepare("INSERT INTO meta (key, value) VALUES ('version', ?)").run(VERSION);
    },
    close: () => db.close(),
  };
}

/** What opens files for questions only, beside whoever writes them: the writer has made them before. */
export async function openForQuestions(cacheKb: number): Promise<(path: string) => Answering> {
  const Driver = await loadDriver();
  return (path) => {
    const db = new Driver(path, { readOnly: true });
    db.exec(readerPragmas(cacheKb));
    const { ask } = createAsking(db);
    const position = db.prepare(POSITION);
    return {
      // One question is answered from one state of the file, and no question keeps the state of another.
      query: (question) => reading(db, () => (textIn(position.get()) === null ? null : ask(question))),
      close: () => db.close(),
    };
  };
}
