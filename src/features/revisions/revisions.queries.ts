import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { numberedPageOf } from '../../db/numbered-page.ts';
import type { PageOf, PageQuery } from '../../db/page.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { type RevisionRecord, revisionModel } from './revisions.model.ts';

type Revision = RevisionRecord & { snapshot: ArticleRecord };
type Listed = Omit<RevisionRecord, 'snapshot'>;

export type RevisionQueries = ReturnType<typeof createRevisionQueries>;

/**
 * The saved versions of a story, for whoever may read the story now: `open` refuses the others, and hides it from them.
 */
export function createRevisionQueries({
  db,
  open,
}: {
  db: Connection;
  open: (ctx: Context, id: string) => Promise<ArticleRecord>;
}) {
  const Revisions = revisionModel(db);
  return { list, read, pair };

  /** Newest first; uses the index `version`. */
  async function list(
    ctx: Context,
    id: string,
    query: PageQuery,
  ): Promise<{ records: Listed[]; page: PageOf<never>['page'] }> {
    const story = await open(ctx, id);
    return numberedPageOf(Revisions, {
      filter: { article: story._id },
      field: 'version',
      query,
      fields: { snapshot: 0 },
    });
  }

  /** @throws DomainError `not_found`, also for a version that was thinned out. */
  async function read(ctx: Context, id: string, number: number): Promise<Revision> {
    await open(ctx, id);
    return one(id, number);
  }

  /** Two versions of one story. */
  async function pair(ctx: Context, id: string, a: number, b: number): Promise<[Revision, Revision]> {
    await open(ctx, id);
    return Promise.all([one(id, a), one(id, b)]);
  }

  async function one(id: string, number: number): Promise<Revision> {
    const revision = await Revisions.findById(`${id}:${number}`).lean();
    if (!revision) throw notFound('revision');
    // `keep` is given stories only.
    return revision as Revision;
  }
}
