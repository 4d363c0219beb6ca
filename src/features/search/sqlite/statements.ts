import { COUNT_CAP } from '../search-index.ts';
import type { Database } from './driver.ts';

/** Fit is reckoned for the newest hits only: exact for all but the commonest words, and never slow. */
export const WINDOW = 1000;
const HEADLINES = 200;

export type Statements = ReturnType<typeof prepareStatements>;

/**
 * What the index file is asked about the stories that match. With bounds of row numbers, both exclusive, as further
 * parameters: to hold every row against bounds that all are within takes a third as long as to find it.
 */
export function prepareStatements(db: Database, { areBounded }: { readonly areBounded: boolean }) {
  const bounds = areBounded ? ' AND rowid > ? AND rowid < ?' : '';
  const matching = (table: string) => `FROM ${table} WHERE ${table} MATCH ?${bounds}`;
  const newest = (limit: string | number, table = 'fb', more = '') =>
    `SELECT rowid AS rid${more} ${matching(table)} ORDER BY rowid DESC LIMIT ${limit}`;
  const docsOf = (rows: string) => `SELECT d.id, d.at FROM (${rows}) f JOIN docs d ON d.rid = f.rid`;
  // One text: a thousand rows one by one cost as much to hand over as to find.
  const packed = (fit: string, table: string, limit: number) =>
    db.prepare(
      `SELECT group_concat(rid || ' ' || fit, ' ') AS text FROM (${newest(limit, table, `, ${fit} AS fit`)})`,
    );
  const scored = (table: string, limit: number) => packed(`-bm25(${table}, 1.0, 0.0)`, table, limit);
  const unscored = (table: string, limit: number) => packed('1.0', table, limit);
  return {
    scored: { texts: scored('fb', WINDOW), headlines: scored('fh', HEADLINES) },
    // bm25 walks through all stories that have a word, to weigh it: 50 ms instead of 2 for a phrase, 11 for a word that a
    // hundred thousand have, and to have it says next to nothing of a story then.
    unscored: { texts: unscored('fb', WINDOW), headlines: unscored('fh', HEADLINES) },
    newest: db.prepare(docsOf(newest('?'))),
    oldest: db.prepare(docsOf(`SELECT rowid AS rid ${matching('fb')} ORDER BY rowid ASC LIMIT ?`)),
    count: db.prepare(`SELECT count(*) AS n FROM (SELECT 1 ${matching('fb')} LIMIT ${COUNT_CAP + 1})`),
    rows: db.prepare(`SELECT group_concat(rid, ' ') AS text FROM (${newest('?')})`),
    labels: db.prepare(
      `SELECT group_concat(d.facets, ' ') AS text FROM (${newest('?')}) f JOIN docs d ON d.rid = f.rid`,
    ),
  };
}
