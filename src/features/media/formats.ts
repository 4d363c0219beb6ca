import { fileTypeFromFile } from 'file-type';
import { DomainError, invalidField } from '../../core/errors.ts';
import type { Download } from './downloads.ts';
import { readAt, withFile } from './file-parts.ts';

export interface Format {
  readonly type: string;
  /** What sharp calls it. */
  readonly format: string;
  readonly name: string;
  readonly extensions: readonly string[];
  /** The names under which clients send it. */
  readonly declared: readonly string[];
  /** Decoded whole before a line can be made smaller, so that memory is what its pixels cost. */
  readonly whole?: true;
  /** No picture: given out as a file, and by this ending. */
  readonly download?: Download;
}

/** What the client calls the file. */
export interface Claim {
  readonly label: string;
  readonly declaredType?: string | undefined;
}

const PNG: Format = {
  type: 'image/png',
  format: 'png',
  name: 'PNG',
  extensions: ['png', 'apng'],
  declared: ['image/png', 'image/x-png', 'image/apng'],
};

/** What is taken, by what the bytes say. */
const TAKEN: Readonly<Record<string, Format>> = {
  'image/jpeg': {
    type: 'image/jpeg',
    format: 'jpeg',
    name: 'JPEG',
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
    declared: ['image/jpeg', 'image/jpg', 'image/pjpeg'],
  },
  'image/png': PNG,
  'image/apng': PNG,
  'image/webp': {
    type: 'image/webp',
    format: 'webp',
    name: 'WebP',
    extensions: ['webp'],
    declared: ['image/webp'],
  },
  'image/avif': {
    type: 'image/avif',
    format: 'heif',
    name: 'AVIF',
    extensions: ['avif'],
    declared: ['image/avif'],
    whole: true,
  },
  'image/gif': {
    type: 'image/gif',
    format: 'gif',
    name: 'GIF',
    extensions: ['gif'],
    declared: ['image/gif'],
    whole: true,
  },
  'image/tiff': {
    type: 'image/tiff',
    format: 'tiff',
    name: 'TIFF',
    extensions: ['tif', 'tiff'],
    declared: ['image/tiff', 'image/tif', 'image/x-tiff'],
    whole: true,
  },
  'video/mp4': {
    type: 'video/mp4',
    format: 'mp4',
    name: 'MP4',
    extensions: ['mp4', 'm4v'],
    declared: ['video/mp4', 'video/x-m4v'],
    download: 'mp4',
  },
  'audio/mpeg': {
    type: 'audio/mpeg',
    format: 'mp3',
    name: 'MP3',
    extensions: ['mp3'],
    declared: ['audio/mpeg', 'audio/mp3', 'audio/x-mp3'],
    download: 'mp3',
  },
  'application/pdf': {
    type: 'application/pdf',
    format: 'pdf',
    name: 'PDF',
    extensions: ['pdf'],
    declared: ['application/pdf', 'application/x-pdf'],
    download: 'pdf',
  },
};

const WHAT_IS_TAKEN = 'send a JPEG, PNG, WebP, AVIF, GIF or TIFF picture, an MP4, an MP3 or a PDF';
const SVG =
  'SVG is not taken: it is a document that can carry scripts and load other files. Export it as PNG or WebP.';

const NOTHING_SAID: ReadonlySet<string> = new Set(['', 'application/octet-stream']);
const SAID_BY_NAME = /\.([a-z][a-z0-9]{1,4})$/i;
const HEAD_BYTES = 4096;

/**
 * Says what a file is by its bytes; only its head is read.
 * @throws DomainError `unsupported_media` for what is not taken, and for a name or declared type that says otherwise;
 * `invalid_input` for what begins as something that is taken, and breaks off.
 */
export async function formatOf(path: string, claim: Claim): Promise<Format> {
  const mime = (await fileTypeFromFile(path))?.mime;
  const format = TAKEN[mime ?? ''];
  if (format) {
    requireHonest(claim, format);
    return format;
  }
  const head = await headOf(path);
  if (head.length === 0)
    throw invalidField(
      '/file',
      'required',
      'The file is empty. Look whether it is whole where it comes from.',
    );
  if (looksLikeSvg(head)) throw unsupported(SVG);
  const begun = mime === undefined ? beginningOf(head) : undefined;
  if (begun)
    throw invalidField('/file', 'damaged', `The file begins as ${begun} and is none. Send it again.`);
  throw unsupported(`${nameOf(mime)} is not taken: ${WHAT_IS_TAKEN}.`);
}

export const unsupported = (message: string): DomainError => new DomainError('unsupported_media', message);

/** A name or a declared type that says something else than the bytes is a disguise, or a mistake to be told of. */
function requireHonest({ label, declaredType = '' }: Claim, format: Format): void {
  const declared = declaredType.toLowerCase();
  if (!NOTHING_SAID.has(declared) && !format.declared.includes(declared)) {
    throw unsupported(`The file is ${format.name} but was sent as ${nameOf(declared)}.`);
  }
  const extension = SAID_BY_NAME.exec(label)?.[1]?.toLowerCase();
  if (extension !== undefined && !format.extensions.includes(extension)) {
    throw unsupported(`The file is ${format.name} but its name ends in ".${extension}".`);
  }
}

/** Only to give the reason: nothing is ever taken because of what is found here. */
async function headOf(path: string): Promise<string> {
  const head = await withFile(path, 'r', (file) => readAt(file, 0, HEAD_BYTES));
  return head.toString('latin1');
}

const looksLikeSvg = (head: string): boolean => /<(?:\w+:)?svg[\s>]/i.test(head);

/** How files begin of which more would have to follow. */
const BEGINNINGS: readonly (readonly [beginning: RegExp, name: string])[] = [
  [/^\xff\xd8/, 'JPEG'],
  [/^\x89PNG/, 'PNG'],
  [/^RIFF(?:....WEBP|.{0,7}$)/s, 'WebP'],
  [/^(?:II\*\0|MM\0\*)/, 'TIFF'],
  [/^GIF8/, 'GIF'],
  [/^\0\0..ftyp/s, 'MP4 or AVIF'],
  [/^ID3/, 'MP3'],
  [/^%PDF/, 'PDF'],
];

const beginningOf = (head: string): string | undefined =>
  BEGINNINGS.find(([beginning]) => beginning.test(head))?.[1];

const nameOf = (mime = ''): string =>
  TAKEN[mime]?.name ?? (mime === '' ? 'This kind of file' : mime.slice(0, 100));
