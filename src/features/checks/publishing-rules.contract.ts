import { z } from 'zod';
import { ARTICLE_TYPES, type ArticleType } from '../articles/articles.contract.ts';
import { CheckLevels } from './checks.contract.ts';

/** A rule for every type of story (`default`), and those for single types, which win. */
const byType = <T extends z.ZodType>(rule: T) => {
  const rules = Object.fromEntries(
    ['default' as const, ...ARTICLE_TYPES].map((type) => [type, rule.optional()]),
  );
  // `fromEntries` forgets the names; they are those of the list.
  return z.strictObject(rules as Record<'default' | z.infer<typeof ArticleType>, z.ZodOptional<T>>);
};

export const ChecksSetting = byType(CheckLevels).meta({
  id: 'ChecksSetting',
  description:
    'Which checks apply before publishing and how they weigh, by type of story: only what differs from docs/CHECKS.md. The whole setting is replaced at once.',
});
export type ChecksSetting = z.infer<typeof ChecksSetting>;
