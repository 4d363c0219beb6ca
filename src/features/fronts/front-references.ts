import type { Types } from 'mongoose';
import type { ProblemIssue } from '../../contract/problem.ts';
import { DomainError } from '../../core/errors.ts';
import type { Tx } from '../../db/transaction.ts';
import type { StoryUses } from '../articles/uses.ts';
import type { FrontContent } from './fronts.model.ts';

type Existing = (ids: readonly string[], session: Tx['session']) => Promise<ReadonlySet<string>>;

export interface FrontReferences {
  readonly uses: StoryUses;
  readonly storyExists: Existing;
  readonly lookups: {
    readonly tags: { readonly existing: Existing };
    readonly sections: { readonly existing: Existing };
    readonly media: {
      readonly existing: Existing;
      readonly kinds: (
        ids: readonly string[],
        session: Tx['session'],
      ) => Promise<ReadonlyMap<string, string>>;
    };
  };
}

interface Named {
  readonly pointer: string;
  readonly id: Types.ObjectId;
}

/** Everything that the containers name, by kind, and where it stands in the request. */
function namedIn({ containers }: FrontContent): Record<'articles' | 'media' | 'tags' | 'section', Named[]> {
  const named: ReturnType<typeof namedIn> = { articles: [], media: [], tags: [], section: [] };
  for (const [at, { cards, backfill }] of containers.entries()) {
    const pointer = `/containers/${at}`;
    if (backfill?.tag) named.tags.push({ pointer: `${pointer}/backfill/tag`, id: backfill.tag });
    if (backfill?.section)
      named.section.push({ pointer: `${pointer}/backfill/section`, id: backfill.section });
    for (const [place, { article, overrides }] of cards.entries()) {
      const card = `${pointer}/cards/${place}`;
      named.articles.push({ pointer: `${card}/article`, id: article });
      if (overrides.picture)
        named.media.push({ pointer: `${card}/overrides/picture/media`, id: overrides.picture.media });
    }
  }
  return named;
}

/**
 * Checks that what a front newly refers to is there, and keeps it from being deleted in the same moment.
 * @throws DomainError `invalid_input` naming each id that is not there, and what is given as a picture and is none.
 */
export async function takeUp(
  tx: Tx,
  { uses, storyExists, lookups }: FrontReferences,
  before: FrontContent | null,
  after: FrontContent,
): Promise<void> {
  const named = namedIn(after);
  const kinds = [
    { field: 'articles', what: 'story', existing: storyExists },
    { field: 'media', what: 'picture', existing: lookups.media.existing },
    { field: 'tags', what: 'tag', existing: lookups.tags.existing },
    { field: 'section', what: 'section', existing: lookups.sections.existing },
  ] as const;
  const errors: ProblemIssue[] = await notPictures(tx, lookups.media.kinds, before, named.media);
  for (const { field, what, existing } of kinds) {
    const known = new Set(before?.[field].map(String));
    const fresh = named[field].filter(({ id }) => !known.has(String(id)));
    if (fresh.length === 0) continue;
    const ids = [...new Set(fresh.map(({ id }) => String(id)))];
    const there = await existing(ids, tx.session);
    for (const { id, pointer } of fresh)
      if (!there.has(String(id)))
        errors.push({ pointer, code: 'no_such_id', message: `There is no such ${what}.` });
    if (field !== 'articles')
      await uses.note(
        ids.map((id) => ({ field, id })),
        tx.session,
      );
  }
  if (errors.length > 0)
    throw new DomainError(
      'invalid_input',
      'The front refers to something that is not there, or cannot stand there.',
      {
        errors,
      },
    );
}

/** Faults of the pictures that a front newly has for its cards. */
async function notPictures(
  tx: Tx,
  kinds: FrontReferences['lookups']['media']['kinds'],
  before: FrontContent | null,
  named: readonly Named[],
): Promise<ProblemIssue[]> {
  const known = new Set(before?.media.map(String));
  const fresh = named.filter(({ id }) => !known.has(String(id)));
  if (fresh.length === 0) return [];
  const found = await kinds(
    fresh.map(({ id }) => String(id)),
    tx.session,
  );
  return fresh
    .filter(({ id }) => (found.get(String(id)) ?? 'image') !== 'image')
    .map(({ pointer }) => ({
      ...{ pointer, code: 'kind' },
      message: 'Only a picture can stand on a card. Choose a picture.',
    }));
}
