import mongoose, { type Connection } from 'mongoose';

// Second lines of defence: filters are built from validated scalars in the first place.
mongoose.set('strictQuery', 'throw');
mongoose.set('sanitizeFilter', false);

const OPTIONS = {
  // The driver waits 30 s for a server by default, which turns one dead mongod into thousands of hanging requests.
  // A request may wait for it twice, in a transaction and again in its end: five seconds are promised for all of it.
  serverSelectionTimeoutMS: 1_800,
  connectTimeoutMS: 2_500,
  socketTimeoutMS: 20_000,
  waitQueueTimeoutMS: 4_000,
  maxPoolSize: 50,
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
  readConcern: { level: 'majority' },
  writeConcern: { w: 'majority', journal: true },
  retryWrites: true,
  retryReads: true,
  appName: 'copydesk',
  compressors: 'none',
} as const;

/**
 * Opens a connection of its own (never mongoose's default one), so that many apps live in one process.
 * Acknowledged means: on a majority and in its journal.
 */
export async function connect(uri: string, dbName?: string): Promise<Connection> {
  return mongoose.createConnection(uri, { ...OPTIONS, ...(dbName ? { dbName } : {}) }).asPromise();
}

/** The faults of a `MONGODB_URI` that would lose acknowledged writes, as a sentence; `null` when there are none. */
export function unsafeUri(uri: string): string | null {
  const query = new URLSearchParams(uri.split('?')[1] ?? '');
  const option = (name: string): string | null =>
    [...query].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? null;
  const w = option('w');
  if (w !== null && w !== 'majority') return `it sets w=${w}; acknowledged stories need w=majority`;
  if (option('journal') === 'false' || option('j') === 'false') return 'it switches journaling off';
  const preference = option('readPreference');
  if (preference !== null && preference !== 'primary') {
    return `it sets readPreference=${preference}; what is read after a change must have it in it: use primary`;
  }
  const level = option('readConcernLevel');
  if (level !== null && !['majority', 'linearizable', 'snapshot'].includes(level)) {
    return `it sets readConcernLevel=${level}; use majority`;
  }
  return null;
}

/** @throws Error when the deployment can do neither transactions nor change streams (a standalone server). */
export async function requireReplicaSet(db: Connection): Promise<void> {
  const hello = await db.db?.admin().command({ hello: 1 });
  if (hello?.setName || hello?.msg === 'isdbgrid') return;
  throw new Error(
    'MONGODB_URI points at a standalone MongoDB. Copydesk needs a replica set (a single-node one is enough) or a sharded cluster.',
  );
}

/** The version of the server, such as `6.0.5`. */
export async function serverVersion(db: Connection): Promise<string> {
  const info = await db.db?.admin().command({ buildInfo: 1 });
  return String(info?.version ?? 'unknown');
}
