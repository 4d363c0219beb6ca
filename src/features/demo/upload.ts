import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaService } from '../media/media.service.ts';
import type { Cast } from './cast.ts';
import { drawPictures } from './drawing.ts';
import type { Once } from './once.ts';
import { CREDIT, PICTURES, type PictureKey } from './pictures.ts';

/** Stores so many at a time: enough to keep two cores busy with their renditions. */
const AT_ONCE = 4;

interface Deps {
  readonly media: Pick<MediaService, 'create'>;
  /** A directory for files on their way. */
  readonly scratch: string;
  readonly cast: Cast;
  readonly once: Once;
}

/** Uploads every picture that is not there yet as the editor would; answers their ids. The first has all of them drawn. */
export async function uploadPictures({
  media,
  scratch,
  cast,
  once,
}: Deps): Promise<ReadonlyMap<PictureKey, string>> {
  const keys = Object.keys(PICTURES) as PictureKey[];
  const pictures = keys.map((key) => [key, join(scratch, `${randomUUID()}.jpg`)] as const);
  const ids = new Map<PictureKey, string>();
  let drawn: Promise<void> | undefined;
  try {
    for (let from = 0; from < pictures.length; from += AT_ONCE) {
      const some = pictures.slice(from, from + AT_ONCE);
      await Promise.all(some.map(async ([key, path]) => ids.set(key, await settle(key, path))));
    }
    return ids;
  } finally {
    await drawn?.catch(() => undefined);
    for (const [, path] of pictures) await rm(path, { force: true });
  }

  async function settle(key: PictureKey, path: string): Promise<string> {
    return once('media', { fileName: `${key}.jpg` }, () => upload(key, path));
  }

  async function upload(key: PictureKey, path: string) {
    drawn ??= drawPictures(pictures);
    await drawn;
    const { size } = await stat(path);
    const { alt, caption } = PICTURES[key];
    const file = { path, size, label: `${key}.jpg`, declaredType: 'image/jpeg' };
    return (await media.create(cast.as('editor'), file, { alt, caption, credit: CREDIT })).item;
  }
}
