import { unavailable } from '../../../core/errors.ts';
import type { Batch, Found, Health, Question, SearchIndex } from '../search-index.ts';
import type { Thread } from './thread.ts';

/** The index in a file of this machine's disk. */
export function createEmbeddedIndex({ thread, name }: { thread: Thread; name: string }): SearchIndex {
  let closed = false;
  return {
    shared: false,
    apply: (batch: Batch) => thread.order<void>(name, 'apply', batch),
    async query(question: Question) {
      const found = await thread.ask<Found | null>(name, 'query', question);
      if (!found) throw unavailable('The search index is being made. Try again shortly.');
      return found;
    },
    position: () => thread.order<string | null>(name, 'position'),
    clear: () => thread.order<void>(name, 'clear'),
    async health(): Promise<Health> {
      if (closed) return { engine: 'embedded', state: 'closed', stories: 0 };
      const [position, stories] = await Promise.all([
        thread.order<string | null>(name, 'position'),
        thread.order<number>(name, 'count'),
      ]);
      return { engine: 'embedded', state: position === null ? 'building' : 'ready', stories };
    },
    async close() {
      closed = true;
      await thread.close();
    },
  };
}
