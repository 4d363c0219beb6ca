import type { Connection } from 'mongoose';
import type { Calm } from '../core/calm.ts';
import { standingLease } from '../db/lease.ts';
import type { PublishedQueries } from '../features/articles/published.queries.ts';
import { articleOf } from '../features/articles/story-keys.ts';
import { createWorkingQueries } from '../features/articles/working.queries.ts';
import type { OutboxEvent, OutboxService } from '../features/outbox/outbox.service.ts';
import type { Purgeable } from '../features/purge/purgeable.ts';
import { createDeskSource } from '../features/search/desk-source.ts';
import { createFeed } from '../features/search/feed.ts';
import type { Indexes } from '../features/search/open-indexes.ts';
import type { Names } from '../features/search/published-source.ts';
import { createPublishedSource } from '../features/search/published-source.ts';
import { createReadersSearch } from '../features/search/readers-search.ts';
import type { SearchIndex } from '../features/search/search-index.ts';

const LEASE_MS = 10_000;

interface SearchDeps {
  readonly db: Connection;
  readonly indexes: Indexes;
  readonly published: PublishedQueries;
  readonly outbox: OutboxService;
  readonly lookups: Names;
  readonly calm: Calm;
}

/** What readers and the desk search in, and what keeps it in step. */
export function createSearch({ db, indexes, published, outbox, lookups, calm }: SearchDeps) {
  const readersSearch = createReadersSearch({ index: indexes.published, published });
  const leaseOf = ({ shared }: SearchIndex, name: string) =>
    shared ? standingLease(db, name, LEASE_MS) : undefined;
  const searchFeed = createFeed({
    ...{ name: 'search feed', calm },
    lease: leaseOf(indexes.published, 'search feed'),
    index: indexes.published,
    source: createPublishedSource({ db, published, outbox, names: lookups }),
  });
  const deskSearchFeed = createFeed({
    ...{ name: 'desk search feed', calm },
    lease: leaseOf(indexes.desk, 'desk search feed'),
    index: indexes.desk,
    source: createDeskSource({ db, working: createWorkingQueries({ db }), names: lookups }),
  });
  const withdrawAtOnce = ({ type, subject }: OutboxEvent): void => {
    const [, id = ''] = subject.split(':');
    if (type === 'article.unpublished' || type === 'article.killed') searchFeed.withdraw(id);
  };
  /** What any process has changed is read anew as soon as that is heard of, ahead of the event's number. */
  const followed = {
    purge: (keys) => {
      for (const key of keys) {
        const id = articleOf(key);
        if (id) searchFeed.refresh(id);
      }
    },
    purgeAll: () => undefined,
    watched: () => undefined,
  } satisfies Purgeable;
  const isBehind = () => searchFeed.isBehind() || deskSearchFeed.isBehind();
  return { readersSearch, searchFeed, deskSearchFeed, withdrawAtOnce, followed, isBehind };
}
