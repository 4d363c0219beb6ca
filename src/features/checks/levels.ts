import type { ArticleRecord } from '../articles/articles.model.ts';
import { type CheckCode, type CheckLevels, FIXED_CHECKS, type Level } from './checks.contract.ts';
import { CHECKS } from './list.ts';
import type { ChecksSetting } from './publishing-rules.contract.ts';

type StoryType = ArticleRecord['type'];

/** What a type of story asks for beyond the rest, as it comes. */
export const TYPE_LEVELS: Readonly<Partial<Record<StoryType, CheckLevels>>> = {
  fact_check: { sources_missing: 'advisory' },
  live: { body_missing: 'advisory' },
};

const isFixed = (code: CheckCode): code is (typeof FIXED_CHECKS)[number] =>
  (FIXED_CHECKS as readonly CheckCode[]).includes(code);

/** How a check weighs for a type of story: the most particular rule wins, what is set before what comes. */
export function levelOf(code: CheckCode, type: StoryType, setting: ChecksSetting): Level {
  const { level } = CHECKS[code];
  if (isFixed(code)) return level;
  return setting[type]?.[code] ?? setting.default?.[code] ?? TYPE_LEVELS[type]?.[code] ?? level;
}
