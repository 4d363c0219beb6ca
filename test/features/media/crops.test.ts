import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Client } from '../../../src/client/index.ts';
import { regionOf } from '../../../src/features/media/crops.ts';
import type { Rendition } from '../../../src/features/media/media.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { published } from '../../support/factories.ts';
import { fileOf } from '../../support/pictures.ts';

const PUBLIC_URL = 'https://news.example.org';

let app: TestApp;
let editor: Client;
let shade = 0;

beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL });
  editor = await app.as('editor');
});
afterAll(() => app.close());

/** Blue on the left, red on the right. */
async function twoColours(): Promise<Buffer> {
  shade += 1;
  const half = { width: 400, height: 400, channels: 3 } as const;
  const right = await sharp({ create: { ...half, background: { r: 255, g: shade, b: 0 } } })
    .png()
    .toBuffer();
  return sharp({ create: { ...half, width: 800, background: '#0000ff' } })
    .composite([{ input: right, left: 400, top: 0 }])
    .png()
    .toBuffer();
}

const upload = async () => editor.editorial.media.create({ body: {}, file: fileOf(await twoColours()) });
const change = (id: string, ifMatch: number, body: object) =>
  editor.editorial.media.change({ params: { id }, ifMatch, body });
const makeAll = async () => {
  while (await app.services.makeRenditions());
};
const bytesOf = async ({ url }: Rendition) =>
  Buffer.from(await (await fetch(url.replace(PUBLIC_URL, app.url))).arrayBuffer());
const isRed = async (rendition: Rendition): Promise<boolean> => {
  const [red, , blue] = (await sharp(await bytesOf(rendition)).stats()).channels;
  return (red?.mean ?? 0) > (blue?.mean ?? 0);
};
const addressesOf = (renditions: readonly Rendition[], name: string) =>
  renditions.filter((one) => one.name === name).map(({ url }) => url.replace(/\?.*$/, ''));

const RIGHT = { x: 0.5, y: 0, width: 0.5, height: 1 };

describe('a crop by hand', () => {
  it('is what its renditions show, at new addresses, until the focal point decides again', async () => {
    const { id } = await upload();
    await change(id, 1, { focalPoint: { x: 0, y: 0.5 } });
    await makeAll();
    const { slug } = await published(editor, { hero: { media: id } });
    const squareOf = async () => {
      const { hero } = await app.anonymous.content.articles.read({ params: { slug } });
      const square = hero?.renditions.find(({ name, type }) => name === '1x1-320' && type === 'image/webp');
      return { square: square as Rendition, all: hero?.renditions ?? [] };
    };
    const before = await squareOf();
    expect(await isRed(before.square)).toBe(false);

    expect(await change(id, 2, { crops: { '1x1': RIGHT } })).toMatchObject({ crops: { '1x1': RIGHT } });
    await makeAll();

    const after = await squareOf();
    expect(after.square).toMatchObject({ width: 320, height: 320 });
    expect(await isRed(after.square)).toBe(true);
    expect(addressesOf(after.all, '1x1-320')).not.toEqual(addressesOf(before.all, '1x1-320'));
    // What shows the same as before has the same address.
    expect(addressesOf(after.all, '16x9-640')).toEqual(addressesOf(before.all, '16x9-640'));
    expect((await fetch(before.square.url.replace(PUBLIC_URL, app.url))).status).toBe(404);

    expect(await change(id, 3, { crops: { '1x1': null } })).toMatchObject({ crops: {} });
    await makeAll();
    expect(await isRed((await squareOf()).square)).toBe(false);
  });

  it('changes by proportion, the others stay', async () => {
    const { id } = await upload();
    const wide = { x: 0, y: 0, width: 1, height: 0.75 };
    const tall = { x: 0, y: 0, width: 2 / 3, height: 1 };

    await change(id, 1, { crops: { '1x1': RIGHT } });
    await expect(change(id, 2, { crops: { '16x9': wide } })).rejects.toMatchObject({ status: 422 });
    const { crops } = await change(id, 2, { crops: { '4x3': tall } });

    expect(crops).toEqual({ '1x1': RIGHT, '4x3': tall });
  });

  it.each([
    ['reaches beyond the right edge', { '1x1': { ...RIGHT, x: 0.6 } }, '/crops/1x1'],
    ['reaches beyond the lower edge', { '1x1': { ...RIGHT, y: 0.1 } }, '/crops/1x1'],
    ['begins outside', { '1x1': { ...RIGHT, x: -0.1 } }, '/crops/1x1/x'],
    ['is a speck', { '1x1': { ...RIGHT, width: 0 } }, '/crops/1x1/width'],
    ['is not a square', { '1x1': { x: 0, y: 0, width: 1, height: 1 } }, '/crops/1x1'],
    ['is of no proportion that is made', { '21x9': RIGHT }, '/crops'],
  ])('is refused when it %s', async (_what, crops, pointer) => {
    const { id } = await upload();

    await expect(change(id, 1, { crops })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: expect.stringContaining(pointer) }] },
    });
    expect(await editor.editorial.media.read({ params: { id } })).toMatchObject({ version: 1, crops: {} });
  });

  it.each([
    [{ x: 0, y: 0, width: 1, height: 1 }, 'not 1 to 1. With this height its "width" is 0.5.'],
    [{ x: 0, y: 0, width: 0.4, height: 0.5 }, 'not 1 to 1. With this width its "height" is 0.8.'],
  ])('of another proportion is told which would fit', async (crop, words) => {
    const { id } = await upload();

    await expect(change(id, 1, { crops: { '1x1': crop } })).rejects.toMatchObject({
      problem: { errors: [{ code: 'wrong_proportion', message: expect.stringContaining(words) }] },
    });
  });

  it('of a file that is replaced is forgotten: it would show another part', async () => {
    const { id } = await upload();
    await change(id, 1, { crops: { '1x1': RIGHT } });

    const replaced = await editor.editorial.media.replaceFile({
      ...{ params: { id }, ifMatch: 2, body: {} },
      ...{ file: fileOf(await twoColours()), fileName: 'other.png' },
    });

    expect(replaced.crops).toEqual({});
  });

  it.each([
    [
      { x: 0, y: 0, width: 1, height: 1 },
      { left: 0, top: 0, width: 3, height: 2 },
    ],
    [
      { x: 1, y: 1, width: 0.01, height: 0.01 },
      { left: 2, top: 1, width: 1, height: 1 },
    ],
    [
      { x: 0.5, y: 0.5, width: 0.5, height: 0.5 },
      { left: 2, top: 1, width: 1, height: 1 },
    ],
  ])('%j of three by two pixels is %j', (crop, region) => {
    expect(regionOf({ width: 3, height: 2 }, crop)).toEqual(region);
  });
});
