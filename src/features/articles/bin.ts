import type { ClientSession, Connection, Types } from 'mongoose';
import { systemContext } from '../../core/context.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { type ArticleRecord, articleModel } from './articles.model.ts';

/** What other collections keep of a story, by the field that names it. Its audit rows stay. */
const KEPT_BESIDE: Readonly<Record<string, string>> = {
  revisions: 'article',
  slugs: 'article',
  notes: 'article',
  autosaves: 'article',
};

const DAY_MS = 24 * 3_600_000;
const AT_ONCE = 50;

export type EmptyBin = ReturnType<typeof createEmptyBin>;

/** Deletes for good what has been in the bin for long and was never shown to readers. */
export function createEmptyBin({ db, audit }: { db: Connection; audit: AuditService }) {
  const Articles = articleModel(db);
  const ctx = systemContext('scheduler', 'bin');

  /** Deletes up to fifty stories that have been in the bin for `days`; answers how many. Partial index `binned`. */
  return async (days: number): Promise<number> => {
    const found = await Articles.find(overdue(days), { _id: 1 }).sort({ binnedAt: 1 }).limit(AT_ONCE).lean();
    let deleted = 0;
    for (const { _id } of found) {
      if (await inTransaction(db, ctx, (tx) => remove(tx, _id, days))) deleted += 1;
    }
    return deleted;
  };

  /** False when it was taken out of the bin meanwhile. */
  async function remove(tx: Tx, _id: Types.ObjectId, days: number): Promise<boolean> {
    const { session } = tx;
    const story: ArticleRecord | null = await Articles.findOneAndDelete(
      { _id, ...overdue(days) },
      { session },
    ).lean();
    if (!story) return false;
    await forget(_id, session);
    const { headline, version, createdBy, binnedAt } = story;
    await audit.record(tx, {
      key: `article:${_id}:${version}:article.delete`,
      action: 'article.delete',
      target: { kind: 'article', id: String(_id) },
      before: { headline, version, createdBy: createdBy && String(createdBy), binnedAt },
      after: { retentionDays: days },
    });
    return true;
  }

  async function forget(article: Types.ObjectId, session: ClientSession): Promise<void> {
    const inGroup = { 'members.article': article };
    const leave = { $pull: { members: { article } }, $inc: { version: 1 } };
    await db.collection('translations').updateMany(inGroup, leave as never, { session });
    for (const [name, field] of Object.entries(KEPT_BESIDE))
      await db.collection(name).deleteMany({ [field]: article }, { session });
  }
}

/** By the database's time. What was published once stays: it is part of the record. */
const overdue = (days: number) => ({
  binnedAt: { $type: 'date' as const },
  publications: 0,
  firstPublishedAt: null,
  $expr: { $lte: ['$binnedAt', { $subtract: ['$$NOW', days * DAY_MS] }] },
});
