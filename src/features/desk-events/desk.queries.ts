import { type Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import type { Owned } from '../../core/policy.ts';
import type { ArticleRecord, LockRecord } from '../articles/articles.model.ts';
import { createAuditTail } from '../audit/audit-tail.queries.ts';

/** What the policy looks at in a story. */
const OWNED = { createdBy: 1, assignee: 1, status: 1, binnedAt: 1 } as const;

export interface LockedStory {
  readonly article: string;
  readonly lock: LockRecord;
}

export type DeskQueries = ReturnType<typeof createDeskQueries>;

/** What the event stream reads of the audit log and of stories. */
export function createDeskQueries({ db }: { db: Connection }) {
  const articles = db.collection<ArticleRecord>('articles');
  return { ...createAuditTail({ db }), locked, owners };

  /** The stories that somebody edits now, by the database's time; uses the partial index `locked`. */
  async function locked(limit: number): Promise<LockedStory[]> {
    const found = await articles
      .find({ 'lock.expiresAt': { $type: 'date' }, $expr: { $gt: ['$lock.expiresAt', '$$NOW'] } } as never, {
        projection: { lock: 1 },
      })
      .limit(limit)
      .toArray();
    return found.flatMap(({ _id, lock }) => (lock ? [{ article: String(_id), lock }] : []));
  }

  async function owners(ids: readonly string[]): Promise<ReadonlyMap<string, Owned>> {
    const found = await articles
      .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) } }, { projection: OWNED })
      .toArray();
    return byId(found);
  }
}
