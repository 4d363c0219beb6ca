import type { ClientSession, Connection, PipelineStage, Types } from 'mongoose';
import type { Site } from '../../core/site.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { PUBLIC, type PublishedQueries } from '../articles/published.queries.ts';
import { keyOf, startKey, storyKey, urlOf } from './address.ts';
import { type RedirectRecord, redirectModel } from './redirects.model.ts';

/** Where a redirect leads readers: to a story by the slug that it has now, or to another address. */
export type Destination = { readonly id: string; readonly permanent: boolean } & (
  | { readonly slug: string }
  | { readonly url: string }
  /** Readers do not have the story that it leads to. */
  | { readonly hidden: Types.ObjectId }
);

interface Deps {
  readonly db: Connection;
  readonly published: Pick<PublishedQueries, 'byId' | 'links'>;
  readonly site: () => Promise<Site>;
  /** Whose a slug is. */
  readonly slugOwner: (
    slug: string,
    session?: ClientSession | null,
  ) => Promise<{ article: Types.ObjectId | null } | null>;
}

export type RedirectLookup = ReturnType<typeof createRedirectLookup>;

/** Leaves those that lead to something public. */
const leadingSomewhere: PipelineStage.FacetPipelineStage[] = [
  {
    $lookup: {
      from: 'published',
      localField: 'story',
      foreignField: '_id',
      pipeline: [{ $match: PUBLIC }, { $project: { slug: 1 } }],
      as: 'shown',
    },
  },
  { $match: { $or: [{ story: null }, { shown: { $ne: [] } }] } },
];

/** Redirects as readers meet them. */
export function createRedirectLookup({ db, published, site, slugOwner }: Deps) {
  const Redirects = redirectModel(db);
  return { fromSlug, inPlaceOf, urlsOf, page };

  /** What stands at a slug that is no story's. Uses the unique index `key`. */
  async function fromSlug(slug: string): Promise<Destination | null> {
    return destination({ key: keyOf({ kind: 'slug', slug }) });
  }

  /** What stands in place of a story that readers do not have. */
  async function inPlaceOf(article: Types.ObjectId): Promise<Destination | null> {
    return destination({ key: storyKey(article) });
  }

  async function destination(filter: { key: string }): Promise<Destination | null> {
    const found: RedirectRecord | null = await Redirects.findOne(filter).lean();
    if (!found) return null;
    const { _id, permanent, story, to } = found;
    const id = String(_id);
    if (story) {
      const shown = await published.byId(story);
      return shown ? { id, permanent, slug: shown.slug } : { id, permanent, hidden: story };
    }
    const url = urlOf(to, await site());
    return url === null ? null : { id, permanent, url };
  }

  /** Where each of some redirects leads readers now, by its id. */
  async function urlsOf(records: readonly RedirectRecord[]): Promise<ReadonlyMap<string, string | null>> {
    const where = await site();
    const stories = records.flatMap(({ story }) => (story ? [String(story)] : []));
    const shown = new Map((await published.links(stories)).map(({ _id, slug }) => [String(_id), slug]));
    const slugUrl = (id: unknown): string | null => {
      const slug = shown.get(String(id));
      return slug === undefined ? null : where.urlOf(slug);
    };
    return new Map(
      records.map(({ _id, story, to }) => [String(_id), story ? slugUrl(story) : urlOf(to, where)]),
    );
  }

  /** Those that lead readers somewhere, by address, or the one from an address. Uses `from`, or `key`. */
  async function page({
    from,
    ...query
  }: PageQuery & { from?: string | undefined }): Promise<PageOf<RedirectRecord>> {
    const filter = from === undefined ? {} : { key: await startKey(from, await site(), slugOwner) };
    const order = { field: 'from', kind: 'text', direction: 1 } as const;
    return pageOf(Redirects, { filter, order, query, stages: leadingSomewhere });
  }
}
