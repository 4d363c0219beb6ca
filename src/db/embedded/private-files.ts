import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../core/error-facts.ts';

/** Files that only the service user may read, and that a crash leaves either old or new, never half. */

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/** Makes a directory for the owner alone. An existing one is closed to others too. */
export async function privateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  await chmod(path, OWNER_ONLY_DIRECTORY);
}

/** Writes a whole file: to a private name, to the disk, then into place. */
export async function writePrivately(path: string, content: string): Promise<void> {
  const draft = await writeDraft(path, content);
  await rename(draft, path);
  await syncDirectory(dirname(path));
}

/** Writes `content` to a new file beside `path`, synced, and returns its name. */
export async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
  const file = await open(draft, 'wx', OWNER_ONLY_FILE);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return draft;
}

/** The file's text; undefined when there is no such file. Other faults are thrown. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A rename survives a power cut only when its directory is synced too; not every file system can. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync().catch(() => undefined);
  } finally {
    await directory.close();
  }
}
