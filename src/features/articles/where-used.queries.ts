import { type Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import type { Context } from '../../core/context.ts';
import { can, reachOf } from '../../core/policy.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { MEDIA_USES, type MediaUse } from '../media/rights.contract.ts';
import { type ArticleRecord, articleModel, type StoryContent } from './articles.model.ts';
import { seesOnly } from './articles.policy.ts';
import { shownIn } from './media-kinds.ts';
import { publishedModel } from './published.model.ts';
import { PUBLIC } from './published.queries.ts';

type Filter = Record<string, unknown>;
type Shown = Pick<StoryContent, 'hero' | 'body' | 'media' | 'headline' | 'slug'>;

/** One story that refers to a picture; `null` where this copy does not, or the actor may not see it. */
export interface StoryUse {
  readonly id: string;
  readonly headline: string;
  readonly slug: string;
  readonly status: ArticleRecord['status'] | null;
  readonly workingCopy: MediaUse[] | null;
  readonly published: MediaUse[] | null;
}

export interface WhereUsed extends PageOf<StoryUse> {
  /** Stories of others that refer to it and that readers do not have. */
  readonly hidden: number;
}

const FIELDS = { hero: 1, body: 1, media: 1, headline: 1, slug: 1 } as const;
const MOST_SHOWN = 10_000;

export type WhereUsedIn = ReturnType<typeof createWhereUsed>;

/** Where stories show a picture, as far as the actor may see them. */
export function createWhereUsed({ db }: { db: Connection }) {
  const Articles = articleModel(db);
  const Published = publishedModel(db);

  /** Last changed first; the indexes `media` of working copies and published versions. `media`: all its ids. */
  return async (ctx: Context, media: readonly Types.ObjectId[], query: PageQuery): Promise<WhereUsed> => {
    const naming = { media: { $in: [...media] } };
    const any: Filter = { $or: [naming, await publicWith(naming)] };
    const visible = { $and: [any, { $or: [await publicWith({ ...naming, ...PUBLIC }), seenBy(ctx)] }] };
    const order = { field: 'modifiedAt', kind: 'date', direction: -1 } as const;
    const { records, page } = await pageOf(Articles, { filter: visible, order, query });
    const versions = await Published.find({ _id: { $in: records.map(({ _id }) => _id) } }, FIELDS).lean<
      (Shown & { _id: Types.ObjectId })[]
    >();
    const published = byId(versions);
    const ids = new Set(media.map(String));
    const uses = records.map((story) => useOf(ctx, story, published.get(String(story._id)), ids));
    const [all, seen] = await Promise.all([any, visible].map((filter) => Articles.countDocuments(filter)));
    return { records: uses, page, hidden: (all ?? 0) - (seen ?? 0) };
  };

  async function publicWith(filter: Filter): Promise<Filter> {
    const found = await Published.find(filter, { _id: 1 }).limit(MOST_SHOWN).lean();
    return { _id: { $in: found.map(({ _id }) => _id) } };
  }
}

/** What the actor sees of working copies. */
function seenBy({ actor }: Context): Filter {
  if (reachOf(actor, 'articles:read') === null) return { _id: { $in: [] } };
  const only = seesOnly(actor);
  if (!only) return {};
  const own = new Types.ObjectId(only.ownOf);
  return {
    $or: [{ createdBy: own }, { assignee: own }, { status: { $in: [...only.othersIn] }, binnedAt: null }],
  };
}

function useOf(
  { actor }: Context,
  story: ArticleRecord,
  published: Shown | undefined,
  ids: ReadonlySet<string>,
): StoryUse {
  const seen = can(actor, 'articles:read', story);
  const { headline, slug } = seen ? story : (published ?? story);
  return {
    ...{ id: String(story._id), headline, slug },
    status: seen ? story.status : null,
    workingCopy: seen ? placesIn(story, ids) : null,
    published: published ? placesIn(published, ids) : null,
  };
}

function placesIn(story: Shown, ids: ReadonlySet<string>): MediaUse[] | null {
  if (!story.media.some((id) => ids.has(String(id)))) return null;
  const uses = new Set(shownIn(story).flatMap(({ media, use }) => (ids.has(media) ? [use] : [])));
  return MEDIA_USES.filter((use) => uses.has(use));
}
