import { type CheckCode, FIXED_CHECKS, type Level } from './checks.contract.ts';
import { CHECKS } from './list.ts';
import type { ChecksSetting } from './publishing-rules.contract.ts';
import { levelsOf, type StoryType } from './types.ts';

const isFixed = (code: CheckCode): code is (typeof FIXED_CHECKS)[number] =>
  (FIXED_CHECKS as readonly CheckCode[]).includes(code);

/** How a check weighs for a type of story: the most particular rule wins, what is set before what comes. */
export function levelOf(code: CheckCode, type: StoryType, setting: ChecksSetting): Level {
  const { level } = CHECKS[code];
  if (isFixed(code)) return level;
  return setting[type]?.[code] ?? setting.default?.[code] ?? levelsOf(type)[code] ?? level;
}
