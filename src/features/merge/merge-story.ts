import type { BodyDoc } from '../../schema/index.ts';
import { areNamed, mergeBlocks } from './blocks.ts';
import { type Conflict, same, settle } from './conflicts.ts';
import { mergeOrder } from './order.ts';

/** Fields of a story as JSON has them. */
type Fields = Readonly<Record<string, unknown>>;

export interface MergedStory {
  /** What is to be changed in theirs. */
  readonly changes: Fields;
  readonly conflicts: readonly Conflict[];
}

type Outcome = { readonly value: unknown; readonly conflicts: readonly Conflict[] };
type Merger = (pointer: string, base: unknown, theirs: unknown, yours: unknown) => Outcome;

const clash = (pointer: string, base: unknown, theirs: unknown, yours: unknown): Outcome => ({
  value: theirs,
  conflicts: [{ pointer, what: 'content', base, theirs, yours }],
});

/** Taken from the side that changed it. */
const whole: Merger = (pointer, base, theirs, yours) => {
  const settled = settle(base, theirs, yours);
  return settled ? { value: settled.value, conflicts: [] } : clash(pointer, base, theirs, yours);
};

type Ids = readonly string[];

/** What either side added is there, what either removed is not; nobody cares for the order of tags. */
const set: Merger = (_pointer, base, theirs, yours) => ({
  value: mergeOrder(base as Ids, theirs as Ids, yours as Ids).order,
  conflicts: [],
});

/** As a set, and who stands before whom is a matter that two may differ on. */
const list: Merger = (pointer, base, theirs, yours) => {
  const { order, clashes } = mergeOrder(base as Ids, theirs as Ids, yours as Ids);
  return clashes.length > 0 ? clash(pointer, base, theirs, yours) : { value: order, conflicts: [] };
};

/** Member by member; those that are not given stay as they are. */
const members: Merger = (pointer, base, theirs, yours) => {
  const [before, now] = [base as Fields, theirs as Fields];
  const outcomes = Object.entries(yours as Fields).map(
    ([name, value]) => [name, whole(`${pointer}/${name}`, before[name], now[name], value)] as const,
  );
  return {
    value: { ...now, ...Object.fromEntries(outcomes.map(([name, { value }]) => [name, value])) },
    conflicts: outcomes.flatMap(([, { conflicts }]) => conflicts),
  };
};

/** Caption, alt and credit are about one picture: with another picture they are other words. */
const hero: Merger = (pointer, base, theirs, yours) => {
  const pictures = [base, theirs, yours].map((one) => (one as { media?: unknown } | null)?.media ?? null);
  const isOne = pictures[0] !== null && pictures.every((media) => media === pictures[0]);
  return (isOne ? members : whole)(pointer, base, theirs, yours);
};

const body: Merger = (pointer, base, theirs, yours) => {
  const documents = [base, theirs, yours].map((one) => (one as BodyDoc).content);
  const [before = [], now = [], mine = []] = documents;
  if (!documents.every(areNamed)) return whole(pointer, base, theirs, yours);
  const { blocks, conflicts } = mergeBlocks(before, now, mine);
  return { value: { type: 'doc', content: blocks }, conflicts };
};

/** How each field is merged; one that is not named is taken as a whole. */
const MERGERS: Readonly<Record<string, Merger>> = {
  body,
  tags: set,
  authors: list,
  comments: members,
  seo: members,
  hero,
};

/**
 * Merges the given fields of yours into theirs, both having come from base: by field, and by block in the body. Pure: it
 * looks at nothing but its arguments.
 */
export function mergeStory(base: Fields, theirs: Fields, yours: Fields): MergedStory {
  const outcomes = Object.entries(yours).map(
    ([field, value]) =>
      [field, (MERGERS[field] ?? whole)(`/${field}`, base[field], theirs[field], value)] as const,
  );
  return {
    changes: Object.fromEntries(
      outcomes.flatMap(([field, { value }]) => (same(value, theirs[field]) ? [] : [[field, value]])),
    ),
    conflicts: outcomes.flatMap(([, { conflicts }]) => conflicts),
  };
}
