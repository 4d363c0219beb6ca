import { unavailable } from '../../../core/errors.ts';
import type { Batch, Health, Question, SearchIndex } from '../search-index.ts';
import type { Threads } from './threads.ts';

/** The index in a file of this machine's disk. */
export function createEmbeddedIndex({ threads, name }: { threads: Threads; name: string }): SearchIndex {
  let closed = false;
  return {
    shared: false,
    // One more would keep the threads busy while an answer is made, and readers waiting.
    atOnce: threads.readers,
    apply: (batch: Batch) => threads.apply(name, batch),
    async query(question: Question) {
      const found = await threads.ask(name, question);
      if (!found) throw unavailable('The search index is being made. Try again shortly.');
      return found;
    },
    position: () => threads.order<string | null>(name, 'position'),
    clear: () => threads.order<void>(name, 'clear'),
    async health(): Promise<Health> {
      if (closed) return { engine: 'embedded', state: 'closed', stories: 0 };
      const [position, stories] = await Promise.all([
        threads.order<string | null>(name, 'position'),
        threads.order<number>(name, 'count'),
      ]);
      return { engine: 'embedded', state: position === null ? 'building' : 'ready', stories };
    },
    async close() {
      closed = true;
      await threads.close();
    },
  };
}
