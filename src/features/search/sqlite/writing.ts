import type { Batch, IndexedStory } from '../search-index.ts';
import { stem } from '../stems.ts';
import { wordsOf } from '../tokens.ts';
import { type Database, inTransaction } from './driver.ts';
import { createLabelling } from './labels.ts';
import { markersOf } from './match.ts';
import { rowOf, weekOf } from './rows.ts';

/** A word to FTS5 that nobody can ask for: no phrase reaches from one line, or one field, into the next. */
const BOUNDARY = ' \ue000 ';

/** The words of a batch: form, stem, and in how many new stories it is. */
type Learned = Map<string, [form: string, stem: string, stories: number]>;

/** Writes stories into the index file. */
export function createWriting(db: Database) {
  const known = db.prepare('SELECT rid FROM docs WHERE id = ?');
  const drop = ['docs WHERE rid', 'fh WHERE rowid', 'fb WHERE rowid'].map((where) =>
    db.prepare(`DELETE FROM ${where} = ?`),
  );
  const taken = db.prepare('SELECT 1 FROM docs WHERE rid = ?');
  const addDoc = db.prepare('INSERT INTO docs (rid, id, at, facets) VALUES (?, ?, ?, ?)');
  const addHead = db.prepare('INSERT INTO fh (rowid, head, m) VALUES (?, ?, ?)');
  const addBody = db.prepare('INSERT INTO fb (rowid, body, m) VALUES (?, ?, ?)');
  const addLanguage = db.prepare('INSERT OR IGNORE INTO languages (language) VALUES (?)');
  const addWords = db.prepare(
    `INSERT INTO words (form, stem, df)
     SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
     ON CONFLICT DO UPDATE SET df = df + excluded.df`,
  );
  // A name that no state had before: whoever keeps what is in a week sees that it has changed.
  const change = db.prepare('INSERT OR REPLACE INTO weeks (week, state) VALUES (?, hex(randomblob(8)))');
  const labelsOf = createLabelling(db);
  const setMeta = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  return { apply, clear };

  function apply({ put, remove, position }: Batch): void {
    inTransaction(db, () => {
      const learned: Learned = new Map();
      const rows: number[] = [];
      for (const id of remove) removeOne(id, rows);
      for (const story of put) putOne(story, learned, rows);
      for (const week of new Set(rows.map(weekOf))) change.run(week);
      // Once for each word of the batch: most words of a story are in its neighbours too.
      addWords.run(JSON.stringify([...learned.values()]));
      if (position !== undefined) setMeta.run('position', position);
    });
  }

  /** `rows` gets the rows that were changed. */
  function removeOne(id: string, rows: number[]): boolean {
    const row = known.get(id) as { rid: number } | undefined;
    if (!row) return false;
    for (const statement of drop) statement.run(row.rid);
    rows.push(row.rid);
    return true;
  }

  function putOne(story: IndexedStory, learned: Learned, rows: number[]): void {
    const isNew = !removeOne(story.id, rows);
    const rid = freeRow(rowOf(story.at));
    rows.push(rid);
    const { language } = story;
    const forms = new Map<string, string>();
    const stemOf = (word: string): string => {
      const stemmed = stem(word, language);
      forms.set(word, stemmed);
      return stemmed;
    };
    const stemsOf = (text: string): string =>
      text
        .split(/\n+/)
        .map((line) => wordsOf(line).map(stemOf).join(' '))
        .join(BOUNDARY);
    const head = stemsOf(story.head);
    const body = stemsOf(story.text);
    const markers = markersOf(story.marks).join(' ');
    addDoc.run(rid, story.id, story.at, labelsOf(story));
    addHead.run(rid, head, markers);
    addBody.run(rid, `${head}${BOUNDARY}${body}`, markers);
    addLanguage.run(language);
    for (const [form, stemmed] of forms) {
      const key = `${form} ${stemmed}`;
      const word = learned.get(key) ?? [form, stemmed, 0];
      // A story that was there already has its words counted.
      if (isNew) word[2] += 1;
      learned.set(key, word);
    }
  }

  function freeRow(first: number): number {
    let rid = first;
    while (taken.get(rid) !== undefined) rid += 1;
    return rid;
  }

  function clear(): void {
    inTransaction(db, () => {
      for (const table of ['docs', 'weeks', 'words', 'languages', 'meta']) db.exec(`DELETE FROM ${table}`);
      for (const table of ['fh', 'fb']) db.exec(`INSERT INTO ${table}(${table}) VALUES('delete-all')`);
    });
  }
}
