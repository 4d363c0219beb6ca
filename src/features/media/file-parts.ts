import { type FileHandle, open } from 'node:fs/promises';

/** Opens a file for as long as the work on it lasts. */
export async function withFile<T>(
  path: string,
  mode: 'r' | 'r+',
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, mode);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** So many bytes from there, or as many as there are. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
