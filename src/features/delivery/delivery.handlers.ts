import { PageInfo } from '../../contract/shapes.ts';
import { invalidParameter } from '../../core/errors.ts';
import { sharedInATurn } from '../../core/one-turn.ts';
import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import { addressKey, goneKey, listKey, RETURNED } from '../articles/story-keys.ts';
import type { OpenPreview } from '../previews/opening.ts';
import type { ShownPages } from '../story-pages/shown.ts';
import type { ListedRecord } from '../story-pages/story-pages.model.ts';
import { ASK_AGAIN, cached, moved, secret } from './caching.ts';
import type { DeliveryQuery, deliveredArticlesRoutes, ReadQuery } from './delivery.contract.ts';
import { lastModified, latest, onlyFields, presentDelivered, presentListed } from './delivery.presenter.ts';
import type { DeliveryService, Places } from './delivery.service.ts';
import { happeningsOf, listKeys, namesKeys, storyKeys } from './page-keys.ts';
import { asShown } from './preview.ts';
import { listOf, relatedKeys, storyAnswer } from './story-answer.ts';

/** The past changes when a story vanishes from it, or comes back. */
const pastKeys = ({ count }: DeliveryQuery): string[] => [
  RETURNED,
  ...(count ? [listKey('left', 'all')] : []),
];

/** What the stories of a list are finished without. */
const UNFINISHED = ['asOf', 'q', 'fields', 'include'] as const;

/** A list changes with what is in it, with what may come into it, and with what the names in its question stand for. */
const listKeysOf = (query: DeliveryQuery, { filter, beyond }: Places): string[] => [
  ...namesKeys(filter),
  ...(query.asOf ? pastKeys(query) : listKeys(filter, happeningsOf(query))),
  ...(beyond ? [query.asOf ? addressKey(beyond._id) : goneKey(beyond._id)] : []),
];

/** What was asked for, for the address where the story is now. */
function questionOf({ format, include, asOf }: ReadQuery): string {
  const asked = new URLSearchParams({
    ...(format === 'blocks' ? {} : { format }),
    ...(include ? { include: include.join(',') } : {}),
    ...(asOf ? { asOf: asOf.toISOString() } : {}),
  });
  return asked.size > 0 ? `?${asked}` : '';
}

export function deliveredArticlesHandlers({
  delivery,
  openPreview,
  shownPages,
}: {
  delivery: DeliveryService;
  openPreview: OpenPreview;
  shownPages: Pick<ShownPages, 'readers' | 'isReady'>;
}): Handlers<typeof deliveredArticlesRoutes> {
  const shared = sharedInATurn<Awaited<ReturnType<typeof finishedList>>>();
  return {
    list: async (_ctx, { query }) => {
      const finished = await shared(JSON.stringify(query), () => finishedList(query));
      if (finished) return finished;
      const listed = await delivery.list(query);
      const { records, page } = listed;
      const withBody = query.include?.includes('body') ?? false;
      const beside = await besideOf(records, query);
      const embedded = await delivery.embed(records, withBody);
      const present = (story: PublishedRecord) =>
        withBody ? presentDelivered(story, embedded, 'blocks') : presentListed(story, embedded);
      const data = records.map((story, at) =>
        onlyFields({ ...present(story), ...beside.members[at] }, query.fields),
      );
      if (!listed.lasts) return new Reply({ data, page }, { headers: ASK_AGAIN });
      const standing = { fields: query.fields, withBody, past: query.asOf !== undefined };
      const facts = {
        modifiedAt: lastModified(records, embedded),
        keys: [
          ...listKeysOf(query, listed),
          ...records.flatMap((story) => storyKeys(story, embedded, standing)),
          ...relatedKeys(records, withBody),
          ...beside.keys,
        ],
      };
      return cached({ data, page }, facts);
    },
    read: async (ctx, { params, query, headers }) => {
      const token = headers.previewToken ?? query.preview;
      if (token !== undefined) {
        if (query.asOf) throw invalidParameter('asOf', 'A preview shows one saved version, and no past.');
        const story = asShown(await openPreview(ctx, token, params.slug));
        const embedded = await delivery.embed([story], true, { unseen: true });
        return secret(presentDelivered(story, embedded, query.format));
      }
      const found = await delivery.findAsOf(params.slug, query.asOf);
      if (!('story' in found))
        return moved(found, (slug) => `/content/v1/articles/${slug}${questionOf(query)}`);
      const embedded = await delivery.embed([found.story], true);
      const beside = await besideOf([found.story], query);
      const answer = storyAnswer(found.story, embedded, query.format, {
        ...{ member: beside.members[0], keys: beside.keys, past: query.asOf !== undefined },
      });
      return found.lasts === false ? new Reply(answer.body, { headers: ASK_AGAIN }) : answer;
    },
  };

  /** The list made of what is finished of its stories; `null` where it has to be put together. */
  async function finishedList(
    query: DeliveryQuery,
  ): Promise<Reply<{ data: never[]; page: PageInfo }> | null> {
    if (!shownPages.isReady() || UNFINISHED.some((name) => query[name] !== undefined)) return null;
    for (const read of shownPages.readers()) {
      const places = await delivery.places(query, read.entries);
      const listKeys = listKeysOf(query, places);
      const stories = read.listed(places.records, listKeys);
      if (stories) return listReply(places, listKeys, stories);
    }
    return null;
  }

  function listReply(
    places: Places,
    listKeys: readonly string[],
    stories: readonly ListedRecord[],
  ): Reply<{ data: never[]; page: PageInfo }> {
    const { page, lasts } = places;
    const json = listOf(
      stories.map((story) => story.json),
      { page: PageInfo.parse(page) },
    );
    if (!lasts) return new Reply({ data: [], page }, { headers: ASK_AGAIN, json });
    const keys = [...listKeys, ...stories.flatMap((story) => story.keys.split(' '))];
    const modifiedAt = latest(stories.map((story) => story.modifiedAt));
    return cached({ data: [], page }, { keys, modifiedAt, json });
  }

  /** What comes with `include=related`, for each story: nothing where it was not asked for. */
  async function besideOf(
    stories: readonly PublishedRecord[],
    { include = [], asOf }: Pick<DeliveryQuery, 'include' | 'asOf'>,
  ) {
    if (!include.includes('related')) return { members: [], keys: [] };
    const found = await delivery.related(stories, asOf);
    const embedded = await delivery.embed(
      found.flatMap((one) => one.stories),
      false,
    );
    return {
      members: found.map((one) => ({ related: one.stories.map((story) => presentListed(story, embedded)) })),
      keys: found.flatMap((one) => [
        ...one.keys,
        ...one.stories.flatMap((story) => storyKeys(story, embedded)),
      ]),
    };
  }
}
