import type { ClientSession, Connection, Types } from 'mongoose';
import { frontModel } from './fronts.model.ts';

/** Fronts by what stands on them. */
export function createFrontLookup({ db }: { db: Connection }) {
  const Fronts = frontModel(db);
  return { placing };

  /** The fronts that readers have with a card of this story, whether it shows or waits; uses the index `shownArticles`. */
  async function placing(article: Types.ObjectId, session: ClientSession): Promise<string[]> {
    const found = await Fronts.find({ 'shown.articles': article }, { _id: 1 }).session(session).lean();
    return found.map(({ _id }) => String(_id));
  }
}
