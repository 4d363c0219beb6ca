import { createHmac, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { UploadedFile } from '../../contract/route.ts';
import { deriveKey } from '../../core/tokens.ts';
import type { CreditLine } from './credit-line.ts';
import { type Download, makeDownload } from './downloads.ts';
import type { PhotoFacts } from './facts.contract.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Imaging } from './imaging.ts';
import type { MediaRecord, RenditionRecord } from './media.model.ts';
import type { Glimpse, Rendered } from './render.ts';
import { firstPlans, type Plan } from './rendition-plan.ts';
import { inScratch } from './scratch.ts';
import { keysOf, originalKey, renditionKey, type Storage } from './storage.ts';

/** What is stored of one picture, as its record has it. */
export type Stored = Pick<MediaRecord, 'original' | 'renditions'>;

/** What an uploaded file is, as its record has it, and what it says of itself. */
export interface Looked {
  readonly inspected: Pick<MediaRecord, 'type' | 'bytes' | 'width' | 'height'> & Fingerprint;
  readonly facts: PhotoFacts;
  readonly download?: Download | undefined;
}

export type PictureFiles = ReturnType<typeof createPictureFiles>;

/** 192 random bits in lower case (some file systems know no other): an address cannot be guessed. */
const KEY_LENGTH = 48;
const newKey = (): string => randomBytes(KEY_LENGTH / 2).toString('hex');

/**
 * Makes and keeps the files of pictures, in step with their rows. `scratch` is a directory for files on their way; `secret`
 * makes keys that follow from the bytes and still can't be guessed by whom has them.
 */
export function createPictureFiles(deps: {
  imaging: Imaging;
  storage: Storage;
  scratch: string;
  secret: string;
}) {
  const { imaging, storage, scratch } = deps;
  const secret = deriveKey(deps.secret, 'rendition-key');
  return { inspect, store, storeBeside, remake, keepIf, discard };

  /** @throws DomainError for a file that is no sound picture. */
  async function inspect(file: UploadedFile): Promise<Looked> {
    const { facts, download, ...picture } = await imaging.inspect(file.path, file);
    return { inspected: { ...picture, bytes: file.size }, facts, download };
  }

  /**
   * Stores the uploaded bytes as they are, and the first renditions that are made of them.
   * @throws DomainError for a damaged picture, or when there is no room; nothing is stored then.
   */
  async function store(
    file: UploadedFile,
    { inspected: size, download }: Looked,
    line: CreditLine,
  ): Promise<Stored & Partial<Glimpse>> {
    if (download) return storeDownload(file, size.type, download);
    const original = newKey();
    const rendered: Rendered[] = [];
    for (const plan of firstPlans(size)) rendered.push(await imaging.render(file.path, plan, line));
    const glimpse = await imaging.glimpse(rendered[0]?.data ?? Buffer.alloc(0));
    const stored = { original, renditions: rendered.map((one) => recordOf(original, one)), ...glimpse };
    return keepIf(stored, async () => {
      await storage.put(originalKey(original), file.path);
      for (const [index, rendition] of stored.renditions.entries())
        await putBytes(renditionKey(rendition), rendered[index]?.data ?? Buffer.alloc(0));
      return stored;
    });
  }

  /** Of what is no picture there is one file for readers, which tells nothing of its making. */
  async function storeDownload(file: UploadedFile, type: string, extension: Download): Promise<Stored> {
    const key = newKey();
    return inScratch(scratch, async (path) => {
      await makeDownload[extension](file.path, path);
      const { size: bytes } = await stat(path);
      const rendition = { name: 'file', key, extension, type, width: 0, height: 0, bytes };
      const stored = { original: newKey(), renditions: [rendition] };
      return keepIf(stored, async () => {
        await storage.put(originalKey(stored.original), file.path);
        await storage.put(renditionKey(rendition), path);
        return stored;
      });
    });
  }

  /** A file that goes with what is shown, such as its captions; as it came. */
  async function storeBeside(
    file: UploadedFile,
    about: Pick<RenditionRecord, 'name' | 'extension' | 'type'>,
  ): Promise<RenditionRecord> {
    const rendition = { ...about, key: newKey(), width: 0, height: 0, bytes: file.size };
    await storage.put(renditionKey(rendition), file.path);
    return rendition;
  }

  /** Makes what is planned of the stored original, one after the other, and stores it. */
  async function remake(item: MediaRecord, plans: readonly Plan[]): Promise<RenditionRecord[]> {
    const source = await storage.read(originalKey(item.original));
    if (!source) throw new Error('the original of a picture is missing');
    const made: RenditionRecord[] = [];
    return inScratch(scratch, async (path) => {
      await pipeline(source.stream(), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      for (const plan of plans) {
        const rendered = await imaging.render(path, plan, item);
        const rendition = recordOf(item.original, rendered);
        await putBytes(renditionKey(rendition), rendered.data);
        made.push(rendition);
      }
      return made;
    });
  }

  function recordOf(original: string, { data, ...rendered }: Rendered): RenditionRecord {
    const hash = createHmac('sha256', secret).update(`${original}\n${rendered.name}\n`).update(data);
    return { ...rendered, key: hash.digest('hex').slice(0, KEY_LENGTH), bytes: data.length };
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
    await inScratch(scratch, async (path) => {
      await writeFile(path, data);
      await storage.put(key, path);
    });
  }
}

/** The answer to a commit was lost: there may be a row, and then its files must be. The sweep will know. */
function mayHaveCommitted(error: unknown): boolean {
  const labelled = error as { hasErrorLabel?: (label: string) => boolean };
  return labelled.hasErrorLabel?.('UnknownTransactionCommitResult') === true;
}
