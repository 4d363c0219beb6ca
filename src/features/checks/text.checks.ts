import { toText } from '../../schema/index.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { placedNodes } from './blocks.ts';
import { type Checks, type Found, isBlank, when } from './check.ts';

/** Longer ones are cut by search engines, feeds and phones. */
const LONGEST = { headline: 110, standfirst: 300, seoTitle: 60, seoDescription: 160 } as const;

const tooLong = (text: string | null, longest: number, pointer: string, what: string): Found[] =>
  when(
    (text ?? '').length > longest,
    pointer,
    `${what} has ${(text ?? '').length} characters; beyond ${longest} it is cut in many places.`,
  );

/** What writers leave for later: "TK" of the trade, filler text, question marks for a fact. */
const PLACEHOLDER = /\b(?:TK(?:TK)*|XXX+|lorem ipsum)\b|\?\?\?|\[(?:TBC|TBD|CHECK)\]/;

function placeholdersIn({ headline, standfirst, body }: ArticleRecord): Found[] {
  const texts = [
    { text: headline, pointer: '/headline' },
    { text: standfirst, pointer: '/standfirst' },
    ...placedNodes(body).map(({ node, ...place }) => ({ text: node.text ?? '', ...place })),
  ];
  return texts.flatMap(({ text, ...place }) => {
    const left = PLACEHOLDER.exec(text)?.[0];
    return left ? [{ ...place, message: `"${left}" was left in the text.` }] : [];
  });
}

/** What the words of a story need. */
export const textChecks = {
  headline_missing: {
    means: 'The story has no headline.',
    level: 'blocking',
    find: ({ headline }) => when(isBlank(headline), '/headline', 'The story has no headline.'),
  },
  body_missing: {
    means: 'The story has no text.',
    level: 'blocking',
    find: ({ body }) => when(isBlank(toText(body)), '/body', 'The story has no text.'),
  },
  kicker_missing: {
    means: 'There is no kicker over the headline.',
    level: 'advisory',
    find: ({ kicker }) => when(isBlank(kicker), '/kicker', 'There is no kicker over the headline.'),
  },
  standfirst_missing: {
    means: 'There is no standfirst under the headline.',
    level: 'advisory',
    find: ({ standfirst }) =>
      when(
        isBlank(standfirst),
        '/standfirst',
        'There is no standfirst: lists and feeds show the headline alone.',
      ),
  },
  headline_long: {
    means: `The headline has more than ${LONGEST.headline} characters.`,
    level: 'advisory',
    find: ({ headline }) => tooLong(headline, LONGEST.headline, '/headline', 'The headline'),
  },
  standfirst_long: {
    means: `The standfirst has more than ${LONGEST.standfirst} characters.`,
    level: 'advisory',
    find: ({ standfirst }) => tooLong(standfirst, LONGEST.standfirst, '/standfirst', 'The standfirst'),
  },
  placeholder_left: {
    means: 'A mark for later was left in the text: TK, XXX, ???, [TBC], lorem ipsum.',
    level: 'advisory',
    find: placeholdersIn,
  },
  seo_title_long: {
    means: `The title for search engines has more than ${LONGEST.seoTitle} characters.`,
    level: 'advisory',
    find: ({ seo }) => tooLong(seo.title, LONGEST.seoTitle, '/seo/title', 'The title for search engines'),
  },
  seo_description_long: {
    means: `The description for search engines has more than ${LONGEST.seoDescription} characters.`,
    level: 'advisory',
    find: ({ seo }) =>
      tooLong(
        seo.description,
        LONGEST.seoDescription,
        '/seo/description',
        'The description for search engines',
      ),
  },
} as const satisfies Checks;
