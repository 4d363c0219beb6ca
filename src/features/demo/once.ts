import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, Types } from 'mongoose';
import type { Logger } from 'pino';

type Row = { readonly _id: Types.ObjectId };
type Collection = 'users' | 'sections' | 'tags' | 'authors' | 'media' | 'articles' | 'fronts';

/** Answers the id of what `filter` finds in a collection, and makes it first when it is not there. */
export type Once = (
  collection: Collection,
  filter: Record<string, string>,
  make: () => Promise<Row>,
) => Promise<string>;

/** A server that is killed leaves its open transaction to MongoDB, which ends it after 60 to 90 s. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 500;

/**
 * What was made before an interruption is found again by its own key (address, slug, file name), so that the next run
 * goes on where the last one ended. Of two servers that start at once, one makes a thing and the other finds it.
 */
export function createOnce({ db, log }: { db: Connection; log: Logger }): Once {
  return async (collection, filter, make) => {
    const deadline = performance.now() + PATIENCE_MS;
    const find = () => db.collection<Row>(collection).findOne(filter as object, { projection: { _id: 1 } });
    for (let told = false; ; told = true) {
      const found = await find();
      if (found) return String(found._id);
      try {
        return String((await make())._id);
      } catch (error) {
        if (await find()) continue;
        if (!isHeld(error) || performance.now() > deadline) throw error;
        if (!told) log.info({ ...filter }, 'waiting for what an interrupted start holds');
        await delay(PAUSE_MS);
      }
    }
  };
}

/** True when another transaction stood in the way, or has just made what we cannot read yet. */
function isHeld(error: unknown): boolean {
  const { name, code, hasErrorLabel } = error as {
    name?: string;
    code?: unknown;
    hasErrorLabel?: (label: string) => boolean;
  };
  return (
    code === 'conflict' ||
    name === 'MongoOperationTimeoutError' ||
    hasErrorLabel?.call(error, 'TransientTransactionError') === true
  );
}
