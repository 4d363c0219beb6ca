import type { ClientSession, Types } from 'mongoose';
import { DomainError, invalidParameter, notFound } from '../../core/errors.ts';
import type { Site } from '../../core/site.ts';
import type { PageOf, PageQuery } from '../../db/page.ts';
import type { PastQueries } from '../articles/past.queries.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { Place, PublishedFilter, PublishedQueries } from '../articles/published.queries.ts';
import type { SlugRecord } from '../articles/slugs.ts';
import { linkKey } from '../articles/story-keys.ts';
import type { AuthorLookup } from '../authors/authors.queries.ts';
import type { RenditionRecord } from '../media/media.model.ts';
import type { MediaLookup } from '../media/media.queries.ts';
import type { Destination, RedirectLookup } from '../redirects/redirects.queries.ts';
import type { Asked } from '../search/readers-search.ts';
import type { SectionLookup } from '../sections/sections.queries.ts';
import type { TagLookup } from '../tags/tags.queries.ts';
import type { TranslationLookup } from '../translations/translations.queries.ts';
import type { DeliveryQuery } from './delivery.contract.ts';
import { bodyReferences, type Embedded, type NamedRecord } from './delivery.presenter.ts';
import type { NameKind, Names, RecordsOf } from './names.ts';
import { createRelated, type Related } from './related.ts';
import { lookedUpTogether } from './together.ts';

export interface Lookups {
  readonly tags: TagLookup;
  readonly sections: SectionLookup;
  readonly authors: AuthorLookup;
  readonly media: MediaLookup;
}

export interface DeliveryDeps {
  readonly published: PublishedQueries;
  readonly past: PastQueries;
  readonly lookups: Lookups;
  readonly names: Pick<Names, 'idsOf'>;
  /** As this process remembers them: what a change made wrong is known as soon as the change has been heard of. */
  readonly remembered: RecordsOf;
  /** As the database has them at this moment. */
  readonly current: RecordsOf;
  /** Whose a slug is, also when readers no longer see it under that slug. */
  readonly slugOwner: (slug: string, session?: ClientSession | null) => Promise<SlugRecord | null>;
  readonly translations: Pick<TranslationLookup, 'alternatesOf'>;
  readonly redirects: Pick<RedirectLookup, 'fromSlug' | 'inPlaceOf'>;
  readonly isKilled: (article: Types.ObjectId) => Promise<boolean>;
  readonly site: () => Promise<Site>;
  /** As this process remembers it. */
  readonly rememberedSite: () => Promise<Site>;
  /** Where somebody is shown a picture that readers do not see yet. */
  readonly signedAddress: (rendition: RenditionRecord) => string;
  readonly search: (asked: Asked) => Promise<PageOf<PublishedRecord>>;
}

interface Filing {
  readonly tag?: readonly string[] | undefined;
  readonly section?: readonly string[] | undefined;
}

/** What a question is narrowed by. */
type Asking = Omit<DeliveryQuery, 'sort' | 'before' | 'include' | 'q'>;

/** A filter of ids, and whether every name in the question stood for something. */
interface Resolved<F> {
  readonly filter: F;
  readonly isWhole: boolean;
}

interface Named {
  /** Without it there is no such condition. */
  readonly ids?: readonly Types.ObjectId[];
  readonly isWhole: boolean;
}

/** A page of stories with the filter that it stands under. */
export interface Places<R = Place> extends PageOf<R> {
  readonly filter: PublishedFilter;
  /** False: the cache tags of what it is made of do not tell all that may change it. */
  readonly lasts: boolean;
}

export type Listed = Places<PublishedRecord>;

/** What is being published just now bears a time that is over already. */
const UNSETTLED_MS = 60_000;

/** So many stories look for what is related to them at the same moment. */
const AT_ONCE = 8;

/** The slug under which a story is found now, or another address; with what that depends on. */
export type Moved = {
  readonly keys: readonly string[];
  readonly permanent: boolean;
} & ({ readonly movedTo: string } | { readonly elsewhere: string });

/** A story, or where it is. */
export type Found = { readonly story: PublishedRecord; readonly lasts?: boolean } | Moved;

export type DeliveryService = ReturnType<typeof createDeliveryService>;

/** What readers see of stories. No verb here takes a context: all callers are the same public. */
export function createDeliveryService(deps: DeliveryDeps) {
  const { published, past, lookups, names, slugOwner, redirects, isKilled, signedAddress, search } = deps;
  const { remembered, current } = deps;
  const together = lookedUpTogether(deps);
  const relatedTo = createRelated({ published, tags: lookups.tags });
  return { find, findAsOf, list, places, related, filterOf, embed, filed, links };

  /** @throws DomainError `gone` for a killed story, `not_found` for everything else that is not public. */
  async function find(slug: string): Promise<Found> {
    const story = (await together.stories([slug])).get(slug);
    if (story) return { story };
    const owner = await slugOwner(slug);
    if (!owner?.public) throw notFound('story');
    const { article } = owner;
    const current = article && (await published.byId(article));
    if (current) return { movedTo: current.slug, keys: [linkKey(article)], permanent: true };
    if (article && (await isKilled(article))) throw gone();
    return follow(article ? await redirects.inPlaceOf(article) : await redirects.fromSlug(slug));
  }

  /** Where a manual redirect leads, as long as that is public. */
  async function follow(to: Destination | null): Promise<Moved> {
    if (!to) throw notFound('story');
    if ('hidden' in to) throw (await isKilled(to.hidden)) ? gone() : notFound('story');
    const { id, permanent } = to;
    const facts = { keys: ['redirects', `redirect-${id}`], permanent };
    return 'slug' in to ? { movedTo: to.slug, ...facts } : { elsewhere: to.url, ...facts };
  }

  /**
   * As readers had it at `asOf`, under the address that it has now; a story that is not public now never was.
   * @throws DomainError as `find`, and `forbidden` for a time that has not come.
   */
  async function findAsOf(slug: string, asOf: Date | undefined): Promise<Found> {
    if (!asOf) return find(slug);
    const lasts = await requirePast(asOf);
    const found = await find(slug);
    if (!('story' in found)) return found;
    const then = await past.at(found.story._id, asOf);
    if (!then) throw notFound('story');
    return { story: { ...then, slug: found.story.slug }, lasts };
  }

  async function list({ asOf: time, q, ...query }: DeliveryQuery): Promise<Listed> {
    // Related stories are told by the body, too.
    const withBody = query.include !== undefined;
    if (time && q !== undefined)
      throw invalidParameter('asOf', 'A search finds what is public now: no "asOf" with "q".');
    const settled = time ? await requirePast(time) : true;
    const { filter, isWhole } = await resolved(query);
    const lasts = settled && isWhole;
    if (time) return { ...(await past.list(filter, pageQuery(query), { time, withBody })), filter, lasts };
    if (q === undefined)
      return { ...(await published.list(filter, pageQuery(query), withBody)), filter, lasts };
    const found = await search({ q, filter, order: 'newest', ...pageQuery(query), withBody });
    return { ...found, filter, lasts: false };
  }

  /** As `list`, of what is public now, as `read` has it: without what stands in the stories. */
  async function places<R extends Place>(
    query: DeliveryQuery,
    read: (filter: PublishedFilter, query: PageQuery) => Promise<PageOf<R>>,
  ): Promise<Places<R>> {
    const { filter, isWhole: lasts } = await resolved(query);
    return { ...(await read(filter, pageQuery(query))), filter, lasts };
  }

  /** @returns whether what was committed then can be seen by now. */
  async function requirePast(time: Date): Promise<boolean> {
    const now = await past.requireReached(time);
    return now.getTime() - time.getTime() > UNSETTLED_MS;
  }

  /** What stands beside each of some stories, a few stories at a time. */
  async function related(stories: readonly PublishedRecord[], asOf?: Date): Promise<Related[]> {
    const found: Related[] = [];
    for (let at = 0; at < stories.length; at += AT_ONCE)
      found.push(
        ...(await Promise.all(stories.slice(at, at + AT_ONCE).map((story) => relatedTo(story, asOf)))),
      );
    return found;
  }

  async function filterOf(query: Asking): Promise<PublishedFilter> {
    return (await resolved(query)).filter;
  }

  async function resolved(query: Asking): Promise<Resolved<PublishedFilter>> {
    const { author, type, language } = query;
    const [filing, authors] = await Promise.all([filed(query), named('author', author)]);
    return {
      isWhole: filing.isWhole && authors.isWhole,
      filter: {
        ...filing.filter,
        ...(authors.ids ? { authors: authors.ids } : {}),
        ...(type ? { type } : {}),
        ...(language ? { language } : {}),
        after: query.publishedAfter,
        before: query.publishedBefore,
      },
    };
  }

  /** The tags and sections under which something has to stand, by their slugs. */
  async function filed({
    tag,
    section,
  }: Filing): Promise<Resolved<Pick<PublishedFilter, 'tags' | 'section'>>> {
    const [tags, sections] = await Promise.all([named('tag', tag), named('section', section)]);
    return {
      isWhole: tags.isWhole && sections.isWhole,
      filter: {
        ...(tags.ids ? { tags: tags.ids } : {}),
        ...(sections.ids ? { section: sections.ids } : {}),
      },
    };
  }

  /** What names in a question stand for. One that stands for nothing may stand for something tomorrow. */
  async function named(kind: NameKind, slugs: readonly string[] | undefined): Promise<Named> {
    if (!slugs) return { isWhole: true };
    const asked = [...new Set(slugs)];
    const found = await names.idsOf(kind, asked);
    return { ids: [...found.values()].flat(), isWhole: found.size === asked.length };
  }

  /**
   * Looks up everything that stories refer to: one query a kind, however many stories. With `unseen`, pictures have
   * addresses that are good for minutes and before readers see them. `anew`, nothing of it is remembered: for what is kept
   * as being of one moment of the database.
   */
  async function embed(
    stories: readonly PublishedRecord[],
    withBody: boolean,
    { unseen = false, anew = false } = {},
  ): Promise<Embedded> {
    const recordsOf = anew ? current : remembered;
    const inBody = withBody ? bodyReferences(stories) : { media: [], articles: [] };
    const heroes = stories.flatMap(({ hero }) => (hero ? [String(hero.media)] : []));
    const [where, tags, authors, sections, media, articles, alternates] = await Promise.all([
      anew ? together.site() : deps.rememberedSite(),
      recordsOf('tag', distinct(stories.flatMap((story) => story.tags))),
      recordsOf('author', distinct(stories.flatMap((story) => story.authors))),
      sectionPaths(recordsOf, distinct(stories.flatMap((story) => story.section ?? []))),
      mediaItems(distinct([...heroes, ...inBody.media]), unseen),
      together.links(inBody.articles),
      together.alternates(stories.map(({ _id }) => String(_id))),
    ]);
    return {
      site: where,
      tags,
      authors,
      sections,
      media,
      articles: linked([...articles.values()], where),
      alternates,
    };
  }

  /** The public ones among some stories, as links, by id. */
  async function links(ids: readonly string[]): Promise<Embedded['articles']> {
    return linked(await published.links(distinct(ids)), await together.site());
  }

  async function mediaItems(ids: readonly string[], unseen: boolean): Promise<Embedded['media']> {
    const addressOf = unseen ? signedAddress : undefined;
    const records = await together.media(ids);
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

  async function sectionPaths(recordsOf: RecordsOf, ids: readonly string[]): Promise<Embedded['sections']> {
    const sections = await recordsOf('section', ids);
    const above = distinct([...sections.values()].flatMap((section) => section.path));
    const others = await recordsOf(
      'section',
      above.filter((id) => !sections.has(id)),
    );
    const all = new Map([...sections, ...others]);
    const path = (ancestors: readonly unknown[]): NamedRecord[] =>
      ancestors.flatMap((id) => all.get(String(id)) ?? []);
    return new Map([...sections].map(([id, section]) => [id, path(section.path)]));
  }
}

const gone = () => new DomainError('gone', 'This story was withdrawn.');

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
