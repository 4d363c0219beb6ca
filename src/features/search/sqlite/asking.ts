import { termsOf } from '../question.ts';
import { fitOf, scoreOf } from '../ranking.ts';
import { COUNT_CAP, capped, type Found, type Hit, type Question } from '../search-index.ts';
import { stemsIn } from '../stems.ts';
import { type Database, textOf } from './driver.ts';
import { createFiled } from './filed.ts';
import { createLabelNames, tally } from './labels.ts';
import { matchOf, type Sought } from './match.ts';
import { numbersIn } from './numbers.ts';
import { PER_SECOND, rowOf } from './rows.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { createVocabulary, soughtFor } from './vocabulary.ts';

/** Ends of the row numbers, for a search that is bounded on one side. */
const FIRST = -(2 ** 52);
const LAST = 2 ** 52;

interface Row {
  readonly rid: number;
}

interface Doc {
  readonly id: string;
  readonly at: number;
}

type Statement = Statements['all'];

/** Bounds of row numbers, both exclusive; none for all there are. */
type Bounds = readonly [above: number, below: number] | readonly [];

const NOTHING: Pick<Found, 'hits' | 'more'> = { hits: [], more: false };

/** Answers questions from the index file. */
export function createAsking(db: Database, { common = COUNT_CAP }: { readonly common?: number } = {}) {
  const vocabulary = createVocabulary(db, { common });
  const facetsOf = createLabelNames(db);
  const filed = createFiled(db);
  const [statements, bounded] = [false, true].map((areBounded) => prepareStatements(db, { areBounded })) as [
    Statements,
    Statements,
  ];
  const docs = {
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
    return [
      after === undefined ? FIRST : rowOf(after) - 1,
      before === undefined ? LAST : rowOf(before) + PER_SECOND,
    ];
  }

  function byTime(match: string, question: Question): Pick<Found, 'hits' | 'more'> {
    const { order, limit } = question;
    const bounds = pageBounds(question);
    const { oldest, newest } = statementsFor(bounds);
    const statement = order === 'oldest' ? oldest : newest;
    const rows = statement.all(match, ...bounds, limit + 1) as unknown as Row[];
    const hits = rows.slice(0, limit).flatMap(({ rid }) => hitOf(rid, 0) ?? []);
    return { hits, more: rows.length > limit };
  }

  /** From the hit where the page before ended; where that has moved, from its second. */
  function pageBounds(question: Question): Bounds {
    const bounds = boundsOf(question);
    const { place, order } = question;
    if (!place) return bounds;
    const [above = FIRST, below = LAST] = bounds;
    const row = docs.row.get(place.id, place.at) as { rid: number } | undefined;
    const rid = row?.rid ?? rowOf(place.at);
    return order === 'oldest' ? [Math.max(above, rid), below] : [above, Math.min(below, rid)];
  }

  function byFit(
    body: string,
    head: string,
    sought: readonly Sought[],
    question: Question,
  ): Pick<Found, 'hits' | 'more'> {
    const isDear = sought.some((term) => term.kind === 'phrase' || vocabulary.isCommon(term));
    const bounds = boundsOf(question);
    const { unscored, scored } = statementsFor(bounds);
    const { texts, headlines } = isDear ? unscored : scored;
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

  /** Of row, fit, row, fit. */
  function fitsOf(statement: Statement, match: string, bounds: Bounds): Map<number, number> {
    const numbers = textOf(statement.get(match, ...bounds))
      .split(' ')
      .map(Number);
    const fits = new Map<number, number>();
    for (let at = 1; at < numbers.length; at += 2) fits.set(numbers[at - 1] ?? 0, numbers[at] ?? 0);
    return fits;
  }

  /** Behind the last hit of the page before; where that is gone, behind its score. */
  function startAfter(
    ranked: readonly { rid: number; score: number }[],
    { id, at, score }: NonNullable<Question['place']>,
  ): number {
    const row = docs.row.get(id, at) as { rid: number } | undefined;
    const found = row ? ranked.findIndex(({ rid }) => rid === row.rid) : -1;
    if (found >= 0) return found + 1;
    const below = ranked.findIndex((one) => one.score < score);
    return below < 0 ? ranked.length : below;
  }

  function hitOf(rid: number, score: number): Hit | null {
    const doc = docs.doc.get(rid) as Doc | undefined;
    return doc ? { id: doc.id, at: doc.at, score } : null;
  }

  function counted(
    match: string | null,
    question: Question,
  ): Pick<Found, 'total' | 'totalCapped' | 'facets'> {
    const bounds = boundsOf(question);
    const { count, all, labels } = statementsFor(bounds);
    const found = (statement: Statement): unknown =>
      match === null ? undefined : statement.get(match, ...bounds);
    const labelled = () => filed.countOf(numbersIn(textOf(found(all)))) ?? tally(textOf(found(labels)));
    return {
      ...(question.facets ? { facets: facetsOf(labelled()) } : {}),
      ...(question.count ? capped((found(count) as { n: number } | undefined)?.n ?? 0) : {}),
    };
  }

  function statementsFor(bounds: Bounds): Statements {
    return bounds.length > 0 ? bounded : statements;
  }
}
