import { termsOf } from '../question.ts';
import { fitOf, scoreOf } from '../ranking.ts';
import { COUNT_CAP, type Found, type Hit, type Question } from '../search-index.ts';
import { stemsIn } from '../stems.ts';
import { type Bounds, createCounting } from './counting.ts';
import { type Database, textOf } from './driver.ts';
import { matchOf, type Sought } from './match.ts';
import { bestFirst, type Doc, firstOf, isTie, newerFirst, type Ranked } from './order.ts';
import { momentOf, rowOf } from './rows.ts';
import { prepareStatements, type Statements, WINDOW } from './statements.ts';
import { createVocabulary, soughtFor } from './vocabulary.ts';

/** Ends of the row numbers, for a search that is bounded on one side. */
const FIRST = Number.MIN_SAFE_INTEGER;
const LAST = Number.MAX_SAFE_INTEGER;
/** Beside the hits of a page, for those that share their moment with the last of them. */
const READ_AHEAD = 20;

type Statement = Statements['rows'];

/** What is looked for by fit. `isDear`: to weigh it would take too long. `newest`: the newest rows that match, where known. */
interface Fitting {
  readonly match: string;
  readonly bounds: Bounds;
  readonly statements: Statements;
  readonly isDear: boolean;
  readonly newest: readonly number[] | undefined;
}

const NOTHING: Pick<Found, 'hits' | 'more'> = { hits: [], more: false };

/** Answers questions from the index file. */
export function createAsking(db: Database, { common = COUNT_CAP }: { readonly common?: number } = {}) {
  const vocabulary = createVocabulary(db, { common });
  const { countsOf } = createCounting(db);
  const unbounded = prepareStatements(db, { areBounded: false });
  const bounded = prepareStatements(db, { areBounded: true });
  const docs = {
    doc: db.prepare('SELECT id, at FROM docs WHERE rid = ?'),
    row: db.prepare('SELECT rid FROM docs WHERE id = ? AND at = ?'),
    languages: db.prepare('SELECT language FROM languages'),
  };
  return { ask };

  function ask(question: Question): Found {
    const languages = languagesOf(question);
    const sought = soughtIn(question, languages);
    const stems = sought.flatMap((one) => (one.kind === 'word' ? one.stems : one.variants.flat()));
    const known = { stems: [...new Set(stems)], languages };
    const hasPhrase = sought.some(({ kind }) => kind === 'phrase');
    const match = matchOf(sought, question.marks);
    const bounds = boundsOf(question);
    const statements = statementsFor(bounds);
    const { newest, ...counts } = countsOf({ match, bounds, hasPhrase, statements }, question);
    if (match === null) return { ...NOTHING, ...known, ...counts };
    if (question.order !== 'fit') return { ...byTime(match, question), ...known, ...counts };
    const isDear = hasPhrase || sought.some(vocabulary.isCommon);
    return { ...byFit({ match, bounds, statements, isDear, newest }, question), ...known, ...counts };
  }

  function languagesOf({ marks }: Question): string[] {
    const asked = marks.find(({ language }) => language)?.language;
    if (asked) return [...asked];
    return (docs.languages.all() as unknown as { language: string }[]).map(({ language }) => language);
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
    if (after === undefined && before === undefined) return [];
    return [after === undefined ? FIRST : rowOf(after + 1) - 1, before === undefined ? LAST : rowOf(before)];
  }

  function byTime(match: string, question: Question): Pick<Found, 'hits' | 'more'> {
    const { order, limit, place } = question;
    const bounds = pageBounds(question);
    const { oldest, newest } = statementsFor(bounds);
    const statement = order === 'oldest' ? oldest : newest;
    const forwards = order === 'oldest' ? -1 : 1;
    for (let read = limit + READ_AHEAD; ; read *= 4) {
      const rows = statement.all(match, ...bounds, read) as unknown as Doc[];
      const isAll = rows.length < read;
      const inOrder = rows.sort((one, other) => forwards * newerFirst(one, other));
      const last = inOrder.at(-1)?.at;
      const hits = inOrder
        // More that share the last one's moment may come before it.
        .filter(({ at }) => isAll || at !== last)
        .filter((doc) => !place || forwards * newerFirst(place, doc) < 0);
      if (isAll || hits.length > limit)
        return { hits: hits.slice(0, limit).map((doc) => ({ ...doc, score: 0 })), more: hits.length > limit };
    }
  }

  /** From the moment of the hit where the page before ended: of those that share it some may be before it. */
  function pageBounds(question: Question): Bounds {
    const bounds = boundsOf(question);
    const { place, order } = question;
    if (!place) return bounds;
    const [above = FIRST, below = LAST] = bounds;
    return order === 'oldest'
      ? [Math.max(above, rowOf(place.at) - 1), below]
      : [above, Math.min(below, rowOf(place.at + 1))];
  }

  function byFit(fitting: Fitting, question: Question): Pick<Found, 'hits' | 'more'> {
    const { match, bounds, statements, isDear, newest } = fitting;
    const { texts, headlines } = isDear ? statements.unscored : statements.scored;
    const inText =
      isDear && newest
        ? new Map(newest.slice(0, WINDOW).map((rid) => [rid, 1]))
        : fitsOf(texts, match, bounds);
    const inHead = fitsOf(headlines, match, bounds);
    const now = question.place?.now ?? question.now;
    const ranked = [...new Set([...inText.keys(), ...inHead.keys()])]
      .map((rid) => ({
        rid,
        score: scoreOf(fitOf(inText.get(rid) ?? 0, inHead.get(rid) ?? 0), momentOf(rid), now),
      }))
      .sort(bestFirst);
    const hits = firstOf(question.limit + 1, hitsAfter(question.place, ranked));
    return { hits: hits.slice(0, question.limit), more: hits.length > question.limit };
  }

  /** Behind the last hit of the page before; where that is gone, behind as many as came before it. */
  function* hitsAfter(place: Question['place'], ranked: readonly Ranked[]): Generator<Hit> {
    const row = place && (docs.row.get(place.id, place.at) as { rid: number } | undefined);
    const last = ranked.find(({ rid }) => rid === row?.rid);
    let left = place && !last ? (place.seen ?? 1) - 1 : 0;
    const from = last ? ranked.findIndex((one) => isTie(one, last)) : 0;
    for (const hit of inOrder(ranked.slice(from))) {
      const isBefore =
        last && place && isTie(last, { rid: rowOf(hit.at), score: hit.score }) && hit.id >= place.id;
      if (left > 0) left -= 1;
      else if (!isBefore) yield hit;
    }
  }

  /** Those that fit as well and are of one moment are in the order of their ids, whichever was written first. */
  function* inOrder(ranked: readonly Ranked[]): Generator<Hit> {
    for (let from = 0, to = 0; from < ranked.length; from = to) {
      const first = ranked[from] as Ranked;
      while (to < ranked.length && isTie(first, ranked[to] as Ranked)) to += 1;
      const hits = ranked.slice(from, to).flatMap((one) => hitOf(one) ?? []);
      yield* hits.length > 1 ? hits.sort(newerFirst) : hits;
    }
  }

  /** Of row, fit, row, fit. */
  function fitsOf(statement: Statement, match: string, bounds: Bounds): Map<number, number> {
    const numbers = textOf(statement.get(match, ...bounds))
      .split(' ')
      .map(Number);
    const fits = new Map<number, number>();
    for (let at = 1; at < numbers.length; at += 2) fits.set(numbers[at - 1] ?? 0, numbers[at] ?? 0);
    return fits;
  }

  function hitOf({ rid, score }: Ranked): Hit | null {
    const doc = docs.doc.get(rid) as Doc | undefined;
    return doc ? { id: doc.id, at: doc.at, score } : null;
  }

  function statementsFor(bounds: Bounds): Statements {
    return bounds.length > 0 ? bounded : unbounded;
  }
}
