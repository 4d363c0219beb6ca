import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type DomainError, invalidField } from '../../core/errors.ts';
import { blankMetadata } from './mp4.ts';

/** What is served as it was sent, but for what it says of who made it and where. */
export type Download = 'mp4' | 'mp3' | 'pdf';

const ID3_HEADER = 10;
const ID3_FOOTER = 0x10;
/** The old form of the same, at the end. */
const ID3V1 = 128;
const PDF_END_WITHIN = 2_048;

const damaged = (message: string): DomainError => invalidField('/file', 'damaged', message);

/**
 * Writes what readers may get of the file at `path` to `target`, which must not be there.
 * @throws DomainError for a file that is cut off, or that says where it was recorded in a way that cannot be taken out.
 */
export const makeDownload: Readonly<Record<Download, (path: string, target: string) => Promise<void>>> = {
  async mp4(path, target) {
    await copyFile(path, target, constants.COPYFILE_EXCL);
    await withFile(target, 'r+', blankMetadata);
  },
  async mp3(path, target) {
    const { start, end } = await withFile(path, 'r', soundOf);
    if (end < start) throw damaged('The recording is empty. Send it again.');
    await pipeline(
      createReadStream(path, { start, end }),
      createWriteStream(target, { flags: 'wx', mode: 0o600 }),
    );
  },
  /** What a document says of itself is part of its text, as its makers published it. */
  async pdf(path, target) {
    if (!(await withFile(path, 'r', endsAsPdf))) throw damaged('The document is cut off. Send it again.');
    await copyFile(path, target, constants.COPYFILE_EXCL);
  },
};

async function withFile<T>(
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

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
};

/** Where the sound is between its tags (ID3v2.4, section 3.1; there may be several). Both ends are part of it. */
async function soundOf(file: FileHandle): Promise<{ start: number; end: number }> {
  const { size } = await file.stat();
  let start = 0;
  for (
    let head = await readAt(file, 0, ID3_HEADER);
    isTag(head);
    head = await readAt(file, start, ID3_HEADER)
  )
    start += lengthOf(head);
  const tail = await readAt(file, Math.max(start, size - ID3V1), ID3V1);
  const tagged = tail.length === ID3V1 && tail.toString('latin1', 0, 3) === 'TAG';
  return { start, end: size - (tagged ? ID3V1 : 0) - 1 };
}

const isTag = (head: Buffer): boolean =>
  head.length === ID3_HEADER && head.toString('latin1', 0, 3) === 'ID3';

function lengthOf(head: Buffer): number {
  const size = head.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return ID3_HEADER + size + ((head[5] ?? 0) & ID3_FOOTER ? ID3_HEADER : 0);
}

async function endsAsPdf(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - PDF_END_WITHIN), PDF_END_WITHIN);
  return tail.includes('%%EOF');
}
