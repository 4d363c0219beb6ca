import type { Db, IndexDescription } from 'mongodb';

/** Collections and indexes of the foundation: people, sessions, idempotency, outbox and audit. */
const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  users: [
    { name: 'email', key: { email: 1 }, unique: true },
    { name: 'created', key: { createdAt: -1, _id: -1 } },
    { name: 'admins', key: { role: 1, active: 1 } },
  ],
  sessions: [
    { name: 'user', key: { user: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  refreshTokens: [
    { name: 'session', key: { session: 1 } },
    { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  ],
  idempotency: [{ name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 }],
  outbox: [
    { name: 'pending_at', key: { pending: 1, at: 1, _id: 1 }, partialFilterExpression: { pending: true } },
    { name: 'seq', key: { seq: 1 }, unique: true, partialFilterExpression: { seq: { $exists: true } } },
  ],
  audit: [
    { name: 'pending_at', key: { pending: 1, at: 1, _id: 1 }, partialFilterExpression: { pending: true } },
    { name: 'seq', key: { seq: 1 }, unique: true, partialFilterExpression: { seq: { $exists: true } } },
    { name: 'target', key: { 'target.kind': 1, 'target.id': 1, at: -1 } },
    { name: 'actor', key: { 'actor.id': 1, at: -1 } },
  ],
  guards: [],
  leases: [],
};

async function ensureCollection(db: Db, name: string): Promise<void> {
  const there = await db.listCollections({ name }, { nameOnly: true }).hasNext();
  if (!there) await db.createCollection(name);
}

/** Idempotent: what is there already is left alone. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    await ensureCollection(db, name);
    if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
  }
}
