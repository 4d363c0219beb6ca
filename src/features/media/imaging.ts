import sharp, { type Metadata } from 'sharp';
import { DomainError } from '../../core/errors.ts';
import { type Claim, type Format, formatOf, unsupported } from './formats.ts';
import { createGate } from './gate.ts';
import type { PhotoFacts } from './photo-facts.ts';
import { readFacts } from './photo-metadata.ts';

const MAX_PIXELS = 100_000_000;
/** Decoded whole before a line can be made smaller, so that memory is what they cost. */
const MAX_WHOLE = 40_000_000;
const MAX_FRAMES = 500;
const MAX_SECONDS = 30;
/** WebP ends at 16 383 pixels; nothing shows a picture that is higher than this. */
const BOX = { width: 2048, height: 8192 };
const QUALITY = 80;
/** Each takes a thread of libuv's four and up to some hundred megabytes. */
const AT_ONCE = 2;

/** What the bytes are; width and height as the picture is looked at, its EXIF orientation applied. */
export interface Picture {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly facts: PhotoFacts;
}

export interface Rendered {
  readonly name: string;
  readonly type: string;
  readonly extension: string;
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

export type Imaging = ReturnType<typeof createImaging>;

/** Looks into pictures and makes what is served of them, a few at a time. */
export function createImaging() {
  // libvips would start a thread per core for each picture, and keep what it decoded.
  sharp.concurrency(1);
  sharp.cache(false);
  const enter = createGate(AT_ONCE);
  return {
    inspect: (path: string, claim: Claim): Promise<Picture> => enter(() => inspect(path, claim)),
    render: (path: string): Promise<Rendered> => enter(() => render(path)),
  };
}

/**
 * Says what a file is by its bytes; only its head is read.
 * @throws DomainError `unsupported_media` for what is not taken, `payload_too_large` for a picture of too many pixels,
 * `invalid_input` for a damaged one.
 */
async function inspect(path: string, claim: Claim): Promise<Picture> {
  const format = await formatOf(path, claim);
  const head = await sharp(path, { limitInputPixels: false, failOn: 'error' }).metadata().catch(damaged);
  if (head.format !== format.format)
    throw unsupported('The file is two things at once. Save the picture anew.');
  requireModest(head, format);
  const { width, height } = head.autoOrient;
  return { type: format.type, width, height, facts: readFacts(head) };
}

/**
 * The one rendition: WebP in sRGB, upright, at most 2048 pixels wide, never larger than the picture. Nothing of the
 * file's metadata is in it (place, camera, thumbnail), and of several frames only the first.
 */
async function render(path: string): Promise<Rendered> {
  const { data, info } = await sharp(path, {
    limitInputPixels: MAX_PIXELS,
    failOn: 'error',
    sequentialRead: true,
  })
    .timeout({ seconds: MAX_SECONDS })
    .autoOrient()
    .resize({ ...BOX, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .webp({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true })
    .catch(damaged);
  return {
    name: 'large',
    type: 'image/webp',
    extension: 'webp',
    data,
    width: info.width,
    height: info.height,
  };
}

function requireModest({ width, height, pages = 1, isProgressive = false }: Metadata, format: Format): void {
  if ((isProgressive || format.whole) && width * height > MAX_WHOLE) {
    const kind = format.whole ? format.name : 'progressive';
    throw tooLarge(`A ${kind} picture may have ${MAX_WHOLE / 1_000_000} megapixels. Save it as plain JPEG.`);
  }
  if (pages > MAX_FRAMES) throw tooLarge(`The picture has more than ${MAX_FRAMES} frames.`);
  if (width * height > MAX_PIXELS)
    throw tooLarge(`The picture has more than ${MAX_PIXELS / 1_000_000} megapixels.`);
}

const tooLarge = (message: string): DomainError => new DomainError('payload_too_large', message);

const damaged = (cause: unknown): never => {
  throw new DomainError('invalid_input', 'The request has content that cannot be taken.', {
    errors: [
      { pointer: '/file', code: 'damaged', message: 'The picture is damaged or incomplete. Send it again.' },
    ],
    cause,
  });
};
