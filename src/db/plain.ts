import type { ClientSession, Model } from 'mongoose';

/*
 * Whole stories are large, and mongoose would copy and cast every part of one that our own code has just made. Here it
 * is stored as it stands; what is `undefined` is left out, as mongoose would do.
 */

/** Inserts a record. */
export async function insertPlain<R>(model: Model<R>, record: R, session: ClientSession): Promise<void> {
  await model.collection.insertOne(record as never, { session, ignoreUndefined: true });
}

/** Puts a record in the place of the one with its id, if there is one. */
export async function putPlain<R extends { readonly _id: unknown }>(
  model: Model<R>,
  record: R,
  session: ClientSession,
): Promise<void> {
  const options = { upsert: true, session, ignoreUndefined: true };
  await model.collection.replaceOne({ _id: record._id } as never, record as never, options);
}
