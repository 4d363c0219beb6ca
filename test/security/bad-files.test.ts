import { readdir, readlink } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Client } from '../../src/client/index.ts';
import type { Media } from '../../src/features/media/media.contract.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import * as bad from '../support/bad-pictures.ts';
import { box, document, film, sound } from '../support/films.ts';
import { alt, segment, withSegments, xmp } from '../support/photos.ts';
import {
  animation,
  fileOf,
  type Kind,
  liarPng,
  picture as newPicture,
  pngChunk,
  storedFiles,
  waitingFiles,
  withChunks,
} from '../support/pictures.ts';
import { until } from '../support/records.ts';

/**
 * What must not get in, by the ordinary upload: each is refused with words that say what to do, within seconds, and leaves
 * nothing. The last group is pictures that are sound, with something hostile beside the pixels: taken, without it.
 */
const LIMIT = 1_048_576;
const LONGEST_MS = 5_000;

let app: TestApp;
let author: Client;
let kept: string[];
let descriptors: number;

const rows = () => app.db.collection('media').countDocuments();

const openFiles = async (): Promise<string[]> => {
  const names = await readdir('/proc/self/fd').catch(() => []);
  return Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
};

beforeAll(async () => {
  app = await createTestApp({ UPLOAD_MAX_MB: '1' });
  author = await app.as('author');
  await goesThrough();
  descriptors = (await openFiles()).length;
});
afterAll(async () => {
  expect((await openFiles()).length).toBeLessThan(descriptors + 10);
  await app.close();
});

beforeEach(async () => {
  kept = await storedFiles(app);
});
afterEach(async () => {
  await until(async () => (await waitingFiles(app)).length === 0);
  expect([await storedFiles(app), await rows()]).toEqual([kept, 0]);
  await until(async () => !(await openFiles()).some((path) => path.startsWith(app.config.dataDir)));
});

const upload = (bytes: Buffer, fileName = 'upload', type = ''): Promise<Media> =>
  author.editorial.media.create({ body: {}, file: fileOf(bytes, type), fileName });

/** A good picture is taken, whatever came before it. */
async function goesThrough(): Promise<void> {
  await remove(await upload(await newPicture('jpeg', { width: 201 }), 'quay.jpg', 'image/jpeg'));
}

const remove = ({ id, version }: Media) =>
  author.editorial.media.remove({ params: { id }, ifMatch: version });

interface Refusal {
  readonly status: 413 | 415 | 422;
  readonly code: string;
  /** Of the fault of the field, where the input is at fault. */
  readonly fault?: string;
  /** What to do about it. */
  readonly says: RegExp;
}

const DAMAGED: Refusal = {
  ...{ status: 422, code: 'invalid_input', fault: 'damaged' },
  says: /Send it again\.$|Save it .*and send that\.$/,
};
const DISGUISED: Refusal = {
  ...{ status: 415, code: 'unsupported_media' },
  says: /send a JPEG, PNG|^The file is \w+ but|Export it as|Save the picture anew/,
};
const TOO_LARGE: Refusal = {
  ...{ status: 413, code: 'payload_too_large' },
  says: /Save it (?:as|smaller)|Send it as a film/,
};
const EMPTY: Refusal = { ...DAMAGED, fault: 'required', says: /^The file is empty\. Look/ };

/** What nobody outside is told: paths, libraries, stacks. */
const INSIDE = /\/tmp\/|node_modules|sharp|libvips|\bvips|libpng|\bat .*:\d+:\d+|Error:/i;

async function expectRefused(refusal: Refusal, bytes: Buffer, name?: string, type?: string): Promise<void> {
  const began = performance.now();
  const answer = await upload(bytes, name, type).then(
    (item) => ({ taken: item }),
    ({ status, problem }) => ({ status, problem }),
  );
  const { status, code, fault, says } = refusal;
  const told = 'problem' in answer ? (answer.problem.errors?.[0]?.message ?? answer.problem.detail) : '';

  expect(answer).toMatchObject({
    status,
    problem: { code, ...(fault ? { errors: [{ pointer: '/file', code: fault }] } : {}) },
  });
  expect(told).toMatch(says);
  expect(JSON.stringify(answer)).not.toMatch(INSIDE);
  expect(performance.now() - began).toBeLessThan(LONGEST_MS);
}

type Bytes = () => Buffer | Promise<Buffer>;
type Case = readonly [what: string, bytes: Bytes, name?: string];

const isoHead = (brand = 'isom') => box('ftyp', brand, Buffer.alloc(4), 'mif1');
const latin = (text: string) => Buffer.from(text, 'latin1');
const many = (bytes: Buffer, times: number) => Buffer.concat(Array.from({ length: times }, () => bytes));

/** Made once of each kind. */
const made: Partial<Record<Kind, Promise<Buffer>>> = {};
function picture(kind: Kind): Promise<Buffer> {
  made[kind] ??= newPicture(kind, { width: 80, height: 60 });
  return made[kind];
}
const jpeg = () => picture('jpeg');

const WHOLE: Readonly<Record<string, Bytes>> = {
  JPEG: () => picture('jpeg'),
  PNG: () => picture('png'),
  WebP: () => picture('webp'),
  AVIF: () => picture('avif'),
  GIF: () => picture('gif'),
  TIFF: () => picture('tiff'),
  MP4: () => film([], 'the film itself '.repeat(400)),
  PDF: () => document('Minutes '.repeat(400)),
};
const CUTS: Readonly<Record<string, (length: number) => number>> = {
  'of which eight bytes came': () => 8,
  'of which forty bytes came': () => 40,
  'of which a quarter came': (length) => length / 4,
  'of which half came': (length) => length / 2,
  'whose end is missing': (length) => length * 0.95,
};

describe('S72 a file that is cut off', () => {
  afterAll(goesThrough);

  const cases = Object.entries(WHOLE).flatMap(([kind, whole]) =>
    Object.entries(CUTS).map(([how, share]) => [kind, how, whole, share] as const),
  );
  it.each(cases)('is refused: %s %s', async (_kind, _how, whole, share) => {
    const bytes = await whole();

    await expectRefused(DAMAGED, bytes.subarray(0, Math.floor(share(bytes.length))));
  });

  it.each<Case>([
    ['an MP3 in its tag', () => sound('x').subarray(0, 14)],
    ['an MP3 in its first frame', () => sound('x').subarray(0, 300)],
    [
      'an MP3 whose tag is longer than it',
      () => Buffer.concat([latin('ID3\x04\0\0\x7f\x7f\x7f\x7f'), Buffer.alloc(99)]),
    ],
    ['an MP4 between its boxes', () => film().subarray(0, film().indexOf('mdat') - 4)],
  ])('is refused: %s', async (_what, bytes) => expectRefused(DAMAGED, await bytes()));
});

describe('S67 a file in disguise', () => {
  afterAll(goesThrough);

  it.each<Case>([
    ['HTML', () => latin('<!doctype html><script>alert(1)</script>')],
    ['HTML behind a byte-order mark', () => Buffer.from('\ufeff<html><script>alert(1)</script>')],
    ['HTML in UTF-16', () => Buffer.from('\ufeff<html><script>alert(1)</script>', 'utf16le')],
    ['an SVG', () => latin('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['plain text', () => latin('This is no picture.')],
    ['a script', () => latin('#!/bin/sh\necho')],
    ['a program for Windows', () => latin(`MZ\x90\0${'\0'.repeat(100)}`)],
    ['a program for Linux', () => latin(`\x7fELF\x02\x01\x01${'\0'.repeat(100)}`)],
    ['a ZIP', () => latin('PK\x03\x04\x14\0\0\0\0\0')],
    ['a GZIP', () => Buffer.from('1f8b0800000000000003', 'hex')],
    ['an EPS', () => latin('%!PS-Adobe-3.0 EPSF-3.0\n')],
    ['a BMP', () => latin(`BM${'\0'.repeat(60)}`)],
    ['a PSD', () => latin(`8BPS${'\0'.repeat(60)}`)],
    ['a HEIC', () => isoHead('heic')],
    ['a QuickTime film', () => isoHead('qt  ')],
    ['a WAV', () => latin(`RIFF\x24\0\0\0WAVEfmt ${'\0'.repeat(40)}`)],
    ['a WebM', () => Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex')],
    ['a PDF', document],
    ['an MP3', () => sound('x')],
    ['an MP4', film],
    ['a GIF', () => picture('gif')],
    ['one byte', () => latin('x')],
    ['a JPEG behind a comment of HTML', async () => Buffer.concat([latin('<!-- '), await jpeg()])],
  ])('is refused: %s that calls itself a JPEG', async (_what, bytes) =>
    expectRefused(DISGUISED, await bytes(), 'photo.jpg', 'image/jpeg'),
  );

  it.each<Case>([
    [
      'HTML behind the sync word of an MP3',
      () => latin(`\xff\xfb\x90\0${'<script>alert(1)</script>'.repeat(40)}`),
    ],
    [
      'HTML in UTF-16, which begins like an MP3',
      () => Buffer.from(`\ufeff${'<html>'.repeat(400)}`, 'utf16le'),
    ],
    [
      'a PNG behind the tag of an MP3',
      async () => Buffer.concat([sound('x').subarray(0, 15), await picture('png')]),
    ],
    ['a PDF behind the tag of an MP3', () => Buffer.concat([sound('x').subarray(0, 15), document()])],
    ['a JPEG behind a PDF', async () => Buffer.concat([document(), await jpeg()])],
    ['a script that is a GIF as well', () => latin('GIF89a/*\0\0\0\0\0*/=1;alert(1)//')],
    ['HTML behind the head of a JPEG', () => latin(`\xff\xd8\xff\xe0<script>alert(1)</script>`)],
  ])('is refused: %s', async (_what, bytes) => expectRefused(DAMAGED, await bytes()));
});

const HUGE = { width: 60_000, height: 60_000 };
const WEBP_MOST = { width: 16_383, height: 16_383 };

describe('S71 a file that unpacks into something huge', () => {
  afterAll(goesThrough);

  const black = { create: { width: 10_001, height: 10_000, channels: 3 as const, background: 'black' } };
  const colours = Array.from({ length: 501 }, (_none, index) => `rgb(${index % 256}, ${index >> 8}, 9)`);
  it.each<Case>([
    ['a PNG of 100 million equal pixels', () => sharp(black).png().toBuffer()],
    ['a JPEG by its frame', async () => bad.jpegClaiming(await jpeg(), HUGE)],
    ['a PNG by its head', async () => liarPng(await picture('png'), 60_000)],
    ['a WebP by its frame', async () => bad.webpClaiming(await picture('webp'), WEBP_MOST)],
    ['an AVIF by its item', async () => bad.avifClaiming(await picture('avif'), HUGE)],
    ['a TIFF by its directory', () => bad.tiff(HUGE)],
    ['a WebP of 501 frames', () => animation(colours)],
    ['a GIF of 60 000 frames', () => bad.gifOfFrames(60_000)],
    ['a TIFF of 600 pages', () => bad.tiffOfPages(600)],
  ])('is refused: %s', async (_what, bytes) => expectRefused(TOO_LARGE, await bytes()));

  it.each<Case>([
    ['a TIFF whose size overflows', () => bad.tiff({ width: 2 ** 31, height: 2 ** 31 })],
    [
      'a WebP on a canvas that it does not fill',
      async () => bad.webpOnCanvas(await picture('webp'), WEBP_MOST),
    ],
    ['a JPEG of a thousand scans', async () => bad.jpegOfScans(await progressive(), 1_000)],
  ])('is refused: %s', async (_what, bytes) => expectRefused(DAMAGED, await bytes()));

  const progressive = () =>
    sharp({ create: { width: 600, height: 600, channels: 3, background: '#345' } })
      .greyscale()
      .jpeg({ progressive: true })
      .toBuffer();
});

const without = (marker: number) => async () => bad.jpegWithout(await jpeg(), marker);
const pngOf = (type: string, data: Buffer) => async () => bad.pngWith(await picture('png'), type, data);
const filmOf =
  (...parts: Buffer[]) =>
  () =>
    Buffer.concat([isoHead(), ...parts]);
const pdfEnding = (end: string) => () => latin(`%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n${end}`);

describe('S72 a file that is broken inside', () => {
  afterAll(goesThrough);

  it.each<Case>([
    ['a JPEG without its frame', without(0xc0)],
    ['a JPEG without its tables', without(0xdb)],
    ['a JPEG of no height', async () => bad.jpegClaiming(await jpeg(), { width: 80, height: 0 })],
    [
      'a JPEG whose segment never ends',
      async () => withSegments((await jpeg()).subarray(0, 400), latin('\xff\xe1\xff\xff')),
    ],
    ['a PNG of no width', pngOf('IHDR', Buffer.from('00000000000000000802000000', 'hex'))],
    ['a PNG of an unknown depth', pngOf('IHDR', Buffer.from('000000c8000000962002000000', 'hex'))],
    ['a PNG of other bytes for pixels', pngOf('IDAT', Buffer.alloc(500, 7))],
    [
      'a PNG with a chunk of four gigabytes',
      async () => withChunks(await picture('png'), latin('\xff\xff\xff\xfftEXt')),
    ],
    ['a TIFF with its pixels elsewhere', () => bad.tiff({ width: 8, height: 8, strip: 2 ** 31 })],
    ['an AVIF of nonsense', () => Buffer.concat([isoHead('avif'), Buffer.alloc(500, 7)])],
    ['an AVIF of boxes in boxes', () => Buffer.concat([isoHead('avif'), bad.nested(30_000, 'meta')])],
    ['an MP4 of boxes in boxes', filmOf(bad.nested(30_000))],
    ['an MP4 of thirty thousand boxes', filmOf(many(box('free'), 30_000))],
    ['an MP4 with a box longer than itself', filmOf(bad.liar('moov', 2 ** 31))],
    ['an MP4 with a box of 2^64 bytes', filmOf(Buffer.from('000000016d6f6f76ffffffffffffffff', 'hex'))],
    ['an MP4 with a box shorter than its head', () => Buffer.concat([film(), bad.liar('free', 2)])],
    ['an MP4 without a film', filmOf(box('mdat', 'x'))],
    ['an MP4 of which nothing is seen or heard', filmOf(box('moov', bad.liar('trak', 0)), box('mdat', 'x'))],
    ['an MP3 of fifty thousand tags', () => many(latin('ID3\x04\0\0\0\0\0\0'), 50_000)],
    ['a PDF whose table is elsewhere', pdfEnding('startxref\n99999999\n%%EOF\n')],
    ['a PDF whose table is none', pdfEnding('% nothing here, and not there\nstartxref\n45\n%%EOF\n')],
    ['a PDF that does not say where its table is', pdfEnding('%%EOF\n')],
  ])('is refused: %s', async (_what, bytes) => expectRefused(DAMAGED, await bytes()));
});

describe('S70 a file of the wrong length', () => {
  afterAll(goesThrough);

  it('is refused: nothing at all', () => expectRefused(EMPTY, Buffer.alloc(0), 'photo.jpg', 'image/jpeg'));
  it('is refused: a byte more than is taken', () => expectRefused(TOO_LARGE, Buffer.alloc(LIMIT + 1, 1)));
});

const laughs = (of: string) => `"${`&${of};`.repeat(999)}"`;
const SECRET = 'HOSTILE';
const unpacked = deflateSync(Buffer.alloc(64 * LIMIT, SECRET), { level: 1 });
const exifOf = (entries: Parameters<typeof bad.exifSegment>[0], next?: number) => async () =>
  withSegments(await jpeg(), bad.exifSegment(entries, next));
const xmpOf = (packet: string) => async () => withSegments(await jpeg(), bad.xmpSegment(packet));
const iptcOf = (hex: string) => async () => withSegments(await jpeg(), bad.iptcOf(hex));
const pngAnd = (type: string, head: string) => async () =>
  withChunks(await picture('png'), pngChunk(type, Buffer.concat([latin(head), unpacked])));

describe('S71 S73 a sound picture with something hostile beside its pixels', () => {
  afterAll(goesThrough);

  const entry = { tag: 0x010e, type: 2, count: 1, value: 8 };
  it.each<Case>([
    [
      'EXIF that leads back to itself',
      exifOf(
        [0x8769, 0x8825, 0xa005].map((tag) => ({ ...entry, tag, type: 4 })),
        8,
      ),
    ],
    ['EXIF of a text of four gigabytes', exifOf([{ ...entry, count: 2 ** 32 - 1 }])],
    ['EXIF of an unknown type', exifOf([{ ...entry, type: 99, value: 2 ** 32 - 1 }])],
    ['EXIF that leads out of its block', exifOf([{ ...entry, tag: 0x8769, type: 4, value: 2 ** 32 - 16 }])],
    [
      'EXIF of five thousand long lists',
      exifOf(Array.from({ length: 5_000 }, (_none, tag) => ({ ...entry, tag, type: 1, count: 60_000 }))),
    ],
    [
      'XMP of a billion laughs',
      xmpOf(
        `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b ${laughs('a')}><!ENTITY c ${laughs('b')}>]>${xmp(alt('dc:rights', '&c;'))}`,
      ),
    ],
    [
      'XMP that reads a file',
      xmpOf(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${xmp(alt('dc:rights', '&a;'))}`),
    ],
    ['XMP of opening brackets', xmpOf('<'.repeat(60_000))],
    ['XMP of attributes without end', xmpOf(`<x ${'a '.repeat(30_000)}`)],
    ['XMP nested deep', xmpOf(xmp('<dc:x>'.repeat(5_000) + '</dc:x>'.repeat(3_000)))],
    ['IPTC longer than its segment', iptcOf('ffffffff1c0250ffff41')],
    ['IPTC of an extended length', iptcOf('000000091c02508004ffffffff')],
    [
      'a colour profile of nonsense',
      async () =>
        withSegments(
          await jpeg(),
          segment(0xe2, Buffer.concat([latin('ICC_PROFILE\0\x01\x01'), Buffer.alloc(600, SECRET)])),
        ),
    ],
    [
      'two hundred thousand comments',
      async () => withSegments(await jpeg(), many(latin('\xff\xfe\0\x02'), 200_000)),
    ],
    [
      'HTML in a comment',
      async () => withSegments(await jpeg(), segment(0xfe, latin(`<script>${SECRET}</script>`))),
    ],
    ['a document in a comment', async () => withSegments(await jpeg(), segment(0xfe, document(SECRET)))],
    ['an archive behind it', async () => Buffer.concat([await jpeg(), latin(`PK\x03\x04${SECRET}`)])],
    ['a profile that unpacks into 64 MB', pngAnd('iCCP', 'x\0\0')],
    ['XMP that unpacks into 64 MB', pngAnd('iTXt', 'XML:com.adobe.xmp\0\x01\0\0\0')],
    ['a text that unpacks into 64 MB', pngAnd('zTXt', 'Comment\0\0')],
    ['pixels that unpack into more than it has', pngOf('IDAT', deflateSync(Buffer.alloc(8 * LIMIT)))],
    [
      'a screen of four billion pixels',
      async () => bad.gifClaiming(await picture('gif'), { width: 65_535, height: 65_535 }),
    ],
    ['a page that leads back to itself', () => bad.tiff({ width: 8, height: 8, next: 8 })],
  ])('is taken without it: %s', async (_what, bytes) => {
    const began = performance.now();
    const item = await upload(await bytes());
    const ms = performance.now() - began;
    const { caption, copyright, byline, renditions } = item;
    const [url = ''] = renditions.map((one) => one.url.replace('http://localhost:3000', app.url));
    const served = Buffer.from(await (await fetch(url)).arrayBuffer());
    await remove(item);

    expect([caption, copyright.replace(/^&[ac];$/, ''), byline]).toEqual(['', '', '']);
    expect([served.includes(SECRET), served.includes('DOCTYPE'), served.length > 0]).toEqual([
      false,
      false,
      true,
    ]);
    expect(ms).toBeLessThan(LONGEST_MS);
  });
});
