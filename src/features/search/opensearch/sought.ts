import type { Term } from '../question.ts';
import { COUNT_CAP, MARK_KINDS, type Marks, type Question } from '../search-index.ts';
import { fold } from '../stems.ts';
import { analyzerOf } from './languages.ts';

export type Clause = Readonly<Record<string, unknown>>;
/** Where words are looked for: `head` has the headline alone, `body` everything. */
type Where = 'head' | 'body';
/** How a typed word is read: as it stands, as a beginning, as one slip away. */
export type Reading = 'whole' | 'begun' | 'slipped';

/** A term of a question, and the readings of which any will do. */
export interface Sought {
  readonly term: Term;
  readonly readings: readonly Reading[];
}

const SHORTEST_SLIP = 4;
const MOST_SLIPS = 5;
const WRITTEN = { head: 'headWords', body: 'words' } as const;

/** None of nothing: an empty `bool` would be every story. */
const anyOf = (should: readonly Clause[]): Clause =>
  should.length === 0 ? { match_none: {} } : { bool: { should, minimum_should_match: 1 } };

/** Words as text to analyze, never as an expression: `match` knows no operators. */
const fieldsOf = (where: Where, languages: readonly string[]): string[] => [
  ...new Set((languages.length > 0 ? languages : ['']).map((language) => `${where}.${analyzerOf(language)}`)),
];

const READINGS: Readonly<
  Record<Reading, (word: string, where: Where, languages: readonly string[]) => Clause[]>
> = {
  whole: (word, where, languages) =>
    // A language without spaces makes several words of one: they stand together.
    fieldsOf(where, languages).map((field) => ({ match_phrase: { [field]: word } })),
  begun: (word, where) => [{ prefix: { [WRITTEN[where]]: { value: fold(word) } } }],
  slipped: (word, where) =>
    [...word].length < SHORTEST_SLIP
      ? []
      : [
          {
            fuzzy: {
              [WRITTEN[where]]: {
                ...{ value: fold(word), fuzziness: 1, prefix_length: 1, transpositions: true },
                ...{ max_expansions: 50, rewrite: `top_terms_blended_freqs_${MOST_SLIPS}` },
              },
            },
          },
        ],
};

/** What a term asks for; a phrase in its order, all of it in one line of a story. */
export function termClause({ term, readings }: Sought, where: Where, languages: readonly string[]): Clause {
  if (term.kind === 'word')
    return anyOf(readings.flatMap((reading) => READINGS[reading](term.word, where, languages)));
  const text = term.words.join(' ');
  return anyOf(fieldsOf(where, languages).map((field) => ({ match_phrase: { [field]: text } })));
}

const marksClause = (marks: Marks): Clause =>
  anyOf(MARK_KINDS.flatMap((kind) => (marks[kind] ? [{ terms: { [`marks.${kind}`]: marks[kind] } }] : [])));

/** Nothing can be under none of its values. */
export const isBarren = ({ marks }: Question): boolean =>
  marks.some((one) => MARK_KINDS.every((kind) => (one[kind] ?? []).length === 0));

function during({ after, before }: Question): Clause[] {
  if (after === undefined && before === undefined) return [];
  return [{ range: { at: { gt: after, lt: before } } }];
}

/** As `scoreOf` has it: news of today counts twice, what is a month old one and a half times, what is old once. */
const aged = (query: Clause, now: number): Clause => ({
  function_score: {
    query,
    functions: [{ weight: 1 }, { exp: { at: { origin: now, scale: '30d', decay: 0.5 } } }],
    ...{ score_mode: 'sum', boost_mode: 'multiply' },
  },
});

/** All the terms; by fit also how well, where a headline with all of them counts more. */
function queryOf(sought: readonly Sought[], languages: readonly string[], question: Question): Clause {
  const all = (where: Where) => sought.map((one) => termClause(one, where, languages));
  const filter = [...question.marks.map(marksClause), ...during(question)];
  if (question.order !== 'fit') return { bool: { filter: [...all('body'), ...filter] } };
  const should = [{ bool: { must: all('head'), boost: 2 } }];
  return aged({ bool: { must: all('body'), should, filter } }, question.place?.now ?? question.now);
}

const SORTS: Readonly<Record<Question['order'], readonly object[]>> = {
  fit: [{ _score: 'desc' }, { at: 'desc' }, { id: 'desc' }],
  newest: [{ at: 'desc' }, { id: 'desc' }],
  oldest: [{ at: 'asc' }, { id: 'asc' }],
};

function beyond({ place, order }: Question): object {
  if (!place) return {};
  const { id, at, score } = place;
  return { search_after: order === 'fit' ? [score, at, id] : [at, id] };
}

const MOST_VALUES = 500;
const values = (kind: string) => ({ terms: { field: `marks.${kind}`, size: MOST_VALUES } });
const FACET_CLAUSES = {
  section: values('section'),
  tag: values('tag'),
  type: values('type'),
  month: {
    date_histogram: { field: 'at', calendar_interval: 'month', format: 'yyyy-MM', min_doc_count: 1 },
  },
} as const;

/** The search for one page, and one hit more. Words are fetched where only the stories tell what was meant. */
export function searchOf(
  sought: readonly Sought[],
  languages: readonly string[],
  question: Question,
): object {
  const guessed = sought.some(({ readings }) => readings.some((reading) => reading !== 'whole'));
  return {
    query: queryOf(sought, languages, question),
    size: question.limit + 1,
    sort: SORTS[question.order],
    ...beyond(question),
    track_total_hits: question.count ? COUNT_CAP + 1 : false,
    ...(question.facets ? { aggs: FACET_CLAUSES } : {}),
    _source: guessed ? ['body'] : false,
    timeout: '2s',
  };
}

/** Whether any story has it. */
export const probeOf = (clause: Clause): object => ({
  ...{ query: clause, size: 0, terminate_after: 1, track_total_hits: true },
});
