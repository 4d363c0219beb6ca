import { unavailable } from '../../../core/errors.ts';
import { type Term, termsOf } from '../question.ts';
import { capped, FACETS, type Facets, type Found, type Hit, type Question } from '../search-index.ts';
import { isOneSlip } from '../spelling.ts';
import { fold, stemsIn } from '../stems.ts';
import { createTally } from '../tally.ts';
import type { StoryDocument } from './mapping.ts';
import { isBarren, probeOf, type Reading, type Sought, searchOf, termClause } from './sought.ts';
import type { Wire } from './wire.ts';

interface Answer {
  readonly timed_out: boolean;
  readonly _shards: { readonly failed: number };
  readonly hits: {
    readonly total?: { readonly value: number };
    readonly hits: readonly AnsweredHit[];
  };
  readonly aggregations?: Readonly<Record<keyof Facets, { readonly buckets: readonly Bucket[] }>>;
}

interface AnsweredHit {
  readonly sort: readonly unknown[];
  readonly _source?: Pick<StoryDocument, 'body'>;
}

interface Bucket {
  readonly key: string | number;
  readonly key_as_string?: string;
  readonly doc_count: number;
}

interface Guess {
  readonly term: Term;
  readonly reading: Reading;
}

/** What a word may stand for when no story has it as it was typed, the likeliest first. */
function guessesOf(term: Term): Guess[] {
  const mayBegin = term.kind === 'word' && term.open === 'may';
  return (mayBegin ? (['begun', 'slipped'] as const) : (['slipped'] as const)).map((reading) => ({
    term,
    reading,
  }));
}

/** Questions to one index of OpenSearch, whose stories are in these languages. */
export function createAsking({ wire, name }: { readonly wire: Wire; readonly name: string }) {
  return { ask };

  async function ask(question: Question, known: readonly string[]): Promise<Found> {
    const languages = question.marks.find(({ language }) => language)?.language ?? known;
    const terms = termsOf(question.q);
    if (terms.length === 0 || isBarren(question)) return nothing(terms, languages, question);
    const sought = await readingsOf(terms, languages);
    const answer = whole(
      await wire.send<Answer>({
        method: 'POST',
        // The same question goes to the same copy of the index: another may reckon scores a little otherwise.
        path: `/${name}/_search?allow_partial_search_results=false&preference=${preferenceOf(question.q)}`,
        body: searchOf(sought, languages, question),
      }),
    );
    const hits = answer.hits.hits.slice(0, question.limit);
    return {
      hits: hits.map((hit) => hitOf(hit, question)),
      more: answer.hits.hits.length > question.limit,
      stems: [...new Set([...stemsOf(terms, languages), ...meantIn(hits, sought, languages)])],
      languages,
      ...counted(answer, question),
    };
  }

  /** A word that some story has is that word; else it is what stories have that it begins, or of which it is a slip. */
  async function readingsOf(terms: readonly Term[], languages: readonly string[]): Promise<Sought[]> {
    const asked = terms.filter((term) => term.kind === 'word' && term.open !== 'must');
    const known = await firstOf(
      asked.map((term) => ({ term, reading: 'whole' as const })),
      languages,
    );
    const unknown = asked.filter((term) => !known.has(term));
    const meant = await firstOf(unknown.flatMap(guessesOf), languages);
    return terms.map((term) => {
      if (term.kind === 'word' && term.open === 'must') return { term, readings: ['whole', 'begun'] };
      return { term, readings: [meant.get(term) ?? 'whole'] };
    });
  }

  /** The first of its readings by which some story has a term. */
  async function firstOf(
    guesses: readonly Guess[],
    languages: readonly string[],
  ): Promise<Map<Term, Reading>> {
    const there = await probe(
      guesses.map(({ term, reading }) => termClause({ term, readings: [reading] }, 'body', languages)),
    );
    const found = guesses.filter((_guess, at) => there[at]);
    return new Map([...found].reverse().map(({ term, reading }) => [term, reading]));
  }

  async function probe(clauses: readonly object[]): Promise<boolean[]> {
    if (clauses.length === 0) return [];
    const body = clauses.flatMap((clause) => [{}, probeOf(clause as never)]);
    const answered = await wire.send<{ responses: readonly Answer[] }>({
      ...{ method: 'POST', path: `/${name}/_msearch`, body },
    });
    return (answered?.responses ?? []).map((one) => (whole(one).hits.total?.value ?? 0) > 0);
  }
}

/** Letters of a question as part of an address: which copy answers is all that it decides. */
const preferenceOf = (q: string): string => Buffer.from(`q${q}`).toString('hex').slice(0, 64);

function whole(answer: Answer | null): Answer {
  if (!answer?.hits || answer.timed_out || answer._shards.failed > 0)
    throw unavailable('Search is busy. Try again shortly.');
  return answer;
}

function nothing(terms: readonly Term[], languages: readonly string[], { count, facets }: Question): Found {
  return {
    ...{ hits: [], more: false, stems: stemsOf(terms, languages), languages },
    ...(count ? capped(0) : {}),
    ...(facets ? { facets: createTally().facets() } : {}),
  };
}

const wordsIn = (term: Term): readonly string[] => (term.kind === 'word' ? [term.word] : term.words);

const stemsOf = (terms: readonly Term[], languages: readonly string[]): string[] =>
  terms.flatMap(wordsIn).flatMap((word) => stemsIn(word, languages));

function hitOf({ sort }: AnsweredHit, { order }: Question): Hit {
  const [score, at, id] = order === 'fit' ? sort : [0, ...sort];
  return { id: String(id), at: Number(at), score: Number(score) };
}

const IS_MEANT: Readonly<Record<Reading, (form: string, typed: string) => boolean>> = {
  whole: () => false,
  begun: (form, typed) => form.startsWith(typed),
  slipped: (form, typed) => form[0] === typed[0] && isOneSlip(typed, form),
};

/** The stems of the words that these stories have in the place of what was typed: only they tell. */
function meantIn(
  hits: readonly AnsweredHit[],
  sought: readonly Sought[],
  languages: readonly string[],
): string[] {
  const guessed = sought.flatMap(({ term, readings }) =>
    term.kind === 'word' ? readings.map((reading) => [reading, fold(term.word)] as const) : [],
  );
  const forms = new Set(
    hits
      .flatMap(({ _source }) => Object.values(_source?.body ?? {}).flat())
      .flatMap((line) => line.split(' ')),
  );
  const meant = [...forms].filter((form) => {
    const folded = fold(form);
    return guessed.some(([reading, typed]) => IS_MEANT[reading](folded, typed));
  });
  return meant.flatMap((form) => stemsIn(form, languages));
}

function counted(
  answer: Answer,
  { count, facets }: Question,
): Pick<Found, 'total' | 'totalCapped' | 'facets'> {
  return {
    ...(count ? capped(answer.hits.total?.value ?? 0) : {}),
    ...(facets ? { facets: facetsOf(answer) } : {}),
  };
}

const facetsOf = ({ aggregations }: Answer): Facets =>
  Object.fromEntries(
    FACETS.map((name) => [
      name,
      Object.fromEntries(
        (aggregations?.[name].buckets ?? []).map((bucket) => [
          bucket.key_as_string ?? bucket.key,
          bucket.doc_count,
        ]),
      ),
    ]),
  ) as Facets;
