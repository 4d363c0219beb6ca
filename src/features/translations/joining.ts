import type { Types } from 'mongoose';
import { conflict } from '../../core/errors.ts';
import type { Member, TranslationsRecord } from './translations.model.ts';

/** So many languages are more than any newsroom has. */
const MOST = 50;

export interface Joined {
  /** The set that grows; `null` when there is none yet. */
  readonly group: TranslationsRecord | null;
  readonly newcomers: readonly Member[];
}

const languageOf = ({ language }: Member): string => language.toLowerCase();

/** @throws DomainError `conflict` naming the story that has the language already. */
export function requireFreeLanguage(members: readonly Member[], newcomer: Member): void {
  const same = members.find(
    (one) => languageOf(one) === languageOf(newcomer) && !one.article.equals(newcomer.article),
  );
  if (!same) return;
  throw conflict(
    `There is a version in "${newcomer.language}" already. Each language is there once: unlink that story, or change its language.`,
    { article: String(same.article) },
  );
}

/**
 * What linking two stories makes: a new set, or a larger one of either. `null`: they are linked already.
 * @throws DomainError `conflict` for two stories in one language, and for two that have other versions each.
 */
export function join(
  [mine, theirs]: readonly [TranslationsRecord | null, TranslationsRecord | null],
  [story, other]: readonly [Member, Member],
): Joined | null {
  if (mine && theirs) {
    if (mine._id.equals(theirs._id)) return null;
    throw conflict('Both stories have other language versions already. Unlink one of them first.');
  }
  const group = mine ?? theirs;
  const newcomer = mine ? other : story;
  const members = group?.members ?? [other];
  requireFreeLanguage(members, newcomer);
  if (members.length >= MOST) throw conflict(`A story has at most ${MOST} language versions.`);
  return { group, newcomers: group ? [newcomer] : [other, story] };
}

/** Those who are left without a story, if they are still versions of each other. */
export function without(members: readonly Member[], article: Types.ObjectId): readonly Member[] {
  const left = members.filter((one) => !one.article.equals(article));
  return left.length > 1 ? left : [];
}
