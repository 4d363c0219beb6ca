import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import {
  alt,
  exif,
  iptcSegment,
  manifestSegment,
  silent,
  told,
  WORDS,
  withSegments,
  xmp,
} from '../../support/photos.ts';
import { fileOf, scene, storedFiles } from '../../support/pictures.ts';

let app: TestApp;
let author: Client;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.as('author');
});
afterAll(() => app.close());

const upload = (bytes: Buffer, body: object = {}) =>
  author.editorial.media.create({ body, file: fileOf(bytes) });

const TOLD = {
  credit: WORDS.irish,
  byline: `${WORDS.swedish}, ${WORDS.arabic}`,
  copyright: `© 2026 ${WORDS.swedish}`,
  caption: 'Båtar vid kajen <script>alert(1)</script>',
  alt: 'Tre båtar',
  extendedDescription: 'Tre vita båtar ligger vid kajen.',
  headline: 'Hamnen i gryningen',
  keywords: ['hamn, morgon', 'ميناء'],
  place: 'Malmö, Sverige',
  takenAt: '2026-05-01T10:11:12+02:00',
  usageTerms: 'Once, online only',
  licensor: 'Öst Bild',
  digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture',
};

describe('what a photo says of itself', () => {
  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('is taken over from the XMP of a %s', async (kind) => {
    expect(await upload(await told(kind))).toMatchObject({ ...TOLD, hasContentCredentials: false });
  });

  it('is taken over from IPTC where there is no XMP, with the letters of all languages', async () => {
    const iptc = iptcSegment([
      [110, WORDS.arabic],
      [80, WORDS.swedish],
      [116, `© ${WORDS.irish}`],
      [120, 'Bád sa chuan'],
      [105, 'Ceannlíne'],
      [25, 'cuan'],
      [25, 'hamn'],
      [90, 'Gaillimh'],
      [101, 'Éire'],
      [55, '20260501'],
      [60, '101112+0200'],
    ]);

    expect(await upload(withSegments(await silent(), iptc))).toMatchObject({
      credit: WORDS.arabic,
      byline: WORDS.swedish,
      copyright: `© ${WORDS.irish}`,
      caption: 'Bád sa chuan',
      headline: 'Ceannlíne',
      keywords: ['cuan', 'hamn'],
      place: 'Gaillimh, Éire',
      takenAt: '2026-05-01T10:11:12+02:00',
    });
  });

  it('is taken over from the camera where nobody wrote more', async () => {
    const bytes = await scene({ width: 48, height: 32 }).withExif(exif).jpeg().toBuffer();

    expect(await upload(bytes)).toMatchObject({
      credit: '',
      byline: 'The camera',
      copyright: 'The camera',
      caption: 'The camera',
      takenAt: '2025-12-31T23:59:58',
    });
  });

  it('believes XMP before IPTC', async () => {
    const bytes = withSegments(await told('jpeg'), iptcSegment([[110, 'Cut by an old progr']]));

    expect(await upload(bytes)).toMatchObject({ credit: WORDS.irish });
  });

  it('gives way to what the form says', async () => {
    const item = await upload(await told('jpeg'), { credit: 'PA Images', alt: '  ' });

    expect(item).toMatchObject({ credit: 'PA Images', alt: 'Tre båtar', headline: TOLD.headline });
  });

  it('tells neither where the camera stood nor which one it was', async () => {
    const item = await upload(await told('jpeg'));

    expect(JSON.stringify(item)).not.toMatch(/SN-8842|GPS|53,6|Acme/);
  });

  it('names content credentials, and keeps the file as it came', async () => {
    const before = await storedFiles(app);
    const bytes = withSegments(await silent(), manifestSegment());

    expect(await upload(bytes)).toMatchObject({ hasContentCredentials: true });
    const added = (await storedFiles(app)).filter((path) => !before.includes(path));
    const original = added.find((path) => path.includes('/originals/')) ?? '';
    expect((await readFile(original)).equals(bytes)).toBe(true);
  });

  it('is corrected by editors, and the file stays as it was', async () => {
    const { id } = await upload(await told('jpeg'));
    const body = {
      ...TOLD,
      credit: 'Ola Nordmann',
      keywords: ['kai'],
      takenAt: '2026',
      digitalSourceType: '',
    };

    expect(await author.editorial.media.change({ params: { id }, ifMatch: 1, body })).toMatchObject({
      ...body,
      version: 2,
    });
  });

  it.each<[string, object, string]>([
    ['takenAt', { takenAt: 'yesterday' }, '/takenAt'],
    ['digitalSourceType', { digitalSourceType: 'javascript:alert(1)' }, '/digitalSourceType'],
    ['keywords', { keywords: ['a\nb'] }, '/keywords/0'],
    ['hasContentCredentials', { hasContentCredentials: true }, '/hasContentCredentials'],
  ])('refuses a %s that is none', async (_field, body, pointer) => {
    const { id } = await upload(await silent());

    await expect(author.editorial.media.change({ params: { id }, ifMatch: 1, body })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer })] },
    });
  });
});

describe('S71 metadata that means harm', () => {
  const DEEP = 4_000;
  it.each<[string, string]>([
    ['no XML at all', 'not <xml'],
    ['cut off', xmp('<photoshop:Credit>PA').slice(0, 900)],
    ['nested deep', xmp('<dc:x>'.repeat(DEEP) + '</dc:x>'.repeat(DEEP))],
    [
      'full of entities',
      `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(999)}">]>${xmp(alt('dc:rights', '&b;'))}`,
    ],
    [
      'that reads a file',
      `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${xmp(alt('dc:rights', '&a;'))}`,
    ],
    [
      'with a prototype',
      xmp('<photoshop:__proto__>x</photoshop:__proto__><dc:constructor>x</dc:constructor>'),
    ],
    ['larger than is looked into', xmp(alt('dc:rights', 'x'.repeat(70_000)))],
    [
      'of a hundred keywords too many',
      xmp(`<dc:subject><rdf:Bag>${'<rdf:li>k</rdf:li>'.repeat(2_000)}</rdf:Bag></dc:subject>`),
    ],
  ])('is inert: %s', async (_what, packet) => {
    const bytes = await scene({ width: 48, height: 32 }).withXmp(packet).png().toBuffer();
    const began = performance.now();

    const item = await upload(bytes);

    expect(performance.now() - began).toBeLessThan(4_000);
    expect(item.keywords.length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(item)).not.toMatch(/root:|hahaha/);
  });

  it('is cut to its limits and freed of what cannot be seen', async () => {
    const long = `<photoshop:Credit>${'ö'.repeat(600)}</photoshop:Credit>`;
    const odd = '<photoshop:Headline>a\u0085b\u200e <b>c</b></photoshop:Headline>';

    const item = await upload(await told('png', long + odd));

    expect([item.credit.length, item.headline.includes('\u0085')]).toEqual([500, false]);
  });
});
