import type { ClientSession, Model } from 'mongoose';

/**
 * Inserts `row` under a deterministic key with the database's time in `at`, unless the key is there already: a
 * repeated attempt changes nothing, so that a doubled transaction is harmless.
 */
export async function insertOnce<R extends { _id: string; at: Date }>(
  model: Model<R>,
  row: Omit<R, 'at'>,
  session: ClientSession,
): Promise<void> {
  const { _id, ...fields } = row;
  const fresh = { $mergeObjects: ['$$ROOT', { $literal: fields }, { at: '$$NOW' }] };
  await model.collection.updateOne(
    { _id } as never,
    [{ $replaceWith: { $cond: [{ $ifNull: ['$at', false] }, '$$ROOT', fresh] } }],
    { upsert: true, session },
  );
}
