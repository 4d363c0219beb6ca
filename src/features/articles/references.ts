import { Types } from 'mongoose';
import type { ProblemIssue } from '../../contract/problem.ts';
import { DomainError } from '../../core/errors.ts';
import type { Tx } from '../../db/transaction.ts';
import { type BodyDoc, mediaIn, saidIn, withMedia } from '../../schema/index.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { ArticlePatch } from './articles.contract.ts';
import type { ArticleRecord } from './articles.model.ts';
import { type KindsOf, shownIn, wrongKinds } from './media-kinds.ts';
import type { Reference, StoryUses } from './uses.ts';

/** Answers which of some ids are there. */
type Existing = (ids: readonly string[], session: Tx['session']) => Promise<ReadonlySet<string>>;

/** Answers what stands now in the place of those of some ids that were replaced. */
type Current = (ids: readonly string[], session: Tx['session']) => Promise<ReadonlyMap<string, string>>;

export interface ReferenceLookups {
  readonly tags: { readonly existing: Existing };
  readonly sections: { readonly existing: Existing };
  readonly authors: { readonly existing: Existing };
  readonly media: { readonly existing: Existing; readonly current: Current; readonly kinds: KindsOf };
}

export interface ReferenceDeps {
  readonly lookups: ReferenceLookups;
  readonly accounts: UserAccounts;
  readonly uses: StoryUses;
}

interface Named {
  readonly id: string;
  readonly pointer: string;
}

/** One kind of thing that a change names, without what the story has already. */
interface NamedKind {
  readonly what: string;
  /** Where its use is marked; a member of staff is never deleted. */
  readonly field: Reference | null;
  readonly existing: Existing;
  readonly named: readonly Named[];
}

const given = (pointer: string, id: string | null | undefined): Named[] => (id ? [{ id, pointer }] : []);
const listed = (pointer: string, ids: readonly string[] = []): Named[] =>
  ids.map((id, index) => ({ id, pointer: `${pointer}/${index}` }));

/** What a change refers to, by kind. */
function kindsOf(
  { lookups, accounts }: ReferenceDeps,
  before: ArticleRecord,
  change: ArticlePatch,
): NamedKind[] {
  const media = shownIn(change).map(({ media: id, pointer }) => ({ id, pointer }));
  const fresh = (known: readonly unknown[], named: readonly Named[]): Named[] => {
    const old = new Set(known.map(String));
    return named.filter(({ id }) => !old.has(id));
  };
  const kinds: NamedKind[] = [
    {
      what: 'tag',
      field: 'tags',
      existing: lookups.tags.existing,
      named: fresh(before.tags, listed('/tags', change.tags)),
    },
    {
      what: 'section',
      field: 'section',
      existing: lookups.sections.existing,
      named: fresh([before.section], given('/section', change.section)),
    },
    {
      what: 'author',
      field: 'authors',
      existing: lookups.authors.existing,
      named: fresh(before.authors, listed('/authors', change.authors)),
    },
    {
      what: 'media item',
      field: 'media',
      existing: lookups.media.existing,
      named: fresh(before.media, media),
    },
    {
      what: 'member of staff',
      field: null,
      existing: accounts.existing,
      named: fresh([before.assignee], given('/assignee', change.assignee)),
    },
  ];
  return kinds.filter(({ named }) => named.length > 0);
}

/** What a change newly names and is not there, each time that it does. */
async function missingIn(
  tx: Tx,
  kinds: readonly NamedKind[],
): Promise<(Named & { readonly what: string })[]> {
  const missing: (Named & { readonly what: string })[] = [];
  // One after the other: a session carries one statement at a time.
  for (const { what, existing, named } of kinds) {
    const there = await existing(idsOf(named), tx.session);
    missing.push(...named.filter(({ id }) => !there.has(id)).map((one) => ({ ...one, what })));
  }
  return missing;
}

/** The ids of what a change newly names and is not there, each once. */
export const goneIn = async (
  tx: Tx,
  deps: ReferenceDeps,
  before: ArticleRecord,
  change: ArticlePatch,
): Promise<string[]> => idsOf(await missingIn(tx, kindsOf(deps, before, change)));

/**
 * Checks that everything that a change newly refers to is there, and keeps it from being deleted in the same moment.
 * @throws DomainError `invalid_input` naming each id that is not there, or each place that shows what cannot stand there.
 */
export async function takeUp(
  tx: Tx,
  deps: ReferenceDeps,
  before: ArticleRecord,
  change: ArticlePatch,
): Promise<void> {
  const kinds = kindsOf(deps, before, change);
  const missing = await missingIn(tx, kinds);
  const errors: ProblemIssue[] = missing.map(({ pointer, what }) => ({
    pointer,
    code: 'no_such_id',
    message: `There is no such ${what}.`,
  }));
  if (errors.length > 0) {
    throw new DomainError('invalid_input', 'The story refers to something that is not there.', { errors });
  }
  const wrong = await wrongKinds(tx, deps.lookups.media.kinds, before, change);
  if (wrong.length > 0) {
    throw new DomainError('invalid_input', 'The story shows something where it cannot stand.', {
      errors: wrong,
    });
  }
  const marks = kinds.flatMap(({ field, named }) => (field ? idsOf(named).map((id) => ({ field, id })) : []));
  await deps.uses.note(marks, tx.session);
}

/**
 * A change as it is saved: a picture that was replaced meanwhile is named by the one in its place, without the words that
 * the story had for the old one. What the change itself says is kept.
 */
export async function withCurrentPictures<C extends ArticlePatch>(
  tx: Tx,
  { lookups }: ReferenceDeps,
  before: Pick<ArticleRecord, 'hero' | 'body'>,
  change: C,
): Promise<C> {
  const { hero, body } = change;
  const named = [...(hero ? [hero.media] : []), ...(body ? mediaIn(body) : [])];
  if (named.length === 0) return change;
  const moved = await lookups.media.current(named, tx.session);
  const instead = hero && moved.get(hero.media);
  return {
    ...change,
    ...(instead ? { hero: { media: instead, ...newWords(hero, before.hero) } } : {}),
    ...(body && moved.size > 0 ? { body: withMedia(body, moved, saidIn(before.body)) } : {}),
  };
}

type Hero = NonNullable<ArticlePatch['hero']>;

/** The words that the story did not have for its hero. */
function newWords(hero: Hero, before: ArticleRecord['hero']) {
  const fresh = (word: 'alt' | 'caption' | 'credit') =>
    hero[word] === (before?.[word] ?? '') ? '' : hero[word];
  return { caption: fresh('caption'), alt: fresh('alt'), credit: fresh('credit') };
}

const idsOf = (named: readonly Named[]): string[] => [...new Set(named.map(({ id }) => id))];

/** Every media item that a story refers to, once each. */
export const mediaOf = (hero: { readonly media: Types.ObjectId } | null, body: BodyDoc): Types.ObjectId[] =>
  [...new Set([...(hero ? [String(hero.media)] : []), ...mediaIn(body)])].map((id) => new Types.ObjectId(id));
