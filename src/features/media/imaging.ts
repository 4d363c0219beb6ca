import { fileTypeFromFile } from 'file-type';
import sharp, { type Metadata } from 'sharp';
import { DomainError } from '../../core/errors.ts';
import { createGate } from './gate.ts';

const MAX_PIXELS = 100_000_000;
/** Decoded whole before a line can be made smaller, so that memory is what they cost. */
const MAX_PROGRESSIVE = 40_000_000;
const MAX_FRAMES = 500;
const MAX_SECONDS = 30;
/** WebP ends at 16 383 pixels; nothing shows a picture that is higher than this. */
const BOX = { width: 2048, height: 8192 };
const QUALITY = 80;
/** Each takes a thread of libuv's four and up to some hundred megabytes. */
const AT_ONCE = 2;

interface Format {
  readonly type: string;
  /** What sharp calls it. */
  readonly format: string;
  readonly extensions: readonly string[];
  /** The names under which clients send it. */
  readonly declared: readonly string[];
}

const JPEG: Format = {
  type: 'image/jpeg',
  format: 'jpeg',
  extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
  declared: ['image/jpeg', 'image/jpg', 'image/pjpeg'],
};
const PNG: Format = {
  type: 'image/png',
  format: 'png',
  extensions: ['png', 'apng'],
  declared: ['image/png', 'image/x-png', 'image/apng'],
};
const WEBP: Format = { type: 'image/webp', format: 'webp', extensions: ['webp'], declared: ['image/webp'] };

/** By what the bytes say. */
const TAKEN: Readonly<Record<string, Format>> = {
  'image/jpeg': JPEG,
  'image/png': PNG,
  'image/apng': PNG,
  'image/webp': WEBP,
};
const NOTHING_SAID: ReadonlySet<string> = new Set(['', 'application/octet-stream']);
const SAID_BY_NAME = /\.([a-z][a-z0-9]{1,4})$/i;

/** What the client calls the file. */
export interface Claim {
  readonly label: string;
  readonly declaredType?: string | undefined;
}

/** What the bytes are; width and height as the picture is looked at, its EXIF orientation applied. */
export interface Picture {
  readonly type: string;
  readonly width: number;
  readonly height: number;
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
  const found = await fileTypeFromFile(path);
  const format = TAKEN[found?.mime ?? ''];
  if (!format) throw unsupported(`${nameOf(found?.mime)} is not taken: send a JPEG, PNG or WebP picture.`);
  requireHonest(claim, format);
  const head = await sharp(path, { limitInputPixels: false, failOn: 'error' }).metadata().catch(damaged);
  if (head.format !== format.format)
    throw unsupported('The file is two things at once. Save the picture anew.');
  requireModest(head);
  const { width, height } = head.autoOrient;
  return { type: format.type, width, height };
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
  return { name: 'large', type: WEBP.type, extension: 'webp', data, width: info.width, height: info.height };
}

/** A name or a declared type that says something else than the bytes is a disguise, or a mistake to be told of. */
function requireHonest({ label, declaredType = '' }: Claim, format: Format): void {
  const declared = declaredType.toLowerCase();
  if (!NOTHING_SAID.has(declared) && !format.declared.includes(declared)) {
    throw unsupported(`The file is ${nameOf(format.type)} but was sent as ${nameOf(declared)}.`);
  }
  const extension = SAID_BY_NAME.exec(label)?.[1]?.toLowerCase();
  if (extension !== undefined && !format.extensions.includes(extension)) {
    throw unsupported(`The file is ${nameOf(format.type)} but its name ends in ".${extension}".`);
  }
}

function requireModest({ width, height, pages = 1, isProgressive = false }: Metadata): void {
  if (isProgressive && width * height > MAX_PROGRESSIVE) {
    throw tooLarge(
      `A progressive picture may have ${MAX_PROGRESSIVE / 1_000_000} megapixels. Save it without.`,
    );
  }
  if (pages > MAX_FRAMES) throw tooLarge(`The picture has more than ${MAX_FRAMES} frames.`);
  if (width * height > MAX_PIXELS)
    throw tooLarge(`The picture has more than ${MAX_PIXELS / 1_000_000} megapixels.`);
}

const NAMES: Readonly<Record<string, string>> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/webp': 'WebP',
  'application/xml': 'XML (SVG among it)',
};

const nameOf = (mime = ''): string => NAMES[mime] ?? (mime === '' ? 'This kind of file' : mime.slice(0, 100));

const unsupported = (message: string): DomainError => new DomainError('unsupported_media', message);

const tooLarge = (message: string): DomainError => new DomainError('payload_too_large', message);

const damaged = (cause: unknown): never => {
  throw new DomainError('invalid_input', 'The request has content that cannot be taken.', {
    errors: [
      { pointer: '/file', code: 'damaged', message: 'The picture is damaged or incomplete. Send it again.' },
    ],
    cause,
  });
};
