import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { withFile } from './file-parts.ts';
import { soundOf } from './mp3.ts';
import { blankMetadata } from './mp4.ts';
import { requireDocument } from './pdf.ts';

/** What is served as it was sent, but for what it says of who made it and where. */
export type Download = 'mp4' | 'mp3' | 'pdf';

/**
 * Writes what readers may get of the file at `path` to `target`, which must not be there.
 * @throws DomainError for a file that is damaged or cut off, or that says where it was recorded in a way that cannot be
 * taken out.
 */
export const makeDownload: Readonly<Record<Download, (path: string, target: string) => Promise<void>>> = {
  async mp4(path, target) {
    await copyFile(path, target, constants.COPYFILE_EXCL);
    await withFile(target, 'r+', blankMetadata);
  },
  async mp3(path, target) {
    const { start, end } = await withFile(path, 'r', soundOf);
    await pipeline(
      createReadStream(path, { start, end }),
      createWriteStream(target, { flags: 'wx', mode: 0o600 }),
    );
  },
  /** What a document says of itself is part of its text, as its makers published it. */
  async pdf(path, target) {
    await withFile(path, 'r', requireDocument);
    await copyFile(path, target, constants.COPYFILE_EXCL);
  },
};
