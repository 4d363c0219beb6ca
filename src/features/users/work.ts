import type { Connection, Types } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';

/** Counted no further: that there is something is enough. */
const COUNTED = 1_000;

type Places = Readonly<Record<string, { readonly collection: string; readonly fields: readonly string[] }>>;

/** What carries the id of a member of staff. Each field has an index. */
const PLACES: Places = {
  articles: { collection: 'articles', fields: ['createdBy', 'assignee'] },
  media: { collection: 'media', fields: ['createdBy'] },
  bylines: { collection: 'authors', fields: ['user'] },
  apiKeys: { collection: 'apiKeys', fields: ['owner'] },
};

export type WorkOf = ReturnType<typeof createWorkOf>;

/** Where the name of a member of staff stands: how often in each place, without those where it does not. */
export function createWorkOf({ db }: { db: Connection }) {
  return async function workOf(tx: Tx, id: Types.ObjectId): Promise<Record<string, number>> {
    const counts: [string, number][] = [];
    for (const [name, { collection, fields }] of Object.entries(PLACES)) {
      const filter = { $or: fields.map((field) => ({ [field]: id })) };
      counts.push([name, await count(tx, collection, filter)]);
    }
    // Every act is there: also what has no place of its own, such as a revision of somebody else's story or a setting.
    const acts = { 'actor.id': String(id), 'target.id': { $ne: String(id) } };
    counts.push(['auditEvents', await count(tx, 'audit', acts)]);
    return Object.fromEntries(counts.filter(([, found]) => found > 0));
  };

  function count({ session }: Tx, collection: string, filter: object): Promise<number> {
    return db.collection(collection).countDocuments(filter, { limit: COUNTED, session });
  }
}
