import type { Context } from '../../core/context.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { ArticleRecord } from './articles.model.ts';
import { createArticleQueries } from './articles.queries.ts';
import { createBringBack } from './bring-back.ts';
import { createDue } from './due.ts';
import { createEditing, type EditDeps } from './edit.ts';
import { createLocking } from './locking.ts';
import { createMerging } from './merging.ts';
import { createPublishing, type PublishDeps } from './publish.ts';
import { createScheduling } from './scheduling.ts';
import { createSlugs } from './slugs.ts';
import { createStories } from './stories.ts';
import type { Action } from './workflow.ts';

type Deps = Omit<EditDeps & PublishDeps, 'stories' | 'slugs' | 'scheduling'> &
  Parameters<typeof createArticleQueries>[0];

export type ArticlesService = ReturnType<typeof createArticlesService>;

/** Everything that the desk does with stories. */
export function createArticlesService(deps: Deps) {
  const { db } = deps;
  const stories = createStories(deps);
  const slugs = createSlugs(deps);
  const { list, existing } = createArticleQueries(deps);
  const { retimed, ...scheduling } = createScheduling({ ...deps, stories });
  const { writing, ...editing } = createEditing({ ...deps, stories, slugs, scheduling: { retimed } });
  const publishing = createPublishing({ ...deps, stories, slugs });
  return {
    list,
    /** For what names stories without reading them. */
    existing,
    read,
    /** For features that stand beside a story: `not_found` unless the actor may read it. */
    find: stories.find,
    /** For delivery, which tells readers that a story is gone for good. */
    isKilled: stories.isKilled,
    ...editing,
    bringBack: createBringBack({ ...deps, writing }),
    ...createMerging({ ...deps, stories, writing }),
    submit: (ctx: Context, id: string, version: number) => step(ctx, id, version, 'submit'),
    return: (ctx: Context, id: string, version: number) => step(ctx, id, version, 'return'),
    approve: (ctx: Context, id: string, version: number) => step(ctx, id, version, 'approve'),
    archive: (ctx: Context, id: string, version: number) => step(ctx, id, version, 'archive'),
    ...scheduling,
    ...publishing,
    due: createDue({ ...deps, ...publishing, stories }),
    ...createLocking({ ...deps, stories }),
  };

  async function read(ctx: Context, id: string): Promise<ArticleRecord> {
    requirePermission(ctx, 'articles:read');
    return stories.find(ctx, id);
  }

  /** A step that changes nothing but the state. */
  async function step(ctx: Context, id: string, version: number, action: Action): Promise<ArticleRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const { story, to } = await stories.actOn(tx, id, version, action);
      const saving = {
        action: `article.${action}`,
        reason: 'workflow',
        before: { status: story.status },
      } as const;
      return stories.save(tx, story, { status: to }, saving);
    });
  }
}
