import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedFilter } from '../articles/published.queries.ts';
import {
  addressKey,
  articleKey,
  type Happening,
  type ListedBy,
  listKey,
  MOVED_ANYWHERE,
} from '../articles/story-keys.ts';
import type { Embedded } from './delivery.presenter.ts';

/** How a story stands on a page. */
export interface Standing {
  /** The fields that were asked for; all without it. */
  readonly fields?: readonly string[] | undefined;
  readonly withBody?: boolean;
  /** As it was at some time: what readers have of it now changes nothing but that it is there. */
  readonly past?: boolean;
}

/** The cache tags of a story on a page: itself, and everything that is named with it there. */
export function storyKeys(
  story: PublishedRecord,
  { sections, alternates }: Pick<Embedded, 'sections' | 'alternates'>,
  { fields, withBody = false, past = false }: Standing = {},
): string[] {
  const shows = (field: string): boolean => fields === undefined || fields.includes(field);
  const path = (story.section && sections.get(String(story.section))) ?? [];
  const versions = shows('alternates') ? alternates.get(String(story._id)) : undefined;
  const pictures = withBody ? story.media : story.hero && shows('hero') ? [story.hero.media] : [];
  return [
    past ? addressKey(story._id) : articleKey(story._id),
    ...(shows('tags') ? story.tags.map((id) => `tag-${id}`) : []),
    ...(shows('authors') ? story.authors.map((id) => `author-${id}`) : []),
    ...(shows('section') ? path.map(({ _id }) => `section-${_id}`) : []),
    ...pictures.map((id) => `media-${id}`),
    ...(versions ? [versions.key] : []),
  ];
}

type Narrowed = readonly [by: ListedBy, values: readonly unknown[]];

const narrowedBy = ({ tags, authors, section, type, language }: PublishedFilter): Narrowed[] =>
  (
    [
      ['tag', tags],
      ['author', authors],
      ['section', section],
      ['type', type],
      ['language', language],
    ] as const
  ).flatMap(([by, values]) => (values ? [[by, values] as const] : []));

/** A section with more below it is watched as a whole. */
const MOST_VALUES = 60;

const each = (happenings: readonly Happening[], [by, values]: Narrowed): string[] =>
  values.length > MOST_VALUES
    ? [MOVED_ANYWHERE, ...happenings.map((happening) => listKey(happening, 'all'))]
    : happenings.flatMap((happening) => values.map((value) => listKey(happening, by, value)));

/** What the names in a question stand for, whatever it is called: a tag with those merged into it, a section with all below it. */
export const namesKeys = ({ tags = [], authors = [], section = [] }: PublishedFilter): string[] => [
  ...tags.map((id) => `named-tag-${id}`),
  ...authors.map((id) => `named-author-${id}`),
  ...(section.length > MOST_VALUES ? ['sections'] : section.map((id) => `below-${id}`)),
];

/**
 * What may bring a story into a list, or change its count. A story comes into a list of several conditions by the first of
 * them, or because it moved into another while readers had it.
 */
export function listKeys(filter: PublishedFilter, happenings: readonly Happening[]): string[] {
  const [first, ...others] = narrowedBy(filter);
  if (!first) return happenings.map((happening) => listKey(happening, 'all'));
  return [...each(happenings, first), ...others.flatMap((one) => each(['moved'], one))];
}

/** What may change the answer to a question about a list: pages behind a cursor do not change with what comes at the top. */
export const happeningsOf = ({
  after,
  count,
}: {
  after?: unknown;
  count?: boolean | undefined;
}): Happening[] => [after === undefined ? 'top' : 'deep', ...(count ? (['count'] as const) : [])];
