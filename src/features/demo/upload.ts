import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { MediaService } from '../media/media.service.ts';
import type { Cast } from './cast.ts';
import type { Once } from './once.ts';
import { CREDIT, PICTURES, type PictureKey } from './pictures.ts';

/** Renders and stores so many at a time: enough to keep two cores busy. */
const AT_ONCE = 4;
const QUALITY = 88;

interface Deps {
  readonly media: Pick<MediaService, 'create'>;
  /** A directory for files on their way. */
  readonly scratch: string;
  readonly cast: Cast;
  readonly once: Once;
}

/** Draws every picture and uploads it as the editor would; answers their ids. */
export async function uploadPictures({
  media,
  scratch,
  cast,
  once,
}: Deps): Promise<ReadonlyMap<PictureKey, string>> {
  const keys = Object.keys(PICTURES) as PictureKey[];
  const ids = new Map<PictureKey, string>();
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    await Promise.all(keys.slice(from, from + AT_ONCE).map(async (key) => ids.set(key, await settle(key))));
  }
  return ids;

  async function settle(key: PictureKey): Promise<string> {
    return once('media', { fileName: `${key}.jpg` }, () => upload(key));
  }

  async function upload(key: PictureKey) {
    const { alt, caption, draw } = PICTURES[key];
    const path = join(scratch, `${randomUUID()}.jpg`);
    try {
      const { size } = await sharp(Buffer.from(draw()))
        .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
        .toFile(path);
      const file = { path, size, label: `${key}.jpg`, declaredType: 'image/jpeg' };
      const said = { alt, caption, credit: CREDIT };
      return (await media.create(cast.as('editor'), file, said)).item;
    } finally {
      await rm(path, { force: true });
    }
  }
}
