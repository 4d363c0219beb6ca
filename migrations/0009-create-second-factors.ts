import type { Db, IndexDescription } from 'mongodb';

const EXPIRY: IndexDescription = { name: 'expiry', key: { expiresAt: 1 }, expireAfterSeconds: 0 };

/** Authenticator apps, passkeys, and what is under way with either. */
const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  secondFactors: [],
  passkeys: [
    { name: 'credential', key: { credential: 1 }, unique: true },
    { name: 'user', key: { user: 1, createdAt: 1 } },
  ],
  passkeyChallenges: [EXPIRY],
  pendingSignIns: [EXPIRY],
};

export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES)) {
    if (!(await db.listCollections({ name }, { nameOnly: true }).hasNext())) await db.createCollection(name);
    if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
  }
}
