import { randomBytes, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadedFile } from '../../contract/route.ts';
import { type Fingerprint, fingerprintOf } from './fingerprint.ts';
import type { Imaging, Rendered } from './imaging.ts';
import type { MediaRecord, RenditionRecord } from './media.model.ts';
import type { PhotoFacts } from './photo-facts.ts';
import { keysOf, originalKey, renditionKey, type Storage } from './storage.ts';

/** What is stored of one picture, as its record has it. */
export type Stored = Pick<MediaRecord, 'original' | 'renditions'>;

/** What an uploaded file is, as its record has it, and what it says of itself. */
export interface Looked {
  readonly inspected: Pick<MediaRecord, 'type' | 'bytes' | 'width' | 'height'> & Fingerprint;
  readonly facts: PhotoFacts;
}

export type PictureFiles = ReturnType<typeof createPictureFiles>;

/** 192 random bits in lower case (some file systems know no other): an address cannot be guessed. */
const newKey = (): string => randomBytes(24).toString('hex');

/** Makes and keeps the files of pictures, in step with their rows. `scratch` is a directory for files on their way. */
export function createPictureFiles(deps: { imaging: Imaging; storage: Storage; scratch: string }) {
  const { imaging, storage, scratch } = deps;
  return { inspect, store, keepIf, discard };

  /** @throws DomainError for a file that is no sound picture. */
  async function inspect(file: UploadedFile): Promise<Looked> {
    const { facts, ...picture } = await imaging.inspect(file.path, file);
    return { inspected: { ...picture, bytes: file.size, ...(await fingerprintOf(file.path)) }, facts };
  }

  /**
   * Stores the uploaded bytes as they are, and the rendition that is made of them.
   * @throws DomainError for a damaged picture, or when there is no room; nothing is stored then.
   */
  async function store(file: UploadedFile): Promise<Stored> {
    const { data, ...rendered } = await imaging.render(file.path);
    const stored = { original: newKey(), renditions: [renditionOf(rendered, data)] };
    return keepIf(stored, async () => {
      await storage.put(originalKey(stored.original), file.path);
      for (const rendition of stored.renditions) await putBytes(renditionKey(rendition), data);
      return stored;
    });
  }

  /** Runs `work`, which makes these files count; when it fails they are removed. */
  async function keepIf<T>(stored: Stored, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!mayHaveCommitted(error)) await discard(stored);
      throw error;
    }
  }

  /** Removes the files. What cannot be removed now is left to the sweep. */
  async function discard(stored: Stored): Promise<void> {
    await Promise.allSettled(keysOf(stored).map((key) => storage.remove(key)));
  }

  async function putBytes(key: string, data: Buffer): Promise<void> {
    const path = join(scratch, randomUUID());
    try {
      await writeFile(path, data);
      await storage.put(key, path);
    } finally {
      await rm(path, { force: true });
    }
  }
}

function renditionOf(rendered: Omit<Rendered, 'data'>, data: Buffer): RenditionRecord {
  const { name, extension, type, width, height } = rendered;
  return { name, key: newKey(), extension, type, width, height, bytes: data.length };
}

/** The answer to a commit was lost: there may be a row, and then its files must be. The sweep will know. */
function mayHaveCommitted(error: unknown): boolean {
  const labelled = error as { hasErrorLabel?: (label: string) => boolean };
  return labelled.hasErrorLabel?.('UnknownTransactionCommitResult') === true;
}
