import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Works with a file of its own in a directory: it is not there before, and not afterwards, unless it was moved away. */
export async function inScratch<T>(directory: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = join(directory, randomUUID());
  try {
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
}
