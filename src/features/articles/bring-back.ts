import type { Context } from '../../core/context.ts';
import { DomainError, notFound } from '../../core/errors.ts';
import { canonicalJson, pointerOf } from '../../core/json.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type Article, ArticlePatch } from './articles.contract.ts';
import type { ArticleRecord } from './articles.model.ts';
import { presentArticle } from './articles.presenter.ts';
import type { Writing } from './edit.ts';
import type { StoryDeps } from './stories.ts';

/**
 * What an earlier version is brought back for: what the story says. Its address, who works on it, its embargo, whether
 * it is sensitive and who may comment are decisions of now, and no old text takes them back.
 */
export const BROUGHT_BACK = [
  'type',
  'language',
  'headline',
  'kicker',
  'standfirst',
  'body',
  'section',
  'tags',
  'authors',
  'hero',
  'seo',
] as const satisfies readonly (keyof Article & keyof ArticlePatch)[];

/**
 * The change that makes `now` say what `then` said, as an editor would send it.
 * @throws DomainError `invalid_input` when a story may not look like that any more; pointers lead into the old version.
 */
export function changeBackTo(then: Article, now: Article): ArticlePatch {
  const differs = BROUGHT_BACK.filter((field) => canonicalJson(then[field]) !== canonicalJson(now[field]));
  const parsed = ArticlePatch.safeParse(Object.fromEntries(differs.map((field) => [field, then[field]])));
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid_input', 'This version has content that a story may not have any more.', {
    errors: parsed.error.issues.map(({ path, code, message }) => ({
      pointer: pointerOf(path),
      code,
      message,
    })),
  });
}

/** Saves an earlier version as the newest one, under every rule of a save. */
export function createBringBack(deps: StoryDeps & { readonly writing: Writing }) {
  const { db, revisions, writing } = deps;

  return async (
    ctx: Context,
    id: string,
    version: number,
    { number, note }: { readonly number: number; readonly note: string | undefined },
  ): Promise<ArticleRecord> => {
    requirePermission(ctx, 'articles:write');
    return inTransaction(db, ctx, async (tx) => {
      const story = await writing.openToWrite(tx, id, version);
      const then = await revisions.find<ArticleRecord>(tx, id, number);
      if (!then) throw notFound('revision');
      const patch = changeBackTo(presentArticle(then), presentArticle(story));
      return writing.write(tx, story, patch, {
        action: 'article.bring-back',
        reason: 'restore',
        restored: number,
        note,
        after: { restored: number },
      });
    });
  };
}
