import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf, messageOf } from './core/error-facts.ts';
import { privateDirectory, readIfThere, writeDraft } from './db/embedded/private-files.ts';

/** What the program keeps there beside the embedded database: uploads on their way, pictures, generated secrets. */
const FOLDERS = ['tmp', 'media', 'secrets'] as const;
const SECRET_BYTES = 48;

/**
 * Makes the data directory ready, closed to other users. Several servers over one MONGODB_URI may share it.
 * Answers its absolute path.
 * @throws Error in one line when it cannot be written.
 */
export async function prepareDataDir(path: string): Promise<string> {
  const dataDir = resolve(path);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    // A mounted volume may belong to somebody else and still be ours to write to.
    await chmod(dataDir, 0o700).catch(() => undefined);
    for (const folder of FOLDERS) await privateDirectory(join(dataDir, folder));
    await rm(await writeDraft(join(dataDir, 'tmp', 'probe'), ''));
  } catch (error) {
    throw new Error(
      `The data directory ${dataDir} cannot be written (${messageOf(error)}). Make it writable for this user, free space on its disk, or choose another one with DATA_DIR.`,
      { cause: error },
    );
  }
  return dataDir;
}

/** The secret that signs tokens when none is configured: made once, kept in the (absolute) data directory. */
export async function keptJwtSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secrets', 'jwt-secret');
  const kept = (await readIfThere(path)) ?? (await makeSecret(path));
  const secret = kept.trim();
  if (Buffer.byteLength(secret) >= 32) return secret;
  throw new Error(`${path} is damaged: restore it from a backup, or delete it, which signs everybody out.`);
}

/** `link` never replaces: of several servers that start at once, one makes the secret and all of them read it. */
async function makeSecret(path: string): Promise<string> {
  const draft = await writeDraft(path, `${randomBytes(SECRET_BYTES).toString('base64')}\n`);
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readIfThere(path)) ?? '';
}
