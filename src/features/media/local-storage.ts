import { randomUUID } from 'node:crypto';
import { constants, createReadStream, type Dirent } from 'node:fs';
import { access, copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { unavailable } from '../../core/errors.ts';
import { KEY, type Storage, type StoredFile, type StoredKey, storageFull } from './storage.ts';

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

const missing = (error: unknown): null => {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
};

const there = (error: unknown): void => {
  if (codeOf(error) !== 'EEXIST') throw error;
};

/** Pictures in a directory of this machine. */
export function createLocalStorage(root: string): Storage {
  return { put, read, remove, list, check };

  async function put(key: string, path: string): Promise<void> {
    const target = pathOf(key);
    const draft = `${target}.${randomUUID()}.part`;
    try {
      await makeDirectory(dirname(target));
      // A copy and no link: the file of the caller may change later, an original may not.
      await copyFile(path, draft, constants.COPYFILE_EXCL);
      await flush(draft, 'r+');
      await rename(draft, target);
      await flush(dirname(target), 'r');
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw explain(error);
    }
  }

  async function read(key: string): Promise<StoredFile | null> {
    const path = pathOf(key);
    const found = await stat(path).catch(missing);
    return found?.isFile() ? { size: found.size, stream: (range) => createReadStream(path, range) } : null;
  }

  async function remove(key: string): Promise<void> {
    await rm(pathOf(key), { force: true });
  }

  async function* list(): AsyncGenerator<StoredKey> {
    for await (const path of filesBelow(root)) {
      const found = await stat(path).catch(missing);
      const key = relative(root, path).replaceAll('\\', '/');
      if (found && KEY.test(key)) yield { key, ageMs: Date.now() - found.mtimeMs };
    }
  }

  async function check(): Promise<void> {
    try {
      await makeDirectory(root);
      await access(root, constants.W_OK);
    } catch (error) {
      throw explain(error);
    }
  }

  /** @throws Error for a key that is none of ours: it might lead out of the directory. */
  function pathOf(key: string): string {
    if (!KEY.test(key)) throw new Error('not a storage key');
    return join(root, ...key.split('/'));
  }
}

const explain = (error: unknown) =>
  NO_ROOM.has(String(codeOf(error)))
    ? storageFull(error)
    : unavailable('Pictures cannot be stored for the moment.', error);

/** Node's own `recursive` calls a read-only disk a missing directory, which hides what an operator must know. */
async function makeDirectory(path: string): Promise<void> {
  const make = () => mkdir(path, { mode: 0o700 });
  await make().catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT') return there(error);
    await makeDirectory(dirname(path));
    await make().catch(there);
  });
}

/** Only what is flushed outlives a power cut; of a new name that means its directory too. */
async function flush(path: string, mode: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, mode);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  const entries: Dirent[] = (await readdir(directory, { withFileTypes: true }).catch(missing)) ?? [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}
