import type { Connection } from 'mongoose';
import { positions } from './story-pages.model.ts';

/** What was committed before this moment is seen by whatever is read from now on. */
export async function momentOf(db: Connection) {
  const session = await db.startSession();
  try {
    await positions(db).findOne({ _id: 'story pages' }, { session });
    if (!session.operationTime) throw new Error('this MongoDB tells no time of its operations');
    return session.operationTime;
  } finally {
    await session.endSession();
  }
}
