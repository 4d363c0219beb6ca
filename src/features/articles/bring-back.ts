import type { Context } from '../../core/context.ts';
import { DomainError, notFound } from '../../core/errors.ts';
import { canonicalJson, pointerOf } from '../../core/json.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction } from '../../db/transaction.ts';
import { codeOf, wordsOf } from '../../schema/index.ts';
import { type Article, ArticlePatch } from './articles.contract.ts';
import type { ArticleRecord } from './articles.model.ts';
import { presentArticle } from './articles.presenter.ts';
import type { Writing } from './edit.ts';
import { goneIn, type ReferenceDeps } from './references.ts';
import type { StoryDeps } from './stories.ts';
import { withoutGone } from './without-gone.ts';

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
    errors: parsed.error.issues.map((issue) => ({
      pointer: pointerOf(issue.path),
      code: codeOf(issue),
      message: wordsOf(issue),
    })),
  });
}

interface BringBack {
  readonly number: number;
  readonly note?: string | undefined;
  /** Leaves out what is not there any more, instead of refusing. */
  readonly withoutGone?: boolean | undefined;
}

/** Tells of the way in which a version with dead references can be had all the same. */
function withWayOut(error: unknown): unknown {
  if (!(error instanceof DomainError) || !error.details.errors?.some(({ code }) => code === 'no_such_id'))
    return error;
  const message =
    'This version names what was deleted since. Send "withoutGone": true to have the rest of it.';
  return new DomainError(error.code, message, error.details);
}

/** Saves an earlier version as the newest one, under every rule of a save. */
export function createBringBack(deps: StoryDeps & ReferenceDeps & { readonly writing: Writing }) {
  const { db, revisions, writing } = deps;

  return async (
    ctx: Context,
    id: string,
    version: number,
    { number, note, withoutGone: isLenient = false }: BringBack,
  ): Promise<ArticleRecord> => {
    requirePermission(ctx, 'articles:write');
    return inTransaction(db, ctx, async (tx) => {
      const story = await writing.openToWrite(tx, id, version);
      const then = await revisions.find<ArticleRecord>(tx, id, number);
      if (!then) throw notFound('revision');
      const wanted = changeBackTo(presentArticle(then), presentArticle(story));
      const gone = isLenient ? await goneIn(tx, deps, story, wanted) : [];
      const saving = {
        ...({ action: 'article.bring-back', reason: 'restore', restored: number, note } as const),
        after: { restored: number, ...(gone.length > 0 ? { leftOut: gone } : {}) },
      };
      return writing.write(tx, story, withoutGone(wanted, gone), saving).catch((error: unknown) => {
        throw isLenient ? error : withWayOut(error);
      });
    });
  };
}
