import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { rangeOf } from '../../../src/features/media/byte-range.ts';
import type { Media } from '../../../src/features/media/media.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { published } from '../../support/factories.ts';
import { document, film, POSITION, sound, telemetry } from '../../support/films.ts';
import { fileOf, storedFiles, waitingFiles } from '../../support/pictures.ts';

let app: TestApp;
let editor: Client;

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
});
afterAll(() => app.close());

const upload = (bytes: Buffer, fileName: string, type = ''): Promise<Media> =>
  editor.editorial.media.create({ body: { caption: 'The quay' }, file: fileOf(bytes, type), fileName });

const fileUrl = ({ renditions }: Media): string =>
  (renditions[0]?.url ?? '').replace('http://localhost:3000', app.url);

/** As a reader gets it, of a story that shows it. */
async function readersUrl(item: Media): Promise<string> {
  const video = { type: 'video' as const, attrs: { media: item.id, caption: 'The quay' } };
  await published(editor, { body: { type: 'doc', content: [video as never] } });
  return fileUrl(item).replace(/\?.*$/, '');
}

describe('a film, a sound and a document', () => {
  it.each([
    ['quay.mp4', 'video/mp4', () => film()],
    ['quay.mp3', 'audio/mpeg', () => sound('Maeve')],
    ['minutes.pdf', 'application/pdf', () => document()],
  ])('%s is taken by its bytes, kept as it came, and given out as a file', async (name, type, make) => {
    const bytes = make();
    const item = await upload(bytes, name, type);
    const [original] = (await storedFiles(app)).filter((path) => path.includes('/originals/'));

    expect(item).toMatchObject({
      type,
      fileName: name,
      bytes: bytes.length,
      caption: 'The quay',
      width: 0,
      height: 0,
    });
    expect(item.renditions).toMatchObject([{ name: 'file', type }]);
    expect((await readFile(original ?? '')).equals(bytes)).toBe(true);
    expect(await app.services.makeRenditions()).toBe(false);
    const changed = await editor.editorial.media.change({
      ...{ params: { id: item.id }, ifMatch: item.version },
      body: { credit: 'RTÉ', focalPoint: { x: 0, y: 0 } },
    });
    expect(await app.services.makeRenditions()).toBe(false);
    expect(changed.renditions).toHaveLength(1);
    await editor.editorial.media.remove({ params: { id: item.id }, ifMatch: changed.version });
    expect([await storedFiles(app), await waitingFiles(app)]).toEqual([[], []]);
  });

  it('is replaced by its like only', async () => {
    const item = await upload(film([], 'replaced'), 'r.mp4');
    const replace = (bytes: Buffer, fileName: string) =>
      editor.editorial.media.replaceFile({
        ...{ params: { id: item.id }, ifMatch: item.version, body: {} as never },
        ...{ file: fileOf(bytes), fileName },
      });

    await expect(replace(document('other'), 'r.pdf')).rejects.toMatchObject({
      ...{ status: 422, problem: { errors: [{ pointer: '/file', code: 'kind' }] } },
    });
    await expect(replace(film([], 'replacing'), 'r.mp4')).resolves.toMatchObject({
      version: 2,
      type: 'video/mp4',
    });
    expect(await app.services.makeRenditions()).toBe(false);
  });

  it('S68 is sent with its own type, to be saved, with nothing in it allowed to run', async () => {
    const item = await upload(film([], 'headers'), 'a.mp4');
    const url = await readersUrl(item);

    const { status, headers } = await fetch(url);

    expect([status, Object.fromEntries(headers)]).toMatchObject([
      200,
      {
        'content-type': 'video/mp4',
        'content-disposition': expect.stringMatching(/^attachment; filename="[0-9a-f]{12}\.mp4"$/),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'accept-ranges': 'bytes',
        'cache-control': 'public, max-age=31536000, immutable',
      },
    ]);
  });

  it('is sent in part, of the version that the reader has', async () => {
    const url = await readersUrl(await upload(film([], 'the quick brown fox'), 'b.mp4'));
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
    const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag') ?? '';
    const ask = async (headers: Record<string, string>) => {
      const answer = await fetch(url, { headers });
      const bytes = Buffer.from(await answer.arrayBuffer());
      return [answer.status, answer.headers.get('content-range'), bytes.toString('latin1')];
    };
    const size = whole.length;

    expect(await ask({ Range: 'bytes=4-7' })).toEqual([206, `bytes 4-7/${size}`, 'ftyp']);
    expect(await ask({ Range: 'bytes=-3' })).toEqual([206, `bytes ${size - 3}-${size - 1}/${size}`, 'fox']);
    expect(await ask({ Range: `bytes=${size - 3}-`, 'If-Range': etag })).toEqual([
      206,
      `bytes ${size - 3}-${size - 1}/${size}`,
      'fox',
    ]);
    expect((await ask({ Range: 'bytes=4-7', 'If-Range': '"other"' }))[0]).toBe(200);
    expect((await ask({ Range: 'bytes=0-1,4-7' }))[0]).toBe(200);
    expect(await ask({ Range: `bytes=${size}-` })).toEqual([416, `bytes */${size}`, '']);
    expect((await fetch(url, { headers: { Range: 'bytes=4-7', 'If-None-Match': etag } })).status).toBe(304);
  });
});

describe('S73 what a recorder wrote into it', () => {
  it('is not in the film that readers get, which is no byte longer or shorter', async () => {
    const bytes = film([], 'S73');
    expect(bytes.includes(POSITION)).toBe(true);

    const served = Buffer.from(await (await fetch(fileUrl(await upload(bytes, 'c.mp4')))).arrayBuffer());

    expect([served.length, served.includes(POSITION), served.includes('S73')]).toEqual([
      bytes.length,
      false,
      true,
    ]);
    expect(served.includes('vide')).toBe(true);
  });

  it('is not in the sound that readers get', async () => {
    const served = Buffer.from(
      await (await fetch(fileUrl(await upload(sound('Safe house'), 'a.mp3')))).arrayBuffer(),
    );

    expect([served.length, served.includes('Safe house')]).toEqual([20 * 417, false]);
  });

  it('refuses a film with its position in every second', async () => {
    await expect(upload(film([telemetry()]), 'd.mp4')).rejects.toMatchObject({
      ...{ status: 422, code: 'invalid_input' },
      problem: { errors: [{ pointer: '/file', code: 'telemetry' }] },
    });
  });
});

describe('the part that is asked for', () => {
  it.each([
    ['bytes=0-', { start: 0, end: 99 }],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=90-200', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-200', { start: 0, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', null],
    ['bytes=-', null],
    ['bytes=a-b', null],
    ['lines=1-2', null],
    ['bytes=0-1,5-6', null],
    [undefined, null],
  ])('by %s of 100 is %j', (header, part) => {
    expect(rangeOf(header, 100)).toEqual(part);
  });
});
