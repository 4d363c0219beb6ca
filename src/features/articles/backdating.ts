import type { Context } from '../../core/context.ts';
import { forbidden, invalidField } from '../../core/errors.ts';
import { can } from '../../core/policy.ts';
import type { ArticleRecord } from './articles.model.ts';

const refuse = (code: string, why: string) => invalidField('/firstPublishedAt', code, why);

/**
 * A story that was public before it came here keeps its date: given once, with its first publication, by whoever may.
 * @throws DomainError `forbidden`, or `invalid_input` for a story that has its date.
 */
export function requireBackdating(ctx: Context, story: ArticleRecord, since: Date | undefined): void {
  if (since === undefined) return;
  if (!can(ctx.actor, 'articles:backdate', story))
    throw forbidden('Your role may not publish a story under an earlier date.');
  if (story.firstPublishedAt !== null)
    throw refuse('already_published', 'The story was published here already: its first date stays.');
}

/** @throws DomainError `invalid_input` for a date that is ahead of the publication: that is what scheduling is for. */
export function requirePast(since: Date | undefined, publishedNow: Date): void {
  if (since !== undefined && since > publishedNow)
    throw refuse('in_the_future', 'Give a date that has passed, or schedule the story.');
}
