import ExifReader from 'exifreader';
import type { Metadata } from 'sharp';
import type { PhotoFacts } from './facts.contract.ts';
import { factsOf, NO_FACTS, type PhotoTags } from './photo-facts.ts';

/** What one segment of a JPEG holds, its length included: larger blocks are not looked into. */
const SEGMENT = 65_535 - 2;
const XMP_MARK = 'http://ns.adobe.com/xap/1.0/\0';
const IPTC_MARK = 'Photoshop 3.0\0';
const EXIF_MARK = 'Exif\0\0';

const [APP1, APP13] = [0xe1, 0xed];
const START = Buffer.from([0xff, 0xd8]);
const END = Buffer.from([0xff, 0xda, 0, 2, 0xff, 0xd9]);

/**
 * Reads what a photo says of itself. The blocks come from sharp, which finds them in every format; they are put into a
 * JPEG without a picture, so that one reader reads all of them and never more than three times 64 kB. A block that cannot
 * be read says nothing; it never makes an upload fail.
 */
export function readFacts({ exif, iptc, xmp }: Metadata): PhotoFacts {
  const blocks = [
    block(APP1, EXIF_MARK, exif),
    block(APP1, XMP_MARK, xmp),
    block(APP13, IPTC_MARK, iptc),
  ].filter((one) => one !== null);
  if (blocks.length === 0) return NO_FACTS;
  return factsOf(together(blocks) ?? eachAlone(blocks));
}

/** A damaged block must not silence the others. */
function eachAlone(blocks: readonly Buffer[]): PhotoTags {
  const read = blocks.map((one) => together([one]));
  const group = (name: keyof PhotoTags) => Object.assign({}, ...read.map((tags) => tags?.[name]));
  return { xmp: group('xmp'), iptc: group('iptc'), exif: group('exif') };
}

function together(blocks: readonly Buffer[]): PhotoTags | null {
  try {
    const file = Buffer.concat([START, ...blocks, END]);
    const { xmp, iptc, exif } = ExifReader.load(file, {
      expanded: true,
      // Where the camera stood, which one it was and small copies of the picture are nobody's business.
      excludeTags: { gps: true, makerNotes: true, thumbnail: true, mpf: true },
    }) as Partial<PhotoTags>;
    return { xmp: xmp ?? {}, iptc: iptc ?? {}, exif: exif ?? {} };
  } catch {
    return null;
  }
}

function block(marker: number, mark: string, content: Buffer | undefined): Buffer | null {
  if (!content) return null;
  const marked = content.subarray(0, mark.length).toString('latin1') === mark;
  const body = marked ? content : Buffer.concat([Buffer.from(mark, 'latin1'), content]);
  if (body.length > SEGMENT) return null;
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}
