import type { Site } from '../../core/site.ts';
import type { Tx } from '../../db/transaction.ts';
import type { EventType, OutboxService } from '../outbox/outbox.service.ts';
import type { ArticleRecord } from './articles.model.ts';
import { type Announcement, contentOf, surrogateKeys } from './publication.ts';
import type { PublishedRecord } from './published.model.ts';

export interface TellingDeps {
  readonly outbox: OutboxService;
  readonly site: (session: Tx['session']) => Promise<Site>;
  /** The other language versions that readers have, and the cache tag of them all. */
  readonly besides: (
    article: unknown,
    session: Tx['session'],
  ) => Promise<{ readonly keys: readonly string[]; readonly slugs: readonly string[] }>;
}

/** What a story may appear in or vanish from. */
const LISTS = ['articles', 'tags'];

const HIDES: readonly EventType[] = ['article.unpublished', 'article.killed'];

/** Whether its other language versions name it otherwise than before, or not any more. */
const looksOther = (type: EventType, story: ArticleRecord, before: PublishedRecord | null): boolean =>
  HIDES.includes(type) || before?.slug !== story.slug || before.language !== story.language;

/** Announces what changed for readers, with every cache tag and address that it was or is under. */
export function createTelling({ outbox, site, besides }: TellingDeps) {
  return async function tell(
    tx: Tx,
    story: ArticleRecord,
    type: EventType,
    change: {
      readonly change: Announcement['change'];
      readonly before: PublishedRecord | null;
      readonly isCorrected: boolean;
    },
  ): Promise<void> {
    const id = String(story._id);
    const { urlOf } = await site(tx.session);
    const shown = change.before ?? { _id: id, ...contentOf(story) };
    const others = looksOther(type, story, change.before)
      ? await besides(story._id, tx.session)
      : { keys: [], slugs: [] };
    const corrections = change.isCorrected ? ['corrections'] : [];
    const keys = [...LISTS, ...surrogateKeys(story), ...surrogateKeys(shown), ...corrections, ...others.keys];
    await outbox.announce(tx, {
      type,
      subject: `article:${id}`,
      version: story.version,
      data: {
        id,
        slug: story.slug,
        ...(change.change ? { change: change.change } : {}),
        surrogateKeys: [...new Set(keys)],
        urls: [...new Set([story.slug, shown.slug, ...others.slugs].map(urlOf))],
      },
    });
  };
}
