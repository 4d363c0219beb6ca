import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import { ASK_AGAIN, cached, movedTo } from '../delivery/caching.ts';
import { type Embedded, lastModified, presentListed } from '../delivery/delivery.presenter.ts';
import { frontKeys } from './front-keys.ts';
import type { FrontPage, FrontPages } from './front-pages.ts';
import type { DeliveredFront, deliveredFrontsRoutes, frontsRoutes } from './fronts.contract.ts';
import { presentFront, presentFrontRevision, presentFrontRevisionWhole } from './fronts.presenter.ts';
import type { FrontsService } from './fronts.service.ts';

export interface FrontHandlersDeps {
  readonly fronts: FrontsService;
  readonly frontPages: FrontPages;
  readonly delivery: {
    readonly embed: (
      stories: readonly PublishedRecord[],
      withBody: boolean,
      how?: { unseen?: boolean },
    ) => Promise<Embedded>;
  };
}

const storiesOf = ({ containers }: FrontPage): PublishedRecord[] =>
  containers.flatMap(({ cards }) => cards.map(({ story }) => story));

/** A front as readers get it: each card in the format of lists, with the words that it has here. */
const presentPage = ({ front, content, at, containers }: FrontPage, embedded: Embedded): DeliveredFront => ({
  id: String(front._id),
  slug: front.slug,
  name: content.name,
  publishedAt: at?.toISOString() ?? null,
  containers: containers.map(({ title, cards }) => ({
    title,
    cards: cards.map(({ story, placed }) => ({ article: presentListed(story, embedded), placed })),
  })),
});

export const frontsHandlers = ({
  fronts,
  frontPages,
  delivery,
}: FrontHandlersDeps): Handlers<typeof frontsRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await fronts.list(ctx, query);
    return { data: records.map(presentFront), page };
  },
  create: async (ctx, { body }) => presentFront(await fronts.create(ctx, body)),
  read: async (ctx, { params }) => presentFront(await fronts.read(ctx, params.id)),
  change: async (ctx, { params, ifMatch, body }) =>
    presentFront(await fronts.change(ctx, params.id, ifMatch, body)),
  remove: async (ctx, { params, ifMatch }) => fronts.remove(ctx, params.id, ifMatch),
  publish: async (ctx, { params, ifMatch }) => presentFront(await fronts.publish(ctx, params.id, ifMatch)),
  unpublish: async (ctx, { params, ifMatch }) =>
    presentFront(await fronts.unpublish(ctx, params.id, ifMatch)),
  schedule: async (ctx, { params, ifMatch, body }) =>
    presentFront(await fronts.schedule(ctx, params.id, ifMatch, body.publishAt)),
  unschedule: async (ctx, { params, ifMatch }) =>
    presentFront(await fronts.unschedule(ctx, params.id, ifMatch)),
  preview: async (ctx, { params, query }) => {
    const page = await frontPages.preview(ctx, params.id, query.asOf);
    return presentPage(page, await delivery.embed(storiesOf(page), false, { unseen: true }));
  },
  revisions: async (ctx, { params, query }) => {
    const { records, page } = await fronts.revisions(ctx, params.id, query);
    return { data: records.map(presentFrontRevision), page };
  },
  revision: async (ctx, { params }) =>
    presentFrontRevisionWhole(await fronts.revision(ctx, params.id, params.number)),
  restore: async (ctx, { params, ifMatch }) =>
    presentFront(await fronts.restore(ctx, params.id, ifMatch, params.number)),
});

export const deliveredFrontsHandlers = ({
  frontPages,
  delivery,
}: FrontHandlersDeps): Handlers<typeof deliveredFrontsRoutes> => ({
  read: async (_ctx, { params, query }) => {
    const found = await frontPages.find(params.slug, query.asOf);
    const question = query.asOf ? `?${new URLSearchParams({ asOf: query.asOf.toISOString() })}` : '';
    if ('movedTo' in found) return movedTo(`/content/v1/fronts/${found.movedTo}${question}`);
    const { page } = found;
    const stories = storiesOf(page);
    const embedded = await delivery.embed(stories, false);
    const modifiedAt = new Date(Math.max(Number(page.at), Number(lastModified(stories, embedded))));
    if (!page.lasts) return new Reply(presentPage(page, embedded), { headers: ASK_AGAIN });
    return cached(presentPage(page, embedded), { keys: frontKeys(page, stories, embedded), modifiedAt });
  },
});
