import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import type { IndexedStory, Question } from '../../../src/features/search/search-index.ts';
import { createEmbeddedIndex } from '../../../src/features/search/sqlite/embedded.ts';
import { startWorker, type WorkerData } from '../../../src/features/search/sqlite/orders.ts';
import { createThreads } from '../../../src/features/search/sqlite/threads.ts';

const FAILING = new URL('./failing-worker.ts', import.meta.url);
const NOW = Date.UTC(2026, 10, 25);

export const storyOf = (id: string, text: string): IndexedStory => ({
  ...{ id, at: NOW, language: 'en', head: 'A headline', text, marks: { section: ['s1'], language: ['en'] } },
});

/** Real threads over a file of their own, with one story of a harbour wall. `fails` takes those that can be made to. */
export async function openThreads(readers: number, { fails = false } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'copydesk-threads-'));
  const started: WorkerData['role'][] = [];
  const running = new Set<Worker>();
  const threads = createThreads({
    ...{ directory, files: ['published'], readers, patienceMs: 30_000, log: pino({ level: 'silent' }) },
    ...(fails ? { stuckMs: 1_000 } : {}),
    startWorker: (data) => {
      started.push(data.role);
      const worker = startWorker(data, ...(fails ? [FAILING] : []));
      running.add(worker);
      worker.once('exit', () => running.delete(worker));
      return worker;
    },
  });
  const index = createEmbeddedIndex({ threads, name: 'published' });
  await index.apply({ put: [storyOf('wall', 'the harbour wall')], remove: [], position: '1' });
  const count = (role: WorkerData['role']) => started.filter((one) => one === role).length;
  async function ask(q: string, more: Partial<Question> = {}) {
    const all = { marks: [], order: 'fit', limit: 10, count: true, facets: true, now: NOW } as const;
    return await index.query({ q, ...all, ...more });
  }
  const eightAtOnce = () => Promise.all(Array.from({ length: 8 }, () => ask('harbour')));
  return {
    ...{ index, ask, eightAtOnce, count },
    /** How many threads there are, those that were left to themselves included. */
    running: () => running.size,
    /** Asks until so many readers have been started. */
    async untilStarted(least: number) {
      while (count('reader') < least) await eightAtOnce();
    },
    async close() {
      await index.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
