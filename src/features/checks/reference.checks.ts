import type { BodyNode } from '../../schema/index.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { placedNodes } from './blocks.ts';
import { type Around, type Checks, type Found, when } from './check.ts';

const unknownIn = (
  ids: readonly unknown[],
  known: ReadonlySet<string>,
  pointer: string,
  what: string,
): Found[] =>
  ids.flatMap((id, index) =>
    known.has(String(id))
      ? []
      : [
          {
            pointer: `${pointer}/${index}`,
            message: `The ${what} ${id} is not there any more. Take it off the story.`,
          },
        ],
  );

/** True for a block that shows the item, and for words that link to it. */
const names = ({ attrs = {}, marks = [] }: BodyNode, id: string): boolean =>
  JSON.stringify(attrs).includes(id) || JSON.stringify(marks).includes(`"media:${id}"`);

const GONE = 'This picture or file is not in the media library any more. Take it out or choose another.';

function unknownMedia({ hero, body, media }: ArticleRecord, { known }: Around): Found[] {
  const gone = new Set(media.map(String).filter((id) => !known.media.has(id)));
  if (gone.size === 0) return [];
  const inBody = placedNodes(body)
    .filter(({ node }) => [...gone].some((id) => names(node, id)))
    .map(({ pointer, block }) => ({ pointer, ...(block ? { block } : {}), message: GONE }));
  return [...when(hero !== null && gone.has(String(hero.media)), '/hero/media', GONE), ...inBody];
}

/** What a story points at must be there, and where it stands among others. */
export const referenceChecks = {
  unknown_section: {
    means: 'The section of the story is not there any more.',
    level: 'blocking',
    needs: ['known'],
    find: ({ section }, { known }) =>
      when(
        section !== null && !known.sections.has(String(section)),
        '/section',
        'The section of the story is not there any more. Choose another.',
      ),
  },
  unknown_tag: {
    means: 'A tag of the story is not there any more.',
    level: 'blocking',
    needs: ['known'],
    find: ({ tags }, { known }) => unknownIn(tags, known.tags, '/tags', 'tag'),
  },
  unknown_author: {
    means: 'An author of the story is not there any more.',
    level: 'blocking',
    needs: ['known'],
    find: ({ authors }, { known }) => unknownIn(authors, known.authors, '/authors', 'author'),
  },
  unknown_media: {
    means: 'A picture, clip, sound or linked file of the story is not in the media library any more.',
    level: 'blocking',
    needs: ['known'],
    find: unknownMedia,
  },
  section_missing: {
    means: 'The story stands in no section.',
    level: 'advisory',
    find: ({ section }) => when(section === null, '/section', 'The story stands in no section.'),
  },
  byline_missing: {
    means: 'The story names no author.',
    level: 'advisory',
    find: ({ authors }) => when(authors.length === 0, '/authors', 'The story names no author.'),
  },
  duplicate_story: {
    means: 'A story with the same headline or address was published within the last 14 days.',
    level: 'advisory',
    needs: ['twin'],
    find: (_story, { twin }) =>
      twin
        ? [
            {
              pointer: '/headline',
              message: `"${twin.headline}" (${twin.slug}) was published lately: is it the same story?`,
            },
          ]
        : [],
  },
} as const satisfies Checks;
