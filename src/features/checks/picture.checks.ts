import type { ArticleRecord } from '../articles/articles.model.ts';
import { picturesIn } from './blocks.ts';
import { type Around, type Checks, type Found, isBlank, when } from './check.ts';

type Word = 'alt' | 'credit';

/**
 * What readers would get: the story's own words, else those of the media library. Of a picture that was replaced the
 * story says nothing any more.
 */
function lacks(
  word: Word,
  picture: { readonly media: unknown } & Readonly<Record<Word, string | null>>,
  around: Around,
): boolean {
  const item = around.pictures.get(String(picture.media));
  const isAnother = item !== undefined && String(item._id) !== String(picture.media);
  return (isAnother || isBlank(picture[word])) && isBlank(item?.[word]);
}

const LACKING: Readonly<Record<Word, string>> = {
  alt: 'has no description (alt) for those who cannot see it.',
  credit: 'has no credit: say who made it.',
};

const heroLacks = ({ hero }: ArticleRecord, word: Word, around: Around): Found[] =>
  when(hero !== null && lacks(word, hero, around), `/hero/${word}`, `The hero picture ${LACKING[word]}`);

const picturesLack = ({ body }: ArticleRecord, word: Word, around: Around): Found[] =>
  picturesIn(body)
    .filter((picture) => lacks(word, picture, around))
    .map(({ pointer, block }) => ({
      pointer: `${pointer}/${word}`,
      ...(block ? { block } : {}),
      message: `A picture in the text ${LACKING[word]}`,
    }));

/** What pictures need: one at the top, described and credited. */
export const pictureChecks = {
  hero_missing: {
    means: 'There is no picture at the top.',
    level: 'advisory',
    find: ({ hero }) => when(hero === null, '/hero', 'There is no picture at the top.'),
  },
  hero_alt_missing: {
    means: 'The hero picture has no description (alt), here nor in the media library.',
    level: 'advisory',
    needs: ['pictures'],
    find: (story, around) => heroLacks(story, 'alt', around),
  },
  hero_credit_missing: {
    means: 'The hero picture has no credit, here nor in the media library.',
    level: 'advisory',
    needs: ['pictures'],
    find: (story, around) => heroLacks(story, 'credit', around),
  },
  picture_alt_missing: {
    means: 'A picture in the text has no description (alt).',
    level: 'advisory',
    needs: ['pictures'],
    find: (story, around) => picturesLack(story, 'alt', around),
  },
  picture_credit_missing: {
    means: 'A picture in the text has no credit.',
    level: 'advisory',
    needs: ['pictures'],
    find: (story, around) => picturesLack(story, 'credit', around),
  },
} as const satisfies Checks;
