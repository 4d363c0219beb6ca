import type { ArticleRecord } from '../articles/articles.model.ts';
import type { CheckCode, CheckLevels } from './checks.contract.ts';

export type StoryType = ArticleRecord['type'];

/** What a story may be asked to have, and the check that sees that it lacks it. */
export const ASKED_FOR = {
  headline: 'headline_missing',
  text: 'body_missing',
  byline: 'byline_missing',
  standfirst: 'standfirst_missing',
  kicker: 'kicker_missing',
  section: 'section_missing',
  picture: 'hero_missing',
  sources: 'sources_missing',
} as const satisfies Readonly<Record<string, CheckCode>>;
type Asked = keyof typeof ASKED_FOR;

export interface TypeRules {
  /** What the newsroom calls so. */
  readonly means: string;
  /** Without these it is not published. */
  readonly needs: readonly Asked[];
  /** The checklist misses these, beside what it misses of every story. */
  readonly advised?: readonly Asked[];
  /** Nobody asks for these here, though the checklist does elsewhere. */
  readonly without?: readonly Asked[];
}

/** Every type of story: what it needs to be published, as it comes. Settings change it; docs/CHECKS.md shows it. */
export const TYPES: Readonly<Record<StoryType, TypeRules>> = {
  news: { means: 'What happened.', needs: ['headline', 'text'] },
  analysis: {
    means: 'What it means, by somebody who knows.',
    needs: ['headline', 'text', 'byline'],
    advised: ['sources'],
  },
  opinion: { means: 'What somebody thinks, under their name.', needs: ['headline', 'text', 'byline'] },
  feature: { means: 'A longer story, told at leisure.', needs: ['headline', 'text'] },
  live: {
    means: 'Posts as it happens: it may start before there is a text, by many hands.',
    needs: ['headline'],
    advised: ['text'],
    without: ['byline', 'picture'],
  },
  review: { means: 'A verdict on a work, by a critic who is named.', needs: ['headline', 'text', 'byline'] },
  fact_check: {
    means: 'A claim held against its sources; the standfirst gives the verdict.',
    needs: ['headline', 'text', 'standfirst'],
    advised: ['sources'],
  },
  obituary: {
    means: 'A life; the standfirst says who it was. Often unsigned.',
    needs: ['headline', 'text', 'standfirst'],
    without: ['byline'],
  },
};

const at = (level: CheckLevels[keyof CheckLevels], asked: readonly Asked[] = []): CheckLevels =>
  Object.fromEntries(asked.map((what) => [ASKED_FOR[what], level]));

/** How checks weigh for a type where that differs from how they come; what it does not need is never blocking. */
export function levelsOf(type: StoryType): CheckLevels {
  const { needs, advised, without } = TYPES[type];
  return { ...at('off', without), ...at('advisory', advised), ...at('blocking', needs) };
}
