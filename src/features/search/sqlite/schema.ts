import { STEMS_VERSION } from '../stems.ts';

/** Raise it with any change below: a file of another version is thrown away and made anew. */
export const VERSION = `6.${STEMS_VERSION}`;

/**
 * `docs` says which story a row is, and what it is counted under: numbers of `labels`, each of which begins with the place
 * of its facet. `weeks` has another state for a week whenever a story in it has changed. The two FTS5 tables are contentless: no text is kept but in them, and of a story only its words, stemmed. `m` holds markers, so that a filter is one more word. `words` knows the forms that people write,
 * for beginnings and slips.
 */
export const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE docs (
    rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, facets TEXT NOT NULL
  );
  CREATE TABLE labels (number INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE);
  CREATE TABLE weeks (week INTEGER PRIMARY KEY, state TEXT NOT NULL);
  CREATE TABLE languages (language TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE words (form TEXT, stem TEXT, df INTEGER NOT NULL, PRIMARY KEY (form, stem)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE fh USING fts5(
    head, m, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
  CREATE VIRTUAL TABLE fb USING fts5(
    body, m, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
`;

/** Small cache, no memory map, so that a server stays small. */
export const readerPragmas = (cacheKb: number): string => `
  PRAGMA busy_timeout = 5000;
  PRAGMA mmap_size = 0;
  PRAGMA cache_size = -${cacheKb};
`;

export const pragmas = (cacheKb: number): string => `
  ${readerPragmas(cacheKb)}
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 2000;
`;
