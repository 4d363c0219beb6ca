import type { Handlers } from '../../http/register.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import { RETURNED } from '../articles/story-keys.ts';
import { cached } from '../delivery/caching.ts';
import { type Embedded, onlyFields, presentListed } from '../delivery/delivery.presenter.ts';
import { storyKeys } from '../delivery/page-keys.ts';
import type { ReadCounting } from './counting.ts';
import type { mostReadRoutes } from './most-read.contract.ts';
import type { MostReadService } from './most-read.service.ts';

/** No event tells that something was read: a list of it is kept for so long at most. */
const KEPT_SECONDS = 60;

export interface MostReadHandlersDeps {
  readonly mostRead: MostReadService;
  readonly readCounting: Pick<ReadCounting, 'note'>;
  readonly delivery: {
    readonly embed: (stories: readonly PublishedRecord[], withBody: boolean) => Promise<Embedded>;
  };
}

export const mostReadHandlers = ({
  mostRead,
  readCounting,
  delivery,
}: MostReadHandlersDeps): Handlers<typeof mostReadRoutes> => ({
  read: async (ctx, { params }) => {
    readCounting.note(ctx.address ?? '', params.slug);
    return undefined;
  },
  list: async (_ctx, { query: { limit, fields } }) => {
    const stories = await mostRead.list(limit);
    const embedded = await delivery.embed(stories, false);
    const data = stories.map((story) => onlyFields(presentListed(story, embedded), fields));
    // What comes back brings its reads with it.
    const keys = [
      'most-read',
      RETURNED,
      ...stories.flatMap((story) => storyKeys(story, embedded, { fields })),
    ];
    return cached({ data, page: { limit, next: null, prev: null } }, { keys, keptSeconds: KEPT_SECONDS });
  },
});
