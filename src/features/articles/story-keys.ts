import { sha256 } from '../../core/tokens.ts';
import type { PublishedRecord } from './published.model.ts';

type Placing = Pick<PublishedRecord, 'tags' | 'authors' | 'section' | 'type' | 'language'>;

/** What readers have of a story, as far as it tells where the story is found. */
export type Seen = Placing &
  Pick<
    PublishedRecord,
    '_id' | 'slug' | 'headline' | 'media' | 'publishedAt' | 'changedAt' | 'number' | 'corrections'
  >;

/** By what stories are listed; `all` is the list of every story. */
export type ListedBy = 'all' | 'tag' | 'author' | 'section' | 'type' | 'language';

/**
 * What may happen to a list: `top` a story comes in, `deep` one comes in further down, `count` one comes in or leaves,
 * `moved` one comes in or leaves that readers had before and have after, `left` one leaves. What is on a page leaves it by
 * its own tag.
 */
export type Happening = 'top' | 'deep' | 'count' | 'moved' | 'left';

export const listKey = (happening: Happening, by: ListedBy, value?: unknown): string =>
  value === undefined ? `${happening}-${by}` : `${happening}-${by}-${value}`;

const OWN = /^article-([0-9a-f]{24})$/;

/** A story where it stands itself; and whose such a cache tag is, or `null` for any other. */
export const articleKey = (id: unknown): string => `article-${id}`;
export const articleOf = (key: string): string | null => OWN.exec(key)?.[1] ?? null;

/** A story where it is named by headline and address. A hash: that something leads to a story may be known before the story is. */
export const linkKey = (id: unknown): string => `link-${sha256(String(id)).slice(0, 16)}`;

/** Where a story is found at all. */
export const addressKey = (id: unknown): string => `address-${id}`;

/** A story that is looked at only to know that a list goes on. */
export const goneKey = (id: unknown): string => `gone-${id}`;

/** For pages that would have to name too many lists one by one. */
export const MOVED_ANYWHERE = 'moved-any';

/** A past page changes when a story that readers once had comes back. */
export const RETURNED = 'returned';

/** The lists in which a story stands. */
const listsOf = (story: Placing | null): Map<string, readonly [ListedBy, unknown?]> => {
  if (!story) return new Map();
  const lists: (readonly [ListedBy, unknown?])[] = [
    ['all'],
    ...story.tags.map((id) => ['tag', id] as const),
    ...story.authors.map((id) => ['author', id] as const),
    ...(story.section ? [['section', story.section] as const] : []),
    ['type', story.type],
    ['language', story.language],
  ];
  return new Map(lists.map(([by, value]) => [`${by}-${value ?? ''}`, [by, value] as const]));
};

const without = <V>(lists: ReadonlyMap<string, V>, others: ReadonlyMap<string, V>): V[] =>
  [...lists].filter(([name]) => !others.has(name)).map(([, list]) => list);

/** What is new stands above everything; what is dated back, or newly filed under something, may stand anywhere. */
const isNewest = (before: Seen | null, after: Seen): boolean =>
  before === null && after.publishedAt.getTime() === after.changedAt.getTime();

function listKeys(before: Seen | null, after: Seen | null): string[] {
  const [had, has] = [listsOf(before), listsOf(after)];
  const [joined, left] = [without(has, had), without(had, has)];
  const stays = before !== null && after !== null;
  const comesIn: Happening[] = after && isNewest(before, after) ? ['top', 'count'] : ['top', 'deep', 'count'];
  const moves: Happening[] = stays ? ['moved'] : [];
  const isMoved = stays && joined.length + left.length > 0;
  return [
    ...(isMoved ? [MOVED_ANYWHERE] : []),
    ...joined.flatMap((list) => [...comesIn, ...moves].map((happening) => listKey(happening, ...list))),
    ...(before && left.length > 0 ? [goneKey(before._id)] : []),
    ...left.flatMap((list) =>
      (['count', 'left', ...moves] as const).map((happening) => listKey(happening, ...list)),
    ),
  ];
}

/** The list of corrections, and such lists by tag and section. */
function correctionKeys(before: Seen | null, after: Seen | null): string[] {
  const [had, has] = [before?.corrections ?? [], after?.corrections ?? []];
  if (had.length + has.length === 0) return [];
  const filed = (story: Seen | null): string => JSON.stringify([story?.tags, story?.section]);
  return [
    ...(JSON.stringify(had) === JSON.stringify(has) ? [] : ['corrections']),
    ...(filed(before) === filed(after) ? [] : ['corrections-filed']),
  ];
}

/** Every tag whose pages a change of what readers have of a story changes; `null` where they have nothing. */
export function changedKeys(before: Seen | null, after: Seen | null): string[] {
  const story = after ?? before;
  if (!story) return [];
  const isElsewhere = before?.slug !== after?.slug;
  const isNamedOtherwise = isElsewhere || before?.headline !== after?.headline;
  const kept = new Set(after?.media.map(String));
  const gone = (before?.media ?? []).filter((id) => !kept.has(String(id)));
  return [
    articleKey(story._id),
    ...(isElsewhere ? [addressKey(story._id)] : []),
    ...(isNamedOtherwise ? [linkKey(story._id)] : []),
    ...(before === null && after !== null && after.number > 1 ? [RETURNED] : []),
    ...listKeys(before, after),
    ...correctionKeys(before, after),
    ...gone.map((id) => `file-${id}`),
  ];
}
