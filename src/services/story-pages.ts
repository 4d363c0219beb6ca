import type { Connection } from 'mongoose';
import type { Calm } from '../core/calm.ts';
import { madeInTurns } from '../core/pace.ts';
import type { PublishedRecord } from '../features/articles/published.model.ts';
import type { PublishedQueries } from '../features/articles/published.queries.ts';
import { articleOf } from '../features/articles/story-keys.ts';
import { deliveredArticlesRoutes } from '../features/delivery/delivery.contract.ts';
import type { Embedded } from '../features/delivery/delivery.presenter.ts';
import type { DeliveryService } from '../features/delivery/delivery.service.ts';
import { listedStory, storyAnswer } from '../features/delivery/story-answer.ts';
import type { OutboxService } from '../features/outbox/outbox.service.ts';
import { madeReady, wordsOf } from '../features/search/highlights.ts';
import { STEMS_VERSION } from '../features/search/stems.ts';
import type { SettingsService } from '../features/settings/settings.service.ts';
import { editionOf } from '../features/story-pages/edition.ts';
import type { Finished } from '../features/story-pages/finished.ts';
import { createStoryPages } from '../features/story-pages/maker.ts';
import { createShownPages, slugAt } from '../features/story-pages/shown.ts';
import { pageOfReply } from '../http/answer.ts';
import type { Page } from '../http/page.ts';
import { readersHeaders } from '../http/security.ts';

/** So many are made before others get their turn. */
const AT_ONCE = 4;

/** The finished pages of stories: what makes them, and what shows them. */
export function createPagesOfStories(deps: {
  readonly db: Connection;
  readonly outbox: OutboxService;
  readonly published: PublishedQueries;
  readonly settings: Pick<SettingsService, 'versioned' | 'latest'>;
  readonly delivery: Pick<DeliveryService, 'embed'>;
  /** Where this server is reached, and what else of the configuration stands in pages. */
  readonly publicUrl: string;
  readonly addresses: Readonly<Record<string, string | undefined>>;
  readonly calm: Calm;
}) {
  const { db, outbox, published, settings, delivery, publicUrl, addresses, calm } = deps;
  const headers = readersHeaders({ https: publicUrl.startsWith('https:') });

  async function edition(): Promise<string | null> {
    const { version, security } = await settings.versioned();
    if (security.contentNeedsKey) return null;
    return editionOf({ publicUrl, ...addresses, headers, stems: STEMS_VERSION }, version);
  }

  /** What stories refer to is looked up for all of them together, and no reader waits for more than a few pages. */
  async function finish(
    stories: readonly PublishedRecord[],
    worded: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, Finished>> {
    const embedded = await Promise.all(
      stories.map(async (story) => [story, await delivery.embed([story], true, { anew: true })] as const),
    );
    const made = await madeInTurns(embedded, AT_ONCE, ([story, beside]) => {
      const page = pageOf(story, beside);
      if (!page) return [];
      const id = String(story._id);
      const words = worded.has(id) ? null : { number: story.number, ...madeReady(wordsOf(story)) };
      return [[id, { page, listed: listedStory(story, beside), words }] as const];
    });
    return new Map(made.flat());
  }

  /** The page of a story as readers are answered at this moment. */
  async function pageNow(slug: string): Promise<Page | null> {
    const { security } = await settings.latest();
    const [story] = security.contentNeedsKey ? [] : await published.shownAt([slug]);
    return story ? pageOf(story, await delivery.embed([story], true)) : null;
  }

  const pageOf = (story: PublishedRecord, beside: Embedded): Page | null =>
    pageOfReply(deliveredArticlesRoutes.read, storyAnswer(story, beside, 'blocks'), headers);

  /** Of a story that has just changed while its page was kept: readers will ask for it. Its plain address only has one. */
  function storyAnew(url: string, keys: readonly string[]): (() => Promise<Page | null>) | null {
    const slug = keys.some(articleOf) ? slugAt(url) : null;
    return slug === null || !url.endsWith(`/${slug}`) ? null : () => pageNow(slug);
  }

  return {
    storyAnew,
    storyPages: createStoryPages({ db, outbox, published, maker: { finish, edition }, calm }),
    shownPages: createShownPages({ db, outbox, published, edition }),
  };
}
