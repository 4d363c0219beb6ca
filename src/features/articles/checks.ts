import { DomainError } from '../../core/errors.ts';
import { toText } from '../../schema/index.ts';
import type { StoryContent } from './articles.model.ts';

/** Something that stands against publishing; `pointer` leads to the field. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly pointer: string;
}

type Check = (story: StoryContent) => Finding | null;

const finding = (code: string, pointer: string, message: string): Finding => ({ code, message, pointer });

/** What every story needs before readers see it. The list is the documentation. */
export const CHECKS: readonly Check[] = [
  ({ headline }) =>
    headline.trim() === '' ? finding('headline_missing', '/headline', 'The story has no headline.') : null,
  ({ body }) =>
    toText(body).trim() === '' ? finding('body_missing', '/body', 'The story has no text.') : null,
];

export const findings = (story: StoryContent): Finding[] => CHECKS.flatMap((check) => check(story) ?? []);

/** @throws DomainError `checks_failed` with everything that stands against publishing. */
export function requireChecks(blocking: readonly Finding[]): void {
  if (blocking.length === 0) return;
  throw new DomainError('checks_failed', blocking.map((one) => one.message).join(' '), {
    members: { blocking, advisory: [] },
  });
}

/** An embargo ahead can't be waived: an editor lifts it by changing `embargoUntil`. */
export const embargoAhead = (until: Date): Finding =>
  finding('embargo', '/embargoUntil', `The story is under embargo until ${until.toISOString()}.`);
