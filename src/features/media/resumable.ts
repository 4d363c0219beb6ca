import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { conflict, type DomainError, fileTooLarge, invalidField } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import type { NewMedia } from './media.contract.ts';
import type { MediaService } from './media.service.ts';
import { partsOf, type WaitingPart } from './parts.ts';
import { type PartRecord, type ResumableUpload, resumableModel } from './resumable.model.ts';
import { inScratch } from './scratch.ts';
import { partKey, type Storage } from './storage.ts';
import { findOwn, isHopeless, MANY, newUploadId, ownerOf, requireRoom } from './waiting-uploads.ts';

export const GOOD_FOR_MS = 24 * 3_600_000;

/** What is said of an upload when it begins. */
export interface Beginning {
  readonly length: number;
  readonly fileName: string;
  readonly declaredType: string;
  readonly said: NewMedia;
}

export type ResumableUploads = ReturnType<typeof createResumableUploads>;

/**
 * Uploads that come in parts and may break off. A part counts once it is stored and the row says so, in one update that
 * names the offset it follows: of two that continue at once, one is refused, on whatever process. The last part counts
 * together with the picture that is made of all: whoever hears nothing sends it again, and finds the picture.
 */
export function createResumableUploads(deps: {
  db: Connection;
  media: Pick<MediaService, 'create'>;
  storage: Storage;
  scratch: string;
  maxBytes: number;
}) {
  const { db, media, storage, scratch, maxBytes } = deps;
  const Uploads = resumableModel(db);
  return { begin, find, append, abandon, partsAmong };

  async function begin(ctx: Context, id: string, beginning: Beginning): Promise<ResumableUpload> {
    requirePermission(ctx, 'media:write');
    if (beginning.length < 1) throw invalidField('/file', 'required', 'An empty file is no picture.');
    if (beginning.length > maxBytes) throw fileTooLarge(maxBytes);
    const owner = ownerOf(ctx);
    await requireRoom(
      Uploads,
      owner,
      `${MANY} of your uploads are not finished. End some first, or wait a day.`,
    );
    const now = Date.now();
    const [created] = await Uploads.create([
      {
        ...{ _id: id, owner, ...beginning, offset: 0, parts: [], media: null },
        ...{ createdAt: new Date(now), expiresAt: new Date(now + GOOD_FOR_MS) },
      },
    ]);
    if (!created) throw new Error('nothing was created');
    return created.toObject();
  }

  /** @throws DomainError `not_found` for whoever did not begin it. */
  async function find(ctx: Context, id: string): Promise<ResumableUpload> {
    requirePermission(ctx, 'media:write');
    return findOwn(Uploads, ctx, id);
  }

  /**
   * Takes what comes, for as long as it comes, and answers the new offset. The caller sees to it that no more comes than
   * is missing.
   * @throws DomainError as an upload does, with the last part; the upload has ended then.
   */
  async function append(
    ctx: Context,
    id: string,
    from: number,
    bytes: AsyncIterable<Buffer>,
  ): Promise<number> {
    const upload = await find(ctx, id);
    let offset = from;
    for await (const part of partsOf(bytes, scratch)) {
      const isLast = offset + part.size === upload.length;
      await (isLast ? end(ctx, id, offset, part) : keep(id, offset, part));
      offset += part.size;
    }
    return offset;
  }

  async function keep(id: string, offset: number, { path, size }: WaitingPart): Promise<void> {
    const part = { key: newUploadId(), size };
    await storage.put(partKey(part.key), path);
    const counted = await Uploads.updateOne(
      { _id: id, offset, media: null },
      { $push: { parts: part }, $inc: { offset: size } },
    );
    if (counted.matchedCount === 1) return;
    await storage.remove(partKey(part.key));
    throw continuedElsewhere();
  }

  async function end(ctx: Context, id: string, offset: number, last: WaitingPart): Promise<void> {
    const upload = await find(ctx, id);
    if (upload.offset !== offset || upload.media) throw continuedElsewhere();
    try {
      await inScratch(scratch, async (path) => {
        await pipeline(allOf(upload.parts, last), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
        const { fileName: label, declaredType, length: size } = upload;
        const { item } = await media.create(ctx, { path, size, label, declaredType }, upload.said);
        const ended = { media: item._id, offset: upload.length, parts: [] };
        await Uploads.updateOne({ _id: id, offset }, { $set: ended });
        await discard(upload.parts);
      });
    } catch (error) {
      if (isHopeless(error)) await drop(upload);
      throw error;
    }
  }

  async function* allOf(parts: readonly PartRecord[], last: WaitingPart): AsyncGenerator<Buffer> {
    for (const { key } of parts) {
      const stored = await storage.read(partKey(key));
      if (!stored) throw conflict('A part of this upload is lost. Begin it anew.');
      yield* stored.stream();
    }
    yield* last.read();
  }

  /** Ends it, finished or not; a picture that it became stays. */
  async function abandon(ctx: Context, id: string): Promise<void> {
    await drop(await find(ctx, id));
  }

  async function drop({ _id, parts }: ResumableUpload): Promise<void> {
    await Uploads.deleteOne({ _id });
    await discard(parts);
  }

  /** What cannot be removed now is left to the sweep. */
  async function discard(parts: readonly PartRecord[]): Promise<void> {
    await Promise.allSettled(parts.map(({ key }) => storage.remove(partKey(key))));
  }

  /** The storage keys of parts that count, among files of these names; uses the index `part`. */
  async function partsAmong(names: readonly string[]): Promise<string[]> {
    const uploads = await Uploads.find({ 'parts.key': { $in: [...names] } }, { parts: 1 }).lean();
    return uploads.flatMap(({ parts }) => parts.map(({ key }) => partKey(key)));
  }
}

const continuedElsewhere = (): DomainError =>
  conflict('This upload has been continued elsewhere. Ask where it stands (HEAD), and go on from there.');
