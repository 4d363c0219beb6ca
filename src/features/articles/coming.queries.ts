import type { Connection, Types } from 'mongoose';
import { type ArticleRecord, articleModel } from './articles.model.ts';

/** More is no page that anybody looks at. */
const MOST = 500;

/** What the schedule will have done by some time. */
export interface Coming {
  readonly stories: readonly ArticleRecord[];
  readonly leaving: readonly Types.ObjectId[];
}

export type ComingQueries = ReturnType<typeof createComingQueries>;

/** What is ordered of stories for a time ahead, for the desk alone: readers learn nothing of it. */
export function createComingQueries({ db }: { db: Connection }) {
  const Articles = articleModel(db);
  return { by };

  /** Uses the partial indexes `publishDue` and `unpublishDue`. */
  async function by(time: Date): Promise<Coming> {
    const due = { $type: 'date' as const, $lte: time };
    const waiting = { scheduleError: null, binnedAt: null };
    const [stories, leaving] = await Promise.all([
      Articles.find({ status: 'scheduled', publishAt: due, ...waiting } as never)
        .sort({ publishAt: -1 })
        .limit(MOST)
        .lean<ArticleRecord[]>(),
      Articles.find({ status: 'published', unpublishAt: due, ...waiting } as never, { _id: 1 })
        .limit(MOST)
        .lean<{ _id: Types.ObjectId }[]>(),
    ]);
    return { stories, leaving: leaving.map(({ _id }) => _id) };
  }
}
