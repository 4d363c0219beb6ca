import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The project's own store of mongod binaries: `<cacheDir>/<name>/mongod`.
 * Each entry is filled in a private directory beside it and renamed into place whole, so that any number of
 * processes may fill the cache at once and a killed one leaves nothing that looks like an entry.
 */

const PRIVATE_PREFIX = '.filling-';
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** Paths of the binaries in the cache; empty when there is no cache yet. */
export async function cachedBinaries(cacheDir: string): Promise<string[]> {
  const names = await readdir(cacheDir).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).map((name) => join(cacheDir, name, 'mongod'));
}

/**
 * Adds an entry. `fill` gets an empty private directory to work in and returns the path of the binary inside it.
 * When another process added the same entry first, that one is kept. Returns the binary's path in the cache.
 */
export async function addToCache(
  cacheDir: string,
  name: string,
  fill: (workDir: string) => Promise<string>,
): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  await removeAbandoned(cacheDir);
  const workDir = join(cacheDir, `${PRIVATE_PREFIX}${randomBytes(8).toString('hex')}`);
  await mkdir(workDir);
  try {
    const filled = await fill(workDir);
    const entry = join(workDir, 'entry');
    await mkdir(entry);
    await chmod(filled, 0o755);
    await rename(filled, join(entry, 'mongod'));
    await renameUnlessPresent(entry, join(cacheDir, name));
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return join(cacheDir, name, 'mongod');
}

async function renameUnlessPresent(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** A process killed while filling leaves up to 200 MB; an hour later nobody can still be at it. */
async function removeAbandoned(cacheDir: string): Promise<void> {
  const names = (await readdir(cacheDir)).filter((name) => name.startsWith(PRIVATE_PREFIX));
  for (const name of names) {
    const path = join(cacheDir, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
