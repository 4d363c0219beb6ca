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

/** Primary result codes (https://www.sqlite.org/rescode.html): ERROR, as of a table that is not there, CORRUPT, NOTADB. */
const BAD_FILE: readonly unknown[] = [1, 11, 26];

const tellsOfBadFile = (error: unknown): boolean =>
  BAD_FILE.includes((error as { errcode?: unknown }).errcode);

/**
 * Not a file that is not whole, or was made by another version.
 * @throws whatever else SQLite says: a file that another thread still has to let go of, or a disk that is full, is no bad file.
 */
function usable(db: Database, cacheKb: number): boolean {
  try {
    db.exec(pragmas(cacheKb));
    const check = db.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    const row = db.prepare("SELECT value FROM meta WHERE key = 'version'").get() as
      | { value: string }
      | undefined;
    return check?.quick_check === 'ok' && row?.value === VERSION;
  } catch (error) {
    if (tellsOfBadFile(error)) return false;
    throw error;
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

/**
 * Opens the index, or begins a new one where there is none that can be used: `position` is then `null`. `heed` is called before
 * a file is touched, and after it was looked through, which may take minutes: it does not return where nobody wants it any more.
 */
export async function openIndexFile(
  path: string,
  cacheKb: number,
  heed: () => void = () => undefined,
): Promise<Writable> {
  const Driver = await loadDriver();
  heed();
  let db = existsSync(path) ? new Driver(path) : null;
  const isUsable = db !== null && usable(db, cacheKb);
  heed();
  if (db && !isUsable) {
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
