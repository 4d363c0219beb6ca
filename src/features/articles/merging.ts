import type { Context } from '../../core/context.ts';
import { DomainError, invalidField } from '../../core/errors.ts';
import { pointerOf } from '../../core/json.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { wordsOf } from '../../schema/index.ts';
import type { MergeRequest } from '../merge/merge.contract.ts';
import { mergeStory } from '../merge/merge-story.ts';
import { ArticlePatch } from './articles.contract.ts';
import type { ArticleRecord } from './articles.model.ts';
import { presentArticle } from './articles.presenter.ts';
import type { Writing } from './edit.ts';
import { requireUnlocked } from './lock.ts';
import type { Stories, StoryDeps } from './stories.ts';

/** A save of changes that were made to an older version. */
export function createMerging(deps: StoryDeps & { readonly stories: Stories; readonly writing: Writing }) {
  const { db, stories, writing, revisions } = deps;
  return { merge };

  async function merge(ctx: Context, id: string, { base, changes }: MergeRequest): Promise<ArticleRecord> {
    requirePermission(ctx, 'articles:write');
    return inTransaction(db, ctx, async (tx) => {
      const story = await stories.find(tx, id, tx.session);
      requireUnlocked(tx, story);
      writing.requireEditable(tx, story);
      if (Object.keys(changes).length === 0) return story;
      const isCurrent = base === story.version;
      const whole = isCurrent ? changes : merged(await atBase(tx, story, base), story, changes);
      return writing.save(tx, story, whole, { base, kind: isCurrent ? 'save' : 'merge' }).catch(inRequest);
    });
  }

  async function atBase(tx: Tx, story: ArticleRecord, base: number): Promise<ArticleRecord> {
    if (base > story.version)
      throw invalidField('/base', 'no_such_version', `The story is at version ${story.version}.`);
    const before = await revisions.find<ArticleRecord>(tx, String(story._id), base);
    if (before) return before;
    throw invalidField(
      '/base',
      'not_kept',
      'That version is kept no longer, so nothing can be merged with it. Read the story again and put your changes into it.',
    );
  }
}

/** What cannot be saved of the changes is named by where the request has them. */
function inRequest(error: unknown): never {
  if (!(error instanceof DomainError) || !error.details.errors) throw error;
  const errors = error.details.errors.map(({ pointer = '', ...issue }) => ({
    ...issue,
    pointer: `/changes${pointer}`,
  }));
  throw new DomainError(error.code, error.message, { ...error.details, errors });
}

const choose = (version: number): string =>
  `Somebody else changed the same things. Choose for each of "conflicts", and send POST …/merge again with "base": ${version}.`;

/**
 * The changes that bring theirs to what both sides made of it.
 * @throws DomainError `merge_conflict` with what both changed differently; `invalid_input` when the whole is no story.
 */
function merged(base: ArticleRecord, theirs: ArticleRecord, yours: ArticlePatch): ArticlePatch {
  const current = presentArticle(theirs);
  // Times as the contract writes them, so that both sides compare.
  const given = JSON.parse(JSON.stringify(yours)) as Record<string, unknown>;
  const { changes, conflicts } = mergeStory(presentArticle(base), current, given);
  if (conflicts.length > 0)
    throw new DomainError('merge_conflict', choose(current.version), { members: { conflicts, current } });
  const whole = ArticlePatch.safeParse(changes);
  if (whole.success) return whole.data;
  throw new DomainError('invalid_input', 'Each side is right by itself, but not both together.', {
    errors: whole.error.issues.map((issue) => ({
      pointer: pointerOf(['changes', ...issue.path]),
      code: 'invalid_merge',
      message: wordsOf(issue),
    })),
  });
}
