import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { conflict, type DomainError, fileTooLarge, invalidField } from '../../core/errors.ts';
import { labelOf } from '../../core/label.ts';
import { requirePermission } from '../../core/policy.ts';
import type { NewDirectUpload } from './direct-uploads.contract.ts';
import { type DirectUploadRecord, directUploadModel } from './direct-uploads.model.ts';
import type { MediaService, Taken } from './media.service.ts';
import { inScratch } from './scratch.ts';
import { type Grant, incomingKey, type Storage } from './storage.ts';
import { findOwn, isHopeless, MANY, newUploadId, ownerOf, requireRoom } from './waiting-uploads.ts';

const ADDRESS_MS = 15 * 60_000;
const GOOD_FOR_MS = 60 * 60_000;

export type DirectUploadsService = ReturnType<typeof createDirectUploads>;

/**
 * Files that go to the store past this server. They wait apart, under a name that their owner alone may complete, and are
 * fetched and judged like every other upload; until then they are nothing.
 */
export function createDirectUploads(deps: {
  db: Connection;
  media: Pick<MediaService, 'create' | 'read'>;
  storage: Storage;
  scratch: string;
  maxBytes: number;
}) {
  const { db, media, storage, scratch, maxBytes } = deps;
  const Uploads = directUploadModel(db);
  return { begin, complete, keysAmong };

  /** @throws DomainError `conflict` where pictures are not kept in a store. */
  async function begin(
    ctx: Context,
    input: NewDirectUpload,
  ): Promise<{ upload: DirectUploadRecord; grant: Grant }> {
    requirePermission(ctx, 'media:write');
    if (!storage.grant)
      throw conflict(
        'Pictures are kept on this server: send the form (POST /media), or a big file in parts (POST /media/uploads).',
      );
    const { bytes, sha256, fileName, declaredType, ...said } = input;
    if (bytes > maxBytes) throw fileTooLarge(maxBytes);
    const owner = ownerOf(ctx);
    await requireRoom(
      Uploads,
      owner,
      `${MANY} of your uploads are not completed. Complete some first, or wait an hour.`,
    );
    const upload: DirectUploadRecord = {
      ...{ _id: newUploadId(), owner, bytes, sha256, declaredType, said },
      ...{ fileName: labelOf(fileName), media: null, expiresAt: new Date(Date.now() + GOOD_FOR_MS) },
    };
    await Uploads.create([upload]);
    return {
      upload,
      grant: await storage.grant(incomingKey(upload._id), { bytes, sha256, forMs: ADDRESS_MS }),
    };
  }

  /**
   * Whoever hears nothing asks again, and gets the item.
   * @throws DomainError as an upload does; what can't become one is removed then. `conflict` while nothing has come.
   */
  async function complete(ctx: Context, id: string): Promise<Taken> {
    requirePermission(ctx, 'media:write');
    const upload = await findOwn(Uploads, ctx, id);
    if (upload.media) return { item: await media.read(ctx, String(upload.media)), known: true };
    try {
      return await inScratch(scratch, async (path) => {
        await fetchTo(path, upload);
        const { fileName: label, declaredType, bytes: size } = upload;
        const taken = await media.create(ctx, { path, size, label, declaredType }, upload.said);
        await Uploads.updateOne({ _id: id }, { $set: { media: taken.item._id } });
        await discard(upload);
        return taken;
      });
    } catch (error) {
      if (isHopeless(error)) await drop(upload);
      throw error;
    }
  }

  /** Not every store holds a sender to what was signed. */
  async function fetchTo(path: string, { _id, bytes, sha256 }: DirectUploadRecord): Promise<void> {
    const stored = await storage.read(incomingKey(_id));
    if (!stored) throw conflict('Nothing has come yet: send the file to the address that was given for it.');
    if (stored.size !== bytes) throw otherBytes();
    const hash = createHash('sha256');
    await pipeline(
      stored.stream(),
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    );
    if (hash.digest('base64') !== sha256) throw otherBytes();
  }

  async function drop(upload: DirectUploadRecord): Promise<void> {
    await Uploads.deleteOne({ _id: upload._id });
    await discard(upload);
  }

  /** What cannot be removed now is left to the sweep. */
  async function discard({ _id }: DirectUploadRecord): Promise<void> {
    await storage.remove(incomingKey(_id)).catch(() => undefined);
  }

  /** The storage keys of what may still be completed, among files of these names; uses the index `_id`. */
  async function keysAmong(names: readonly string[]): Promise<string[]> {
    const open = { _id: { $in: [...names] }, media: null, $expr: { $gt: ['$expiresAt', '$$NOW'] } };
    const uploads = await Uploads.find(open, { _id: 1 }).lean();
    return uploads.map(({ _id }) => incomingKey(_id));
  }
}

const otherBytes = (): DomainError =>
  invalidField(
    '/sha256',
    'other_bytes',
    'Other bytes came than were announced. Begin anew, and send the file whole.',
  );
