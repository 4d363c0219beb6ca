import { unavailable } from '../../core/errors.ts';

/** A story as an index takes it. Everything but `id` and `at` is only for finding it: an index gives back ids. */
export interface IndexedStory {
  readonly id: string;
  /** What newest first goes by, in milliseconds. */
  readonly at: number;
  readonly language: string;
  /** Headline and what it is filed under: a hit here counts more. */
  readonly head: string;
  readonly text: string;
  /** What a search may be narrowed by: kind -> values. */
  readonly marks: Readonly<Partial<Record<MarkKind, readonly string[]>>>;
}

/** `own` is who wrote or has the story, `assignee` who has it, `state` its status: for the desk's index only. */
export const MARK_KINDS = [
  'section',
  'tag',
  'author',
  'type',
  'language',
  'own',
  'state',
  'assignee',
] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** One of these, by any of its kinds: any value of a kind will do. */
export type Marks = Readonly<Partial<Record<MarkKind, readonly string[]>>>;

/** Where a page begins: a hit of the page before. `now` is the time that its ages were reckoned from. */
export interface Place {
  readonly id: string;
  readonly at: number;
  readonly score: number;
  readonly now: number;
  /** How many hits came up to this one: where it is gone, and weights are others, that is all that is left of its place. */
  readonly seen?: number;
}

export interface Question {
  readonly q: string;
  /** All of these. */
  readonly marks: readonly Marks[];
  /** Exclusive bounds, in milliseconds. */
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly order: 'fit' | 'newest' | 'oldest';
  readonly place?: Place | undefined;
  readonly limit: number;
  readonly count: boolean;
  readonly facets: boolean;
  /** The time from which ages are reckoned. */
  readonly now: number;
}

export interface Hit {
  readonly id: string;
  readonly at: number;
  readonly score: number;
}

export const FACETS = ['section', 'tag', 'type', 'month'] as const;
export type FacetName = (typeof FACETS)[number];
export type Facets = Readonly<Record<FacetName, Readonly<Record<string, number>>>>;

export interface Found {
  readonly hits: readonly Hit[];
  /** Whether there are hits after these. */
  readonly more: boolean;
  /** Up to `COUNT_CAP`. */
  readonly total?: number;
  readonly totalCapped?: boolean;
  readonly facets?: Facets;
  /** For the highlights: what was really looked for, once beginnings and slips were made good. */
  readonly stems: readonly string[];
  readonly languages: readonly string[];
}

export interface Health {
  /** What answers: `embedded` or `mongodb`. */
  readonly engine: string;
  readonly state: 'ready' | 'building' | 'closed';
  readonly stories: number;
}

/** Totals and facets look at no more hits than these, the newest. */
export const COUNT_CAP = 10_000;

/** What whoever asks is told when too much is asked. */
export const busy = (cause?: unknown) => unavailable('Search is busy. Try again shortly.', cause);

/** A count of hits, as it is told. */
export const capped = (n: number): Pick<Found, 'total' | 'totalCapped'> =>
  n > COUNT_CAP ? { total: COUNT_CAP, totalCapped: true } : { total: n };

/** What is written in one transaction. A story that is there already is replaced. */
export interface Batch {
  readonly put: readonly IndexedStory[];
  readonly remove: readonly string[];
  /** Up to where the source was followed; kept together with the stories, or not at all. */
  readonly position?: string | undefined;
}

/** What every implementation can do, and all that the rest of the program knows of it. */
export interface SearchIndex {
  /** One for all processes: only one of them at a time keeps it in step. */
  readonly shared: boolean;
  /**
   * How many searches by readers are worth having in hand at a time: more would be answered no sooner, and take the processor from
   * those who read.
   */
  readonly atOnce: number;
  apply(batch: Batch): Promise<void>;
  query(question: Question): Promise<Found>;
  /** `null` when the index has to be made from the beginning. */
  position(): Promise<string | null>;
  /** Empties it. */
  clear(): Promise<void>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

export const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);
