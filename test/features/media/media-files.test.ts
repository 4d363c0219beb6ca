import { readdir, readFile, readlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';
import {
  fileOf,
  picture,
  SECRETS,
  scene,
  storedFiles,
  tracedPhoto,
  uploaded,
} from '../../support/pictures.ts';
import { until } from '../../support/records.ts';

const PUBLIC_URL = 'https://news.example.org';

let app: TestApp;
let editor: Client;

beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL });
  editor = await app.as('editor');
});
afterAll(() => app.close());

/** Fetches an address that was given out from the server of this test. */
const get = (url: string, init: RequestInit = {}) => fetch(url.replace(PUBLIC_URL, app.url), init);

const signedUrl = async (id: string): Promise<string> => {
  const { renditions } = await editor.editorial.media.read({ params: { id } });
  return renditions[0]?.url ?? '';
};

const publicUrl = async (id: string): Promise<string> => (await signedUrl(id)).replace(/\?.*$/, '');

describe('the address of a rendition', () => {
  it('gives nothing to readers while no published story uses the picture', async () => {
    const { id } = await uploaded(editor);
    await draft(editor, { hero: { media: id } });

    const answer = await get(await publicUrl(id));

    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_found' }]);
  });

  it('gives the bytes from publishing to unpublishing, and is what the story is delivered with', async () => {
    const { id } = await uploaded(editor);
    const story = await published(editor, { hero: { media: id } });
    const { hero } = await app.anonymous.content.articles.read({ params: { slug: story.slug } });
    const url = hero?.renditions[0]?.url ?? '';

    const whilePublished = await get(url);
    await editor.editorial.articles.unpublish({ params: { id: story.id }, ifMatch: story.version });
    const after = await get(url);

    expect(url).toBe(await publicUrl(id));
    expect([whilePublished.status, after.status]).toEqual([200, 404]);
    const bytes = Buffer.from(await whilePublished.arrayBuffer());
    expect(await fileTypeFromBuffer(bytes)).toMatchObject({ mime: 'image/webp' });
  });

  it('gives nothing while the story that uses it is under embargo', async () => {
    const { id } = await uploaded(editor);
    const { insertedId } = await app.db.collection('published').insertOne({
      slug: 'under-embargo',
      media: [
        (await app.db.collection('media').findOne({ 'renditions.key': keyOf(await publicUrl(id)) }))?._id,
      ],
      embargoUntil: new Date(Date.now() + 3_600_000),
    });

    const before = await get(await publicUrl(id));
    await app.db
      .collection('published')
      .updateOne({ _id: insertedId }, { $set: { embargoUntil: new Date(0) } });
    const after = await get(await publicUrl(id));
    await app.db.collection('published').deleteOne({ _id: insertedId });

    expect([before.status, after.status]).toEqual([404, 200]);
    await Promise.all([before.arrayBuffer(), after.arrayBuffer()]);
  });

  it.each([
    `${'0'.repeat(48)}.webp`,
    `${'0'.repeat(48)}.jpg`,
    '..%2f..%2fsecrets%2fjwt-secret',
    'x.webp',
    '%00',
  ])('leads nowhere: %s', async (file) => {
    const answer = await get(`${PUBLIC_URL}/content/v1/media/${file}`);

    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });
});

const keyOf = (url: string): string => /([0-9a-f]{48})\.webp/.exec(url)?.[1] ?? '';

describe('S68 a delivered picture', () => {
  let url: string;
  let id: string;
  beforeAll(async () => {
    ({ id } = await uploaded(editor));
    await published(editor, { hero: { media: id } });
    url = await publicUrl(id);
  });

  it('can do nothing but be looked at, and is kept until it is purged', async () => {
    const answer = await get(url);

    const bytes = await answer.arrayBuffer();
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String(bytes.byteLength),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
      'surrogate-key': `media-${id} file-${id}`,
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      etag: expect.stringMatching(/^"[^"]+"$/),
      'last-modified': expect.stringMatching(/ GMT$/),
    });
  });

  it('is not sent again to whom has it', async () => {
    const first = await get(url);
    await first.arrayBuffer();
    const etag = first.headers.get('etag') ?? '';

    const again = await get(url, { headers: { 'If-None-Match': `"other", ${etag}` } });
    const since = await get(url, {
      headers: { 'If-Modified-Since': first.headers.get('last-modified') ?? '' },
    });
    const other = await get(url, { headers: { 'If-None-Match': '"other"' } });

    expect([again.status, since.status, other.status]).toEqual([304, 304, 200]);
    expect([await again.text(), again.headers.get('etag')]).toEqual(['', etag]);
    await other.arrayBuffer();
  });

  it('can be asked about', async () => {
    const whole = await get(url);
    const { byteLength } = await whole.arrayBuffer();

    const answer = await get(url, { method: 'HEAD' });

    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(byteLength)]);
    expect(await answer.text()).toBe('');
  });

  it('takes no other method', async () => {
    const answer = await get(url, { method: 'DELETE' });

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    await answer.text();
  });

  it('leaves no file open when the reader goes away', async () => {
    const { id: large } = await uploaded(editor, await picture('jpeg', { width: 1200, height: 1200 }));
    const address = await signedUrl(large);
    const stop = new AbortController();

    const answers = await Promise.all(Array.from({ length: 8 }, () => get(address, { signal: stop.signal })));
    stop.abort();

    await Promise.allSettled(answers.map((answer) => answer.arrayBuffer()));
    await until(async () => (await openPictures()) === 0);
  });
});

async function openPictures(): Promise<number> {
  const links = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(links.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((path) => path.startsWith(app.config.dataDir)).length;
}

/**
 * The chunks of a WebP (RFC 9649, section 2.3), metadata's among them. Short marks such as `GPS` can't be
 * looked for in the bytes: a compressed picture of 100 kB holds any three letters once in a hundred tries.
 */
function chunksOf(webp: Buffer): string[] {
  const chunks: string[] = [];
  for (let at = 12; at < webp.length; ) {
    chunks.push(webp.toString('latin1', at, at + 4));
    const size = webp.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return chunks;
}

describe('S73 what a photo says of its photographer', () => {
  it('is in no file that is served, and in the original still', async () => {
    const photo = await tracedPhoto();
    const before = await storedFiles(app);
    const { id } = await uploaded(editor, photo);

    const answer = await get(await signedUrl(id));
    const served = Buffer.from(await answer.arrayBuffer());

    const sent = await sharp(photo).metadata();
    expect([
      sent.orientation,
      sent.exif !== undefined,
      sent.xmp !== undefined,
      sent.icc !== undefined,
    ]).toEqual([6, true, true, true]);
    for (const secret of [SECRETS.serial, SECRETS.place]) expect(photo.includes(secret)).toBe(true);
    const { exif, xmp, iptc, icc, orientation } = await sharp(served).metadata();
    expect({ exif, xmp, iptc, icc, orientation }).toEqual({});
    for (const secret of Object.values(SECRETS)) expect(served.includes(secret)).toBe(false);
    expect(chunksOf(served)).toEqual(['VP8 ']);
    const added = (await storedFiles(app)).filter((path) => !before.includes(path));
    const originals = added.filter((path) => path.includes('/originals/'));
    expect(await Promise.all(originals.map(async (path) => (await readFile(path)).equals(photo)))).toEqual([
      true,
    ]);
  });

  it('is held upright by its pixels', async () => {
    const { id } = await uploaded(editor, await tracedPhoto());

    const answer = await get(await signedUrl(id));

    expect(await editor.editorial.media.read({ params: { id } })).toMatchObject({ width: 400, height: 600 });
    expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({
      width: 400,
      height: 600,
    });
  });

  it('keeps what can be seen through', async () => {
    const bytes = await scene().ensureAlpha(0.5).png().toBuffer();
    const { id } = await editor.editorial.media.create({ body: {}, file: fileOf(bytes) });

    const answer = await get(await signedUrl(id));

    expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({ hasAlpha: true });
  });
});

describe('S74 the parameters of an address', () => {
  it.each([
    'width=5000',
    'w=1&h=1',
    'format=png',
    'expires=soon&signature=x',
    `signature=${'x'.repeat(101)}`,
  ])('are no orders for another picture: %s', async (query) => {
    const { id } = await uploaded(editor);
    const before = await storedFiles(app);

    const answer = await get(`${await publicUrl(id)}?${query}`);

    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'invalid_input' }]);
    expect(await storedFiles(app)).toEqual(before);
  });
});

describe('a signed address', () => {
  it('shows staff what is not public, and nobody keeps it', async () => {
    const { id } = await uploaded(editor);

    const url = await signedUrl(id);
    const answer = await get(url);

    expect(url).toMatch(
      /^https:\/\/news\.example\.org\/content\/v1\/media\/[0-9a-f]{48}\.webp\?expires=\d+&signature=/,
    );
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    expect([answer.headers.get('etag'), answer.headers.get('surrogate-key')]).toEqual([null, null]);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
  });

  it('is good for at most 10 minutes', async () => {
    const { id } = await uploaded(editor);
    const url = new URL(await signedUrl(id));
    const seconds = Number(url.searchParams.get('expires')) - app.clock.now().getTime() / 1000;

    app.clock.advance(601_000);
    const answer = await get(url.href);
    app.clock.advance(-601_000);

    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThanOrEqual(600);
    expect(answer.status).toBe(404);
    await answer.text();
  });

  it('opens nothing when any part of it is changed', async () => {
    const [{ id }, other] = [await uploaded(editor), await uploaded(editor)];
    const url = await signedUrl(id);
    const otherKey = keyOf(await signedUrl(other.id));

    const tampered = [
      url.replace(/expires=(\d+)/, (_all, expires) => `expires=${Number(expires) + 3_600}`),
      url.replace(/signature=./, (start) => (start.endsWith('A') ? 'signature=B' : 'signature=A')),
      url.replace(/signature=.*/, 'signature='),
      url.replace(/&signature=.*/, ''),
      url.replace(/expires=\d+&/, ''),
      url.replace(keyOf(url), otherKey),
    ];
    const answers = await Promise.all(tampered.map((address) => get(address)));

    expect(answers.map(({ status }) => status)).toEqual(tampered.map(() => 404));
    await Promise.all(answers.map((answer) => answer.text()));
  });

  it('of another installation opens nothing', async () => {
    const { id } = await uploaded(editor);
    const elsewhere = await createTestApp({ PUBLIC_URL });
    try {
      const item = await uploaded(await elsewhere.as('editor'));
      const grant = new URL(item.renditions[0]?.url ?? '').search;

      const answer = await get((await publicUrl(id)) + grant);

      expect(answer.status).toBe(404);
      await answer.text();
    } finally {
      await elsewhere.close();
    }
  });
});
