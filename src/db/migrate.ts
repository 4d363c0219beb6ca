import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { type Lease, takeLease } from './lease.ts';

const CHANGELOG = 'migrations';
const LEASE_MS = 4_000;
const PATIENCE_MS = 120_000;

// Sources run as `.ts` beside the root's `migrations/`, the build as `.js` in `dist/migrations/`.
const EXTENSION = extname(fileURLToPath(import.meta.url));
const DIRECTORY = fileURLToPath(
  new URL(EXTENSION === '.ts' ? '../../migrations' : '../migrations', import.meta.url),
);

const bareName = (fileName: string): string => fileName.replace(/\.[tj]s$/, '');

const migrationNames = async (): Promise<string[]> =>
  (await readdir(DIRECTORY))
    .filter((file) => extname(file) === EXTENSION)
    .map(bareName)
    .sort();

async function appliedNames(db: Connection): Promise<string[]> {
  const rows = await db.collection(CHANGELOG).find().toArray();
  return rows.map((row) => bareName(String(row.fileName)));
}

/**
 * True when every migration that this build knows has been applied.
 * @throws Error when the database knows migrations that this build does not: it belongs to a newer Copydesk.
 */
export async function isMigrated(db: Connection): Promise<boolean> {
  const [known, applied] = await Promise.all([migrationNames(), appliedNames(db)]);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database was migrated by a newer Copydesk (${unknown.join(', ')}). Start that version, or restore a backup made by this one.`,
    );
  }
  return known.every((name) => applied.includes(name));
}

/** migrate-mongo keys its ledger by file name; the same migration must not count twice as `.ts` and as `.js`. */
async function alignExtensions(db: Connection): Promise<void> {
  const ledger = db.collection(CHANGELOG);
  for (const row of await ledger.find().toArray()) {
    const fileName = bareName(String(row.fileName)) + EXTENSION;
    if (row.fileName !== fileName) await ledger.updateOne({ _id: row._id }, { $set: { fileName } });
  }
}

async function waitForLease(db: Connection, log: Logger): Promise<Lease | null> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let told = false; performance.now() < deadline; told = true) {
    const lease = await takeLease(db, 'migrations', LEASE_MS);
    if (lease) return lease;
    if (await isMigrated(db)) return null;
    if (!told) log.info('waiting for another process to finish the migrations');
    await delay(200);
  }
  throw new Error('Another process has held the migration lease for two minutes. Stop it, then start again.');
}

/**
 * Brings the database to this build's shape: each migration once, in order, one runner at a time. A runner that dies
 * loses its lease within seconds, and the next one goes on: migrations are idempotent.
 * Answers the bare names of those it applied.
 */
export async function migrate(db: Connection, log: Logger): Promise<string[]> {
  if (await isMigrated(db)) return [];
  const lease = await waitForLease(db, log);
  if (!lease) return [];
  const heartbeat = setInterval(
    () => void lease.renew().catch((error) => log.warn(error, 'migration lease')),
    LEASE_MS / 4,
  );
  try {
    await alignExtensions(db);
    // Loaded when there is something to do: most starts find everything done.
    const { config, up } = await import('migrate-mongo');
    config.set({
      migrationsDir: DIRECTORY,
      migrationFileExtension: EXTENSION,
      changelogCollectionName: CHANGELOG,
      // The lock is ours (above): migrate-mongo's own outlives a killed process for a minute or more.
      lockCollectionName: '',
      lockTtl: 0,
      useFileHash: false,
      moduleSystem: 'esm',
      mongodb: { url: '' },
    });
    const applied = await up(db.db as never, db.getClient() as never);
    return applied.map(bareName);
  } finally {
    clearInterval(heartbeat);
    await lease.release();
  }
}
