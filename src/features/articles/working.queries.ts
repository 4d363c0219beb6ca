import { type Connection, Types } from 'mongoose';
import { type ArticleRecord, articleModel } from './articles.model.ts';

const FIRST = new Types.ObjectId('0'.repeat(24));

export type WorkingQueries = ReturnType<typeof createWorkingQueries>;

/** Working copies for an index, whoever may read them: what is found in it is read again under somebody's rights. */
export function createWorkingQueries({ db }: { db: Connection }) {
  const Articles = articleModel(db);
  return { among, idsUnder, page };

  async function among(ids: readonly string[]): Promise<ArticleRecord[]> {
    return Articles.find({ _id: { $in: [...ids] } }).lean<ArticleRecord[]>();
  }

  /** The stories that carry a tag or byline; uses the index of the field. */
  async function idsUnder(field: 'tags' | 'authors', id: string): Promise<string[]> {
    const found = await Articles.find({ [field]: id }, { _id: 1 }).lean();
    return found.map(({ _id }) => String(_id));
  }

  /** The next ones by `_id`, so that going through all of them keeps no cursor open. */
  async function page(after: Types.ObjectId | null, limit: number): Promise<ArticleRecord[]> {
    return Articles.find({ _id: { $gt: after ?? FIRST } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<ArticleRecord[]>();
  }
}
