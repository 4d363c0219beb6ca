import type { Connection } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import { HOUR_MS, type ReadsRecord, readsModel } from './most-read.model.ts';
import { rank } from './ranking.ts';

const HOURS = 24;
/** Of each hour the stories that were read most: a list costs the same however many are read. */
const OF_AN_HOUR = 200;
const AT_ONCE = 50;

export type MostReadService = ReturnType<typeof createMostReadService>;

/** What readers read most. No verb here takes a context: all callers are the same public. */
export function createMostReadService({
  db,
  published,
}: {
  db: Connection;
  published: Pick<PublishedQueries, 'byIds'>;
}) {
  const Reads = readsModel(db);
  return { list };

  /** The public ones, most read first, without bodies. */
  async function list(limit: number): Promise<PublishedRecord[]> {
    const ranked = rank(await busiest());
    const found: PublishedRecord[] = [];
    for (let at = 0; at < ranked.length && found.length < limit; at += AT_ONCE) {
      const ids = ranked.slice(at, at + AT_ONCE);
      const stories = byId(await published.byIds(ids));
      found.push(...ids.flatMap((id) => stories.get(id) ?? []));
    }
    return found.slice(0, limit);
  }

  /** The day that ends with the last hour in which anything was read: a quiet night empties no list. Index `busiest`. */
  async function busiest(): Promise<ReadsRecord[]> {
    const last = await Reads.findOne({}, { hour: 1 }).sort({ hour: -1, count: -1 }).lean();
    if (!last) return [];
    const [first, ...others] = Array.from({ length: HOURS }, (_none, ago) =>
      within(new Date(last.hour.getTime() - ago * HOUR_MS)),
    );
    return Reads.aggregate<ReadsRecord>([
      ...(first ?? []),
      ...others.map((pipeline) => ({ $unionWith: { coll: 'reads', pipeline } })),
    ]).option({ maxTimeMS: 4_000 });
  }
}

const within = (hour: Date) => [
  { $match: { hour } },
  { $sort: { count: -1, article: 1 } as const },
  { $limit: OF_AN_HOUR },
  { $project: { _id: 0, article: 1, hour: 1, count: 1 } },
];
