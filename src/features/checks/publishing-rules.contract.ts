import { z } from 'zod';
import { ARTICLE_TYPES } from '../articles/articles.contract.ts';
import { SIGN_OFF_KINDS, SignOffKind } from '../sign-offs/sign-off.contract.ts';
import { CheckLevels } from './checks.contract.ts';

/** A rule for every type of story (`default`), and those for single types, which win. */
const byType = <T extends z.ZodType>(rule: T) => z.partialRecord(z.enum(['default', ...ARTICLE_TYPES]), rule);

export const ChecksSetting = byType(CheckLevels).meta({
  id: 'ChecksSetting',
  description:
    'Which checks apply before publishing and how they weigh, by type of story: only what differs from docs/CHECKS.md. The whole setting is replaced at once.',
});
export type ChecksSetting = z.infer<typeof ChecksSetting>;

const unique = (kinds: readonly SignOffKind[]): boolean => new Set(kinds).size === kinds.length;

export const SignOffsSetting = byType(
  z.array(SignOffKind).max(SIGN_OFF_KINDS.length).refine(unique, 'Name each sign-off once.'),
).meta({
  id: 'SignOffsSetting',
  description: 'Which sign-offs a story needs before it is published, by type of story. None as it comes.',
});
