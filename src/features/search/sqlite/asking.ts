import { termsOf } from '../question.ts';
import { fitOf, scoreOf } from '../ranking.ts';
import { COUNT_CAP, capped, type Found, type Hit, type Question } from '../search-index.ts';
import { stemsIn } from '../stems.ts';
import type { Database } from './driver.ts';
import { createLabelCount } from './labels.ts';
import { matchOf, type Sought } from './match.ts';
import { createVocabulary, soughtFor } from './vocabulary.ts';
import { PER_SECOND, rowOf } from './writing.ts';

/** Fit is reckoned for the newest hits only: exact for all but the commonest words, and never slow. */
const WINDOW = 1000;
const HEADLINES = 200;
/** Ends of the row numbers, for a search without bounds. */
const FIRST = -(2 ** 52);
const LAST = 2 ** 52;

interface Row {
  readonly rid: number;
}

/** Row, fit, row, fit, with spaces in between. */
interface Packed {
  readonly rows: string | null;
}

interface Doc {
  readonly id: string;
  readonly at: number;
}

interface Labelled {
  readonly labels: string | null;
}

/** Bounds of row numbers, both exclusive. */
type Bounds = readonly [above: number, below: number];

const NOTHING: Pick<Found, 'hits' | 'more'> = { hits: [], more: false };

/** Answers questions from the index file. */
export function createAsking(db: Database) {
  const vocabulary = createVocabulary(db);
  const countLabels = createLabelCount(db);
  const within = (table: string) => `FROM ${table} WHERE ${table} MATCH ? AND rowid > ? AND rowid < ?`;
  // One text: a thousand rows one by one cost as much to hand over as to find.
  const packed = (fit: string, table: string, limit: number) =>
    db.prepare(
      `SELECT group_concat(rid || ' ' || fit, ' ') AS rows
       FROM (SELECT rowid AS rid, ${fit} AS fit ${within(table)} ORDER BY rowid DESC LIMIT ${limit})`,
    );
  const scored = (table: string, limit: number) => packed(`-bm25(${table}, 1.0, 0.0)`, table, limit);
  const unscored = (table: string, limit: number) => packed('1.0', table, limit);
  const statements = {
    scored: { texts: scored('fb', WINDOW), headlines: scored('fh', HEADLINES) },
    // bm25 of a phrase reads the whole list of its words: 50 ms instead of 2.
    unscored: { texts: unscored('fb', WINDOW), headlines: unscored('fh', HEADLINES) },
    newest: db.prepare(`SELECT rowid AS rid ${within('fb')} ORDER BY rowid DESC LIMIT ?`),
    oldest: db.prepare(`SELECT rowid AS rid ${within('fb')} ORDER BY rowid ASC LIMIT ?`),
    count: db.prepare(`SELECT count(*) AS n FROM (SELECT 1 ${within('fb')} LIMIT ${COUNT_CAP + 1})`),
    facets: db.prepare(
      `SELECT group_concat(d.facets, ' ') AS labels
       FROM (SELECT rowid AS rid ${within('fb')} ORDER BY rowid DESC LIMIT ${COUNT_CAP}) f
       JOIN docs d ON d.rid = f.rid`,
    ),
    doc: db.prepare('SELECT id, at FROM docs WHERE rid = ?'),
    row: db.prepare('SELECT rid FROM docs WHERE id = ? AND at = ?'),
    languages: db.prepare('SELECT language FROM languages'),
  };
  return { ask };

  function ask(question: Question): Found {
    const languages = languagesOf(question);
    const sought = soughtIn(question, languages);
    const body = matchOf('body', sought, question.marks);
    const stems = sought.flatMap((one) => (one.kind === 'word' ? one.stems : one.variants.flat()));
    const known = { stems: [...new Set(stems)], languages };
    if (body === null) return { ...NOTHING, ...known, ...counted(null, question) };
    const page =
      question.order === 'fit'
        ? byFit(body, matchOf('head', sought, question.marks) ?? body, sought, question)
        : byTime(body, question);
    return { ...page, ...known, ...counted(body, question) };
  }

  function languagesOf({ marks }: Question): string[] {
    const asked = marks.find(({ language }) => language)?.language;
    if (asked) return [...asked];
    return (statements.languages.all() as unknown as { language: string }[]).map(({ language }) => language);
  }

  function soughtIn({ q }: Question, languages: readonly string[]): Sought[] {
    return termsOf(q).map((term) =>
      term.kind === 'word'
        ? soughtFor(term, languages, vocabulary)
        : { kind: 'phrase', variants: variantsOf(term.words, languages) },
    );
  }

  /** A story is of one language: so are all words of a phrase in it. */
  function variantsOf(words: readonly string[], languages: readonly string[]): string[][] {
    const variants = languages.map((language) => words.flatMap((word) => stemsIn(word, [language])));
    return [...new Map(variants.map((variant) => [variant.join(' '), variant])).values()];
  }

  function boundsOf({ after, before }: Question): Bounds {
    return [
      after === undefined ? FIRST : rowOf(after) - 1,
      before === undefined ? LAST : rowOf(before) + PER_SECOND,
    ];
  }

  function byTime(match: string, question: Question): Pick<Found, 'hits' | 'more'> {
    const { order, limit } = question;
    const [above, below] = pageBounds(question);
    const statement = order === 'oldest' ? statements.oldest : statements.newest;
    const rows = statement.all(match, above, below, limit + 1) as unknown as Row[];
    const hits = rows.slice(0, limit).flatMap(({ rid }) => hitOf(rid, 0) ?? []);
    return { hits, more: rows.length > limit };
  }

  /** From the hit where the page before ended; where that has moved, from its second. */
  function pageBounds(question: Question): Bounds {
    const [above, below] = boundsOf(question);
    const { place, order } = question;
    if (!place) return [above, below];
    const row = statements.row.get(place.id, place.at) as { rid: number } | undefined;
    const rid = row?.rid ?? rowOf(place.at);
    return order === 'oldest' ? [Math.max(above, rid), below] : [above, Math.min(below, rid)];
  }

  function byFit(
    body: string,
    head: string,
    sought: readonly Sought[],
    question: Question,
  ): Pick<Found, 'hits' | 'more'> {
    const hasPhrase = sought.some(({ kind }) => kind === 'phrase');
    const { texts, headlines } = hasPhrase ? statements.unscored : statements.scored;
    const bounds = boundsOf(question);
    const inText = fitsOf(texts, body, bounds);
    const inHead = fitsOf(headlines, head, bounds);
    const now = question.place?.now ?? question.now;
    const ranked = [...new Set([...inText.keys(), ...inHead.keys()])]
      .map((rid) => ({
        rid,
        score: scoreOf(
          fitOf(inText.get(rid) ?? 0, inHead.get(rid) ?? 0),
          Math.floor(rid / PER_SECOND) * 1000,
          now,
        ),
      }))
      .sort((a, b) => b.score - a.score || b.rid - a.rid);
    const start = question.place ? startAfter(ranked, question.place) : 0;
    const slice = ranked.slice(start, start + question.limit);
    const hits = slice.flatMap(({ rid, score }) => hitOf(rid, score) ?? []);
    return { hits, more: ranked.length > start + question.limit };
  }

  function fitsOf(statement: typeof statements.newest, match: string, bounds: Bounds): Map<number, number> {
    const { rows } = statement.get(match, ...bounds) as unknown as Packed;
    const numbers = (rows ?? '').split(' ').map(Number);
    const fits = new Map<number, number>();
    for (let at = 1; at < numbers.length; at += 2) fits.set(numbers[at - 1] ?? 0, numbers[at] ?? 0);
    return fits;
  }

  /** Behind the last hit of the page before; where that is gone, behind its score. */
  function startAfter(
    ranked: readonly { rid: number; score: number }[],
    { id, at, score }: NonNullable<Question['place']>,
  ): number {
    const row = statements.row.get(id, at) as { rid: number } | undefined;
    const found = row ? ranked.findIndex(({ rid }) => rid === row.rid) : -1;
    if (found >= 0) return found + 1;
    const below = ranked.findIndex((one) => one.score < score);
    return below < 0 ? ranked.length : below;
  }

  function hitOf(rid: number, score: number): Hit | null {
    const doc = statements.doc.get(rid) as Doc | undefined;
    return doc ? { id: doc.id, at: doc.at, score } : null;
  }

  function counted(
    match: string | null,
    question: Question,
  ): Pick<Found, 'total' | 'totalCapped' | 'facets'> {
    const bounds = boundsOf(question);
    const get = <T>(statement: typeof statements.count, nothing: T): T =>
      match === null ? nothing : (statement.get(match, ...bounds) as T);
    return {
      ...(question.facets
        ? { facets: countLabels(get<Labelled>(statements.facets, { labels: null }).labels ?? '') }
        : {}),
      ...(question.count ? capped(get(statements.count, { n: 0 }).n) : {}),
    };
  }
}
