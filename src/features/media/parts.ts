import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** So much is lost at most when a process dies. */
const PART_BYTES = 8 * 1_048_576;

/** Bytes that have come and wait in a file, which is there until the next are asked for. */
export interface WaitingPart {
  readonly path: string;
  readonly size: number;
  read(): Readable;
}

/** Cuts what comes into parts. What had come when it broke off is a part as well: it has been sent, and is kept. */
export async function* partsOf(bytes: AsyncIterable<Buffer>, scratch: string): AsyncGenerator<WaitingPart> {
  const source = unbroken(bytes)[Symbol.asyncIterator]();
  for (let next = await source.next(); !next.done; ) {
    const path = join(scratch, randomUUID());
    const file = await open(path, 'wx', 0o600);
    try {
      let size = 0;
      for (; !next.done && size < PART_BYTES; next = await source.next())
        size += await write(file, next.value);
      await file.close();
      yield { path, size, read: () => createReadStream(path) };
    } finally {
      await file.close().catch(() => undefined);
      await rm(path, { force: true });
    }
  }
}

async function write(file: FileHandle, chunk: Buffer): Promise<number> {
  await file.writeFile(chunk);
  return chunk.length;
}

/** Ends where the connection broke. */
async function* unbroken(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch {
    return;
  }
}
