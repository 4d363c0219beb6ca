import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { invalidParameter, notFound } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { bySlug } from '../../db/slugs.ts';
import { load } from '../../db/versioned.ts';
import type { Coming, ComingQueries } from '../articles/coming.queries.ts';
import type { PastQueries } from '../articles/past.queries.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedFilter, PublishedQueries } from '../articles/published.queries.ts';
import { asShown } from '../delivery/preview.ts';
import type { SectionLookup } from '../sections/sections.queries.ts';
import type { TagLookup } from '../tags/tags.queries.ts';
import { type FilledContainer, type FilterOf, fill, type Stories } from './filling.ts';
import { type FrontContent, type FrontRecord, frontModel, frontVersionModel } from './fronts.model.ts';

export interface FrontPagesDeps {
  readonly db: Connection;
  readonly published: PublishedQueries;
  readonly past: PastQueries;
  readonly coming: ComingQueries;
  readonly lookups: { readonly tags: TagLookup; readonly sections: SectionLookup };
}

/** A front with the stories on it, at some time. */
export interface FrontPage {
  readonly front: FrontRecord;
  readonly content: FrontContent;
  readonly at: Date | null;
  readonly containers: readonly FilledContainer[];
  /** What its queries stand for now. */
  readonly filters: readonly PublishedFilter[];
  /** False: cache tags do not tell of all that may change it. */
  readonly lasts: boolean;
}

export type FrontPages = ReturnType<typeof createFrontPages>;

/** Fronts with their stories: as readers have them, as they had them, and as the desk will show them. */
export function createFrontPages({ db, published, past, coming, lookups }: FrontPagesDeps) {
  const Fronts = frontModel(db);
  const Versions = frontVersionModel(db);
  const now: Stories = { among: (ids) => published.byIds(ids.map(String)), newest: published.newest };
  return { find, preview };

  /**
   * As readers have it, or had it at `asOf`. A front that readers do not have now never was; uses the indexes `slug` and
   * `formerSlugs`.
   * @throws DomainError `not_found`, and `forbidden` for a time that has not come.
   */
  async function find(
    slug: string,
    asOf: Date | undefined,
  ): Promise<{ page: FrontPage } | { movedTo: string }> {
    if (asOf) await past.requireReached(asOf);
    const front: FrontRecord | null = await Fronts.findOne({
      $and: [bySlug([slug]), { shown: { $ne: null } }],
    }).lean();
    if (!front?.shown) throw notFound('front');
    if (front.slug !== slug) return { movedTo: front.slug };
    if (!asOf) return { page: await filled(front, front.shown, front.shown.at, now) };
    const { content, at } = await contentAt(front, asOf);
    return { page: await filled(front, content, at, before(asOf)) };
  }

  /** What readers had of it then; uses the partial index `published`. */
  async function contentAt(front: FrontRecord, time: Date): Promise<{ content: FrontContent; at: Date }> {
    const version = await Versions.findOne({ front: front._id, published: true, at: { $lte: time } })
      .sort({ at: -1, version: -1 })
      .lean();
    if (version?.action !== 'publish') throw notFound('front');
    return version;
  }

  /** The working copy as it would look now; at a time ahead, what readers will have by the schedules as they stand. */
  async function preview(ctx: Context, id: string, asOf: Date | undefined): Promise<FrontPage> {
    requirePermission(ctx, 'fronts:manage');
    const front = await load(Fronts, id, 'front');
    if (!asOf) return filled(front, front, front.modifiedAt, now);
    if (asOf < (await past.now()))
      throw invalidParameter('asOf', 'Give a time ahead: the past is where readers read this front.');
    const isDue = front.publishAt !== null && front.publishAt <= asOf;
    const content = isDue || !front.shown ? front : front.shown;
    return filled(front, content, front.publishAt, after(await coming.by(asOf)));
  }

  async function filled(
    front: FrontRecord,
    content: FrontContent,
    at: Date | null,
    stories: Stories,
  ): Promise<FrontPage> {
    const filters: PublishedFilter[] = [];
    const containers = await fill(content.containers, stories, async (backfill) => {
      const filter = await filterOf(backfill);
      filters.push(filter);
      return filter;
    });
    return { front, content, at, containers, filters, lasts: stories === now };
  }

  /** The record of publications tells what there was. */
  function before(time: Date): Stories {
    return {
      among: (ids) => past.among(ids, time),
      newest: async (filter, { not, limit }) => {
        const query = { limit: limit + not.length };
        const { records } = await past.list(filter, query, { time, withBody: false });
        return records.filter(({ _id }) => !not.includes(String(_id))).slice(0, limit);
      },
    };
  }

  async function filterOf({ tag, section, type }: Parameters<FilterOf>[0]): Promise<PublishedFilter> {
    const current = tag ? [...(await lookups.tags.resolve([tag])).values()].map(({ _id }) => _id) : [];
    return {
      ...(tag ? { tags: await lookups.tags.family(current) } : {}),
      ...(section ? { section: await lookups.sections.descendants([section]) } : {}),
      ...(type ? { type: [type] } : {}),
    };
  }

  /** What is public now, without what will be gone, with what will have come. */
  function after({ stories, leaving }: Coming): Stories {
    const gone = leaving.map(String);
    const arriving = stories.map((story) => ({
      ...asShown(story),
      publishedAt: story.publishAt ?? story.modifiedAt,
    }));
    return {
      async among(ids) {
        const wanted = new Set(ids.map(String));
        const there = (await now.among(ids)).filter(({ _id }) => !gone.includes(String(_id)));
        return [...there, ...arriving.filter(({ _id }) => wanted.has(String(_id)))];
      },
      async newest(filter, { not, limit }) {
        const there = await now.newest(filter, { not: [...not, ...gone], limit });
        const more = arriving.filter((story) => !not.includes(String(story._id)) && isUnder(filter, story));
        return [...there, ...more]
          .sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime())
          .slice(0, limit);
      },
    };
  }
}

/** Whether a story would be found by a filter of a front. */
function isUnder({ tags, section, type }: PublishedFilter, story: PublishedRecord): boolean {
  const any = (wanted: readonly unknown[] | undefined, has: readonly unknown[]): boolean =>
    wanted === undefined || wanted.some((one) => has.some((its) => String(its) === String(one)));
  return any(tags, story.tags) && any(section, [story.section]) && any(type, [story.type]);
}
