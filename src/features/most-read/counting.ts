import type { Connection } from 'mongoose';
import { networkOf } from '../../core/network.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import { type Allowance, createAllowance } from './allowance.ts';
import { HOUR_MS, readsModel } from './most-read.model.ts';

/** So many addresses of stories wait to be written at most: about a megabyte of the longest. */
export const MOST_WAITING = 5_000;
const AT_ONCE = 1_000;

export interface CountingDeps {
  readonly db: Connection;
  readonly published: Pick<PublishedQueries, 'bySlugs'>;
  readonly allowance?: Allowance;
}

export type ReadCounting = ReturnType<typeof createReadCounting>;

/**
 * Counts reads in memory and writes them in batches. What waits is lost with the process, and a batch that fails is lost
 * as well: a read too few changes no list, a batch that is written twice may.
 */
export function createReadCounting({ db, published, allowance = createAllowance() }: CountingDeps) {
  const Reads = readsModel(db);
  let waiting = new Map<string, number>();
  return { note, write };

  /** Somebody at this address reads what stands under this slug, whatever that is: it is looked up when it is written. */
  function note(address: string, slug: string): void {
    const isFull = waiting.size >= MOST_WAITING && !waiting.has(slug);
    if (isFull || !allowance.take(networkOf(address), slug)) return;
    waiting.set(slug, (waiting.get(slug) ?? 0) + 1);
  }

  /** Adds what waits to the counts of this hour, by the database's time; what readers do not see counts for nothing. */
  async function write(): Promise<void> {
    const counts = waiting;
    waiting = new Map();
    const slugs = [...counts.keys()];
    for (let at = 0; at < slugs.length; at += AT_ONCE) await add(slugs.slice(at, at + AT_ONCE), counts);
  }

  async function add(slugs: readonly string[], counts: ReadonlyMap<string, number>): Promise<void> {
    const stories = await published.bySlugs(slugs);
    if (stories.length === 0) return;
    const updates = stories.map(({ _id: article, slug, now }) => {
      const hour = new Date(now.getTime() - (now.getTime() % HOUR_MS));
      const update = { $inc: { count: counts.get(slug) ?? 0 }, $setOnInsert: { article, hour } };
      return { updateOne: { filter: { _id: `${article}:${hour.toISOString()}` }, update, upsert: true } };
    });
    await Reads.bulkWrite(updates, { ordered: false });
  }
}
