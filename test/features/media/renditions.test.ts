import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ExifReader from 'exifreader';
import sharp from 'sharp';
import type { Client } from '../../../src/client/index.ts';
import type { Rendition } from '../../../src/features/media/media.contract.ts';
import { cropAround, firstPlans, plansFor } from '../../../src/features/media/rendition-plan.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { published } from '../../support/factories.ts';
import { exif, PROPERTIES, WORDS, xmp } from '../../support/photos.ts';
import { fileOf, scene, storedFiles } from '../../support/pictures.ts';
import { eventsOf } from '../../support/records.ts';

const PUBLIC_URL = 'https://news.example.org';

let app: TestApp;
let editor: Client;

beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL });
  editor = await app.as('editor');
});
afterAll(() => app.close());

const photo = () =>
  scene({ width: 360, height: 300 }).withExif(exif).withXmp(xmp(PROPERTIES)).jpeg().toBuffer();

const upload = async () => editor.editorial.media.create({ body: {}, file: fileOf(await photo()) });
const read = (id: string) => editor.editorial.media.read({ params: { id } });

async function makeAll(): Promise<void> {
  while (await app.services.makeRenditions());
}

const bytesOf = async ({ url }: Rendition): Promise<Buffer> =>
  Buffer.from(await (await fetch(url.replace(PUBLIC_URL, app.url))).arrayBuffer());

const keyOf = ({ url }: Rendition): string => /[0-9a-f]{48}\.\w+/.exec(url)?.[0] ?? '';
const named = (renditions: readonly Rendition[], name: string) =>
  renditions.filter((one) => one.name === name).map(keyOf);

describe('the renditions of a picture', () => {
  it('are the first at once, all of them soon, in the picture’s proportions and cropped', async () => {
    const { id, renditions: first } = await upload();
    await makeAll();
    const { renditions, version } = await read(id);

    expect(first.map(({ name, width, type }) => [name, width, type])).toEqual([['w640', 360, 'image/webp']]);
    const sizes = [
      ['w640', 360, 300],
      ['w320', 320, 267],
      ['16x9-640', 360, 203],
      ['4x3-640', 360, 270],
      ['1x1-320', 300, 300],
    ];
    const of = (type: string) =>
      renditions.filter((one) => one.type === type).map(({ name, width, height }) => [name, width, height]);
    expect(of('image/webp')).toEqual(sizes);
    expect(of('image/jpeg')).toEqual(sizes);
    expect(of('image/avif')).toEqual(sizes.slice(0, 2));
    expect(named(renditions, 'w640')[0]).toBe(first.map(keyOf)[0]);
    // Made without an editor: nobody's copy is stale by it.
    expect(version).toBe(1);
    expect(await eventsOf(app, 'media', `${id}:avif`)).toHaveLength(1);
  });

  it('S73 carry credit, copyright and source type, as a second reader sees, and nothing of camera and place', async () => {
    const { id } = await upload();
    await makeAll();
    const { renditions } = await read(id);

    for (const rendition of renditions) {
      const bytes = await bytesOf(rendition);
      const { xmp: told, gps, exif: camera } = ExifReader.load(bytes, { expanded: true });
      expect([rendition.name, rendition.type, told?.Credit?.description]).toEqual([
        rendition.name,
        rendition.type,
        WORDS.irish,
      ]);
      expect(told?.rights?.description).toBe(`© 2026 ${WORDS.swedish}`);
      expect(told?.DigitalSourceType?.description).toMatch(/digitalCapture$/);
      expect([gps, camera?.Artist, camera?.Make]).toEqual([undefined, undefined, undefined]);
      expect(bytes.includes('SN-8842-1190')).toBe(false);
      const { width, height, iptc } = await sharp(bytes).metadata();
      expect({ width, height, iptc }).toEqual({ width: rendition.width, height: rendition.height });
    }
  });

  it('are made anew where the focal point moves, at new addresses; the old ones lead nowhere', async () => {
    const { id } = await upload();
    await makeAll();
    const { renditions: before } = await read(id);

    const body = { focalPoint: { x: 0, y: 0 } };
    await editor.editorial.media.change({ params: { id }, ifMatch: 1, body });
    await makeAll();
    const { renditions: after, focalPoint } = await read(id);

    expect(focalPoint).toEqual({ x: 0, y: 0 });
    expect(named(after, 'w640')).toEqual(named(before, 'w640'));
    for (const name of ['16x9-640', '1x1-320'])
      expect(named(after, name).filter((key) => named(before, name).includes(key))).toEqual([]);
    const old = before.find(({ name }) => name === '1x1-320');
    expect((await fetch(old?.url.replace(PUBLIC_URL, app.url) ?? '')).status).toBe(404);
  });

  it('carry the credit as it was corrected, escaped', async () => {
    const { id } = await upload();
    const credit = 'خالد & Söner <b>"AP"</b>';
    await editor.editorial.media.change({ params: { id }, ifMatch: 1, body: { credit } });
    await makeAll();

    const { renditions } = await read(id);
    const { xmp: told } = ExifReader.load(await bytesOf(renditions[0] as Rendition), { expanded: true });
    expect(told?.Credit?.description).toBe(credit);
  });

  it('are not made for a picture that changed meanwhile, and are all there in the end', async () => {
    const { id } = await upload();
    const working = app.services.makeRenditions();
    await editor.editorial.media.change({ params: { id }, ifMatch: 1, body: { credit: 'Newer' } });
    await working;
    await makeAll();

    const { renditions } = await read(id);
    const { xmp: told } = ExifReader.load(await bytesOf(renditions[0] as Rendition), { expanded: true });
    expect([renditions.length, told?.Credit?.description]).toEqual([12, 'Newer']);
  });

  it('go when the picture goes', async () => {
    const before = await storedFiles(app);
    const { id } = await upload();
    await makeAll();
    await editor.editorial.media.remove({ params: { id }, ifMatch: 1 });

    expect(await storedFiles(app)).toEqual(before);
  });

  it('are delivered with the story, with a colour and a placeholder', async () => {
    const { id, dominantColor, placeholder } = await upload();
    const { slug } = await published(editor, { hero: { media: id } });
    await makeAll();

    const { hero } = await app.anonymous.content.articles.read({ params: { slug } });

    expect(hero).toMatchObject({ dominantColor, placeholder });
    expect(hero?.renditions).toHaveLength(12);
    const avif = hero?.renditions.find(({ type }) => type === 'image/avif') as Rendition;
    const answer = await fetch(avif.url.replace(PUBLIC_URL, app.url));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/avif']);
    await answer.arrayBuffer();
  });
});

describe('what is planned', () => {
  it('is never larger than the picture', () => {
    expect(firstPlans({ width: 4000, height: 3000 }).map(({ name }) => name)).toEqual(['w2048', 'w640']);
    expect(firstPlans({ width: 40, height: 30 }).map(({ name }) => name)).toEqual(['w320']);
    expect(plansFor({ width: 4000, height: 3000 }, { x: 0.5, y: 0.5 }).still).toHaveLength(22);
  });

  it.each([
    [{ x: 0.5, y: 0.5 }, 1, { left: 50, top: 0, width: 100, height: 100 }],
    [{ x: 0, y: 0 }, 1, { left: 0, top: 0, width: 100, height: 100 }],
    [{ x: 1, y: 1 }, 1, { left: 100, top: 0, width: 100, height: 100 }],
    [{ x: 0.5, y: 0.9 }, 4, { left: 0, top: 50, width: 200, height: 50 }],
  ])('crops around %j in the proportion %d', (focalPoint, ratio, region) => {
    expect(cropAround({ width: 200, height: 100 }, focalPoint, ratio)).toEqual(region);
  });
});
