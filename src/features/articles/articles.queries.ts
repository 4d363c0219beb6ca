import { type ClientSession, type Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import type { Context } from '../../core/context.ts';
import { invalidParameter } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { type PageOf, pageOf } from '../../db/page.ts';
import type { FindPage } from '../search/paging.ts';
import type { ArticleQuery } from './articles.contract.ts';
import { type ArticleRecord, articleModel, SUMMARY_FIELDS } from './articles.model.ts';
import { seesOnly } from './articles.policy.ts';
import { soughtBy } from './sought.ts';

type Filter = Record<string, unknown>;

/** Query parameter -> path, for those that take ids. */
const BY_ID = { section: 'section', tag: 'tags', author: 'authors', assignee: 'assignee' } as const;
const BY_TEXT = { status: 'status', type: 'type', language: 'language' } as const;

const ids = (texts: readonly string[]): Types.ObjectId[] => texts.map((text) => new Types.ObjectId(text));

/** The filter of a list, from validated scalars only. */
function filterOf(ctx: Context, query: ArticleQuery): Filter {
  const only = seesOnly(ctx.actor);
  const filter: Filter = { binnedAt: query.binned ? { $ne: null } : null };
  for (const [parameter, path] of Object.entries(BY_ID) as [keyof typeof BY_ID, string][]) {
    const given = query[parameter];
    if (given) filter[path] = { $in: ids(given) };
  }
  for (const [parameter, path] of Object.entries(BY_TEXT) as [keyof typeof BY_TEXT, string][]) {
    const given = query[parameter];
    if (given) filter[path] = { $in: given };
  }
  if (query.modifiedAfter) filter.modifiedAt = { $gt: query.modifiedAfter };
  if (query.lapsedMedia !== undefined) filter.rightsLapsedAt = query.lapsedMedia ? { $type: 'date' } : null;
  if (query.dueBefore) filter.dueAt = { $lt: query.dueBefore };
  if (only) {
    const own = new Types.ObjectId(only.ownOf);
    filter.$or = [{ createdBy: own }, { assignee: own }, { status: { $in: only.othersIn }, binnedAt: null }];
  }
  return filter;
}

/**
 * Working copies that the actor may read, without bodies. Index by sort: `modified`, `created`, `published`, `dueAt`; with a
 * narrow filter the planner takes `status`, `section`, `tags`, `authors`, `assignee` or `createdBy` (each with modifiedAt), or `rightsLapsed`.
 */
export function createArticleQueries({
  db,
  search,
}: {
  db: Connection;
  /** Finds working copies by their words, whoever may read them. */
  search: FindPage;
}) {
  const Articles = articleModel(db);
  return {
    /** Those of the ids that are stories, whoever may read them. */
    async existing(ids: readonly string[], session: ClientSession | null): Promise<ReadonlySet<string>> {
      const found = await Articles.find({ _id: { $in: [...ids] } }, { _id: 1 })
        .session(session)
        .lean();
      return new Set(found.map(({ _id }) => String(_id)));
    },
    async list(ctx: Context, query: ArticleQuery): Promise<PageOf<ArticleRecord>> {
      requirePermission(ctx, 'articles:read');
      if (query.q !== undefined) return found(ctx, query.q, query);
      if (query.sort === 'relevance')
        throw invalidParameter('sort', 'Only a search goes by relevance: give "q" as well.');
      const descending = query.sort.startsWith('-');
      const order = {
        field: query.sort.replace('-', ''),
        kind: 'date',
        direction: descending ? -1 : 1,
      } as const;
      return pageOf(Articles, { filter: filterOf(ctx, query), order, query, fields: SUMMARY_FIELDS });
    },
  };

  /**
   * The hits of a search, read again: under the rights of the actor and every filter of the list as they are now, so
   * that an index which is behind shows nobody more than the list does. Uses the index `_id`.
   */
  async function found(ctx: Context, q: string, query: ArticleQuery): Promise<PageOf<ArticleRecord>> {
    const { ids, page } = await search(soughtBy(ctx.actor, q, query));
    const _id = { $in: ids.map((id) => new Types.ObjectId(id)) };
    const records = await Articles.find({ _id, ...filterOf(ctx, query) }, SUMMARY_FIELDS)
      .maxTimeMS(4_000)
      .lean<ArticleRecord[]>();
    const known = byId(records);
    return { records: ids.flatMap((id) => known.get(id) ?? []), page };
  }
}
