import { box } from './films.ts';
import { segment } from './photos.ts';
import { pngChunk } from './pictures.ts';

/** Whatever calls itself a picture of this size without being one. */
export interface Claim {
  readonly width: number;
  readonly height: number;
}

const markerAt = (jpeg: Buffer, wanted: (marker: number) => boolean): number => {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2))
    if (wanted(jpeg[at + 1] ?? 0)) return at;
  throw new Error('there is no such marker');
};

/** A JPEG whose frame header (ITU T.81, B.2.2) says another size. */
export function jpegClaiming(jpeg: Buffer, { width, height }: Claim): Buffer {
  const copy = Buffer.from(jpeg);
  const at = markerAt(copy, (marker) => marker >= 0xc0 && marker <= 0xc2);
  copy.writeUInt16BE(height, at + 5);
  copy.writeUInt16BE(width, at + 7);
  return copy;
}

/** A JPEG without its tables of this kind. */
export function jpegWithout(jpeg: Buffer, marker: number): Buffer {
  const at = markerAt(jpeg, (one) => one === marker);
  return Buffer.concat([jpeg.subarray(0, at), jpeg.subarray(at + 2 + jpeg.readUInt16BE(at + 2))]);
}

/** A progressive JPEG with its second scan so many times over: each goes through the whole picture once more. */
export function jpegOfScans(progressive: Buffer, times: number): Buffer {
  const scans: number[] = [];
  for (let at = markerAt(progressive, (marker) => marker === 0xda); at < progressive.length - 1; at += 1)
    if (progressive[at] === 0xff && [0xc4, 0xda].includes(progressive[at + 1] ?? 0)) scans.push(at);
  const [first = 0, second = 0, third = progressive.length - 2] = scans.filter(
    (at, index) =>
      index === 0 || progressive[at + 1] === 0xc4 || progressive[(scans[index - 1] ?? 0) + 1] !== 0xc4,
  );
  if (first === second) throw new Error('not progressive');
  const scan = progressive.subarray(second, third);
  return Buffer.concat([
    progressive.subarray(0, third),
    ...Array.from({ length: times }, () => scan),
    progressive.subarray(third),
  ]);
}

/** A lossy WebP whose frame header (RFC 6386, section 9.1) says another size. */
export function webpClaiming(webp: Buffer, { width, height }: Claim): Buffer {
  const copy = Buffer.from(webp);
  const at = copy.indexOf(Buffer.from('9d012a', 'hex'));
  copy.writeUInt16LE(width, at + 3);
  copy.writeUInt16LE(height, at + 5);
  return copy;
}

/** A WebP in the extended form, whose canvas is of that size. */
export function webpOnCanvas(webp: Buffer, { width, height }: Claim): Buffer {
  const canvas = Buffer.alloc(18);
  canvas.write('VP8X');
  canvas.writeUInt32LE(10, 4);
  canvas.writeUIntLE(width - 1, 12, 3);
  canvas.writeUIntLE(height - 1, 15, 3);
  const bytes = Buffer.concat([webp.subarray(0, 12), canvas, webp.subarray(12)]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

/** A GIF whose screen is of that size. */
export function gifClaiming(gif: Buffer, { width, height }: Claim): Buffer {
  const copy = Buffer.from(gif);
  copy.writeUInt16LE(width, 6);
  copy.writeUInt16LE(height, 8);
  return copy;
}

/** A GIF of one pixel, so many times. */
export function gifOfFrames(frames: number): Buffer {
  const head = Buffer.from('4749463839610100010080000000000000ffffff', 'hex').subarray(0, 19);
  const frame = Buffer.from('2c00000000010001000002024401003b', 'hex').subarray(0, 15);
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

/** An AVIF whose item is of that size (ISO 23008-12, 6.5.3). */
export function avifClaiming(avif: Buffer, { width, height }: Claim): Buffer {
  const copy = Buffer.from(avif);
  const at = copy.indexOf('ispe');
  copy.writeUInt32BE(width, at + 8);
  copy.writeUInt32BE(height, at + 12);
  return copy;
}

interface Directory extends Claim {
  /** Where the next directory stands; 0 for none. */
  readonly next?: number;
  /** Where the pixels stand. */
  readonly strip?: number;
}

const DIRECTORY = 2 + 9 * 12 + 4;

/** A grey TIFF (revision 6.0, section 2) of these directories, one behind the other, and a few bytes of pixels. */
export function tiff(...directories: readonly Directory[]): Buffer {
  const pixels = 8 + directories.length * DIRECTORY;
  const parts = directories.map(({ width, height, next = 0, strip = pixels }) => {
    const bytes = Buffer.alloc(DIRECTORY);
    bytes.writeUInt16LE(9, 0);
    const entries = [
      ...[
        [256, width],
        [257, height],
        [258, 8],
        [259, 1],
        [262, 1],
        [273, strip],
      ],
      ...[
        [277, 1],
        [278, height],
        [279, width * height],
      ],
    ];
    for (const [index, [tag = 0, value = 0]] of entries.entries()) {
      bytes.writeUInt16LE(tag, 2 + index * 12);
      bytes.writeUInt16LE(4, 4 + index * 12);
      bytes.writeUInt32LE(1, 6 + index * 12);
      bytes.writeUInt32LE(value % 2 ** 32, 10 + index * 12);
    }
    bytes.writeUInt32LE(next, DIRECTORY - 4);
    return bytes;
  });
  return Buffer.concat([Buffer.from('49492a0008000000', 'hex'), ...parts, Buffer.alloc(64, 128)]);
}

/** So many small pages in one TIFF. */
export const tiffOfPages = (pages: number): Buffer =>
  tiff(
    ...Array.from({ length: pages }, (_none, index) => ({
      ...{ width: 8, height: 8 },
      next: index + 1 < pages ? 8 + (index + 1) * DIRECTORY : 0,
    })),
  );

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
}

/** The EXIF segment of a JPEG: one directory, with `next` behind it. */
export function exifSegment(entries: readonly Entry[], next = 0): Buffer {
  const bytes = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  bytes.write('49492a0008000000', 'hex');
  bytes.writeUInt16LE(entries.length, 8);
  for (const [index, { tag, type, count, value }] of entries.entries()) {
    const at = 10 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  bytes.writeUInt32LE(next, bytes.length - 4);
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), bytes]));
}

export const xmpSegment = (packet: string): Buffer =>
  segment(
    0xe1,
    Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1'), Buffer.from(packet)]),
  );

/** The IPTC segment of a JPEG: a Photoshop resource of this length and content, whatever they are. */
export const iptcOf = (hex: string): Buffer =>
  segment(
    0xed,
    Buffer.concat([Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0', 'latin1'), Buffer.from(hex, 'hex')]),
  );

/** A PNG with another chunk in the place of its first of this type. */
export function pngWith(png: Buffer, type: string, data: Buffer): Buffer {
  const at = png.indexOf(type, 8, 'latin1') - 4;
  const end = at + 12 + png.readUInt32BE(at);
  return Buffer.concat([png.subarray(0, at), pngChunk(type, data), png.subarray(end)]);
}

/** Boxes in boxes. */
export function nested(depth: number, type = 'moov'): Buffer {
  const heads = Buffer.alloc(depth * 8);
  for (let level = 0; level < depth; level += 1) {
    heads.writeUInt32BE((depth - level) * 8 + 8, level * 8);
    heads.write(type, level * 8 + 4);
  }
  return Buffer.concat([heads, box('free')]);
}

/** A box that says how long it is, whatever it holds. */
export function liar(type: string, length: number, content = Buffer.alloc(50)): Buffer {
  const bytes = box(type, content);
  bytes.writeUInt32BE(length);
  return bytes;
}
