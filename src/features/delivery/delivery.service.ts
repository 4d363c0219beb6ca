import type { ClientSession, Types } from 'mongoose';
import { DomainError, notFound } from '../../core/errors.ts';
import type { Site } from '../../core/site.ts';
import type { PageOf, PageQuery } from '../../db/page.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedFilter, PublishedQueries } from '../articles/published.queries.ts';
import type { SlugRecord } from '../articles/slugs.ts';
import type { AuthorLookup } from '../authors/authors.queries.ts';
import type { RenditionRecord } from '../media/media.model.ts';
import type { MediaLookup } from '../media/media.queries.ts';
import type { Asked } from '../search/readers-search.ts';
import type { SectionLookup } from '../sections/sections.queries.ts';
import type { TagLookup } from '../tags/tags.queries.ts';
import type { DeliveryQuery } from './delivery.contract.ts';
import { bodyReferences, type Embedded, type NamedRecord } from './delivery.presenter.ts';

export interface Lookups {
  readonly tags: TagLookup;
  readonly sections: SectionLookup;
  readonly authors: AuthorLookup;
  readonly media: MediaLookup;
}

export interface DeliveryDeps {
  readonly published: PublishedQueries;
  readonly lookups: Lookups;
  /** Whose a slug is, also when readers no longer see it under that slug. */
  readonly slugOwner: (slug: string, session?: ClientSession | null) => Promise<SlugRecord | null>;
  readonly isKilled: (article: Types.ObjectId) => Promise<boolean>;
  readonly site: () => Promise<Site>;
  /** Where somebody is shown a picture that readers do not see yet. */
  readonly signedAddress: (rendition: RenditionRecord) => string;
  readonly search: (asked: Asked) => Promise<PageOf<PublishedRecord>>;
}

interface Filing {
  readonly tag?: readonly string[] | undefined;
  readonly section?: readonly string[] | undefined;
}

/** A story, or the slug under which it is found now. */
export type Found = { readonly story: PublishedRecord } | { readonly movedTo: string };

export type DeliveryService = ReturnType<typeof createDeliveryService>;

/** What readers see of stories. No verb here takes a context: all callers are the same public. */
export function createDeliveryService(deps: DeliveryDeps) {
  const { published, lookups, slugOwner, isKilled, site, signedAddress, search } = deps;
  return { find, list, filterOf, embed, filed, links, namesOf };

  /** @throws DomainError `gone` for a killed story, `not_found` for everything else that is not public. */
  async function find(slug: string): Promise<Found> {
    const story = await published.bySlug(slug);
    if (story) return { story };
    const owner = await slugOwner(slug);
    if (owner?.public) {
      const current = await published.byId(owner.article);
      if (current) return { movedTo: current.slug };
      if (await isKilled(owner.article)) throw new DomainError('gone', 'This story was withdrawn.');
    }
    throw notFound('story');
  }

  async function list(query: DeliveryQuery): Promise<PageOf<PublishedRecord>> {
    const withBody = query.include?.includes('body') ?? false;
    const filter = await filterOf(query);
    if (query.q === undefined) return published.list(filter, pageQuery(query), withBody);
    return search({ q: query.q, filter, order: 'newest', ...pageQuery(query), withBody });
  }

  async function filterOf(
    query: Omit<DeliveryQuery, 'sort' | 'before' | 'include' | 'q'>,
  ): Promise<PublishedFilter> {
    const { author, type, language } = query;
    return {
      ...(await filed(query)),
      ...(author ? { authors: ids(await lookups.authors.bySlugs(author)) } : {}),
      ...(type ? { type } : {}),
      ...(language ? { language } : {}),
      after: query.publishedAfter,
      before: query.publishedBefore,
    };
  }

  /** The tags and sections under which something has to stand, by their slugs. */
  async function filed({ tag, section }: Filing): Promise<Pick<PublishedFilter, 'tags' | 'section'>> {
    return {
      ...(tag ? { tags: await tagFamily(tag) } : {}),
      ...(section
        ? { section: await lookups.sections.descendants(ids(await lookups.sections.bySlugs(section))) }
        : {}),
    };
  }

  async function tagFamily(slugs: readonly string[]): Promise<Types.ObjectId[]> {
    const found = await lookups.tags.bySlugs(slugs);
    return lookups.tags.family(found.map(({ _id, mergedInto }) => mergedInto ?? _id));
  }

  /**
   * Looks up everything that stories refer to: one query a kind, however many stories. With `unseen`, pictures have
   * addresses that are good for minutes and before readers see them.
   */
  async function embed(
    stories: readonly PublishedRecord[],
    withBody: boolean,
    { unseen = false } = {},
  ): Promise<Embedded> {
    const inBody = withBody ? bodyReferences(stories) : { media: [], articles: [] };
    const heroes = stories.flatMap(({ hero }) => (hero ? [String(hero.media)] : []));
    const [where, tags, authors, sections, media, articles] = await Promise.all([
      site(),
      lookups.tags.resolve(distinct(stories.flatMap((story) => story.tags))),
      lookups.authors.resolve(distinct(stories.flatMap((story) => story.authors))),
      sectionPaths(distinct(stories.flatMap((story) => story.section ?? []))),
      mediaItems(distinct([...heroes, ...inBody.media]), unseen),
      published.links(inBody.articles),
    ]);
    return {
      site: where,
      tags,
      authors,
      sections,
      media,
      articles: linked(articles, where),
    };
  }

  /** What sections and tags are called, by id. */
  async function namesOf(sectionIds: readonly string[], tagIds: readonly string[]) {
    const [sections, tags] = await Promise.all([
      lookups.sections.resolve(sectionIds),
      lookups.tags.resolve(tagIds),
    ]);
    return { sections, tags };
  }

  /** The public ones among some stories, as links, by id. */
  async function links(ids: readonly string[]): Promise<Embedded['articles']> {
    return linked(await published.links(distinct(ids)), await site());
  }

  async function mediaItems(ids: readonly string[], unseen: boolean): Promise<Embedded['media']> {
    const addressOf = unseen ? signedAddress : undefined;
    const records = await lookups.media.resolve(ids);
    return new Map(
      [...records].map(([id, record]) => [
        id,
        {
          ...lookups.media.deliveredMedia(record, addressOf),
          modifiedAt: lookups.media.changedAt(record),
        },
      ]),
    );
  }

  async function sectionPaths(ids: readonly string[]): Promise<Embedded['sections']> {
    const sections = await lookups.sections.resolve(ids);
    const above = distinct([...sections.values()].flatMap((section) => section.path));
    const all = new Map([
      ...sections,
      ...(await lookups.sections.resolve(above.filter((id) => !sections.has(id)))),
    ]);
    const path = (ancestors: readonly unknown[]): NamedRecord[] =>
      ancestors.flatMap((id) => all.get(String(id)) ?? []);
    return new Map([...sections].map(([id, section]) => [id, path(section.path)]));
  }
}

const ids = (records: readonly { _id: Types.ObjectId }[]) => records.map(({ _id }) => _id);

const linked = (stories: Awaited<ReturnType<PublishedQueries['links']>>, site: Site): Embedded['articles'] =>
  new Map(
    stories.map(({ _id, slug, headline }) => [
      String(_id),
      { id: String(_id), slug, headline, url: site.urlOf(slug) },
    ]),
  );

const pageQuery = ({ limit, after, before, count }: DeliveryQuery): PageQuery => ({
  limit,
  after,
  before,
  count,
});

const distinct = (ids: readonly unknown[]): string[] => [...new Set(ids.map(String))];
