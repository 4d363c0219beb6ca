import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, type S3Config } from '../../../src/config.ts';
import { freePort } from '../../../src/db/embedded/free-port.ts';
import { createLocalStorage } from '../../../src/features/media/local-storage.ts';
import { createS3Storage } from '../../../src/features/media/s3-storage.ts';
import type { Storage, StoredFile } from '../../../src/features/media/storage.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { published } from '../../support/factories.ts';
import { picture, storedFiles, uploaded, waitingFiles } from '../../support/pictures.ts';
import { until } from '../../support/records.ts';
import { startS3, type TestStore } from '../../support/s3.ts';

let store: TestStore;
let scratch: string;
const storages: Record<string, Storage> = {};

const s3Config = (env: Record<string, string>): S3Config => loadConfig(env).s3 as S3Config;

beforeAll(async () => {
  store = await startS3();
  scratch = await mkdtemp(join(tmpdir(), 'copydesk-storage-'));
  storages.local = createLocalStorage(join(scratch, 'media'));
  storages.S3 = createS3Storage(s3Config(store.env));
});
afterAll(async () => {
  await store.close();
  await rm(scratch, { recursive: true, force: true });
});

async function fileWith(bytes: Buffer | string): Promise<string> {
  const path = join(scratch, randomBytes(8).toString('hex'));
  await writeFile(path, bytes);
  return path;
}

const bytesOf = async (file: StoredFile | null, range?: { start: number; end: number }): Promise<Buffer> =>
  Buffer.concat((await file?.stream(range).toArray()) ?? []);

const keysIn = async (storage: Storage): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of storage.list()) keys.push(key);
  return keys.sort();
};

describe.each(['local', 'S3'])('the %s storage', (name) => {
  const storage = () => storages[name] as Storage;

  it('gives back what was put in, whole or in part, as long as it is there', async () => {
    const bytes = randomBytes(300_000);
    await storage().put('originals/ab/abc', await fileWith(bytes));

    const file = await storage().read('originals/ab/abc');

    expect(file?.size).toBe(300_000);
    expect((await bytesOf(file)).equals(bytes)).toBe(true);
    expect((await bytesOf(file, { start: 10, end: 19 })).equals(bytes.subarray(10, 20))).toBe(true);
    await storage().remove('originals/ab/abc');
    await storage().remove('originals/ab/abc');
    expect(await storage().read('originals/ab/abc')).toBeNull();
  });

  it('keeps a copy: the file that it came from may change', async () => {
    const path = await fileWith('as it came');
    await storage().put('originals/cd/cde', path);
    await writeFile(path, 'changed');

    expect(String(await bytesOf(await storage().read('originals/cd/cde')))).toBe('as it came');
    await storage().remove('originals/cd/cde');
  });

  it('lists what is there, with its age', async () => {
    await storage().put('originals/aa/1', await fileWith('1'));
    await storage().put('renditions/bb/2.webp', await fileWith('2'));

    expect(await keysIn(storage())).toEqual(['originals/aa/1', 'renditions/bb/2.webp']);
    for await (const { ageMs } of storage().list()) expect(ageMs).toBeLessThan(60_000);
    for (const key of await keysIn(storage())) await storage().remove(key);
  });

  it('keeps nothing of a file that cannot be read', async () => {
    await expect(storage().put('originals/ef/efg', join(scratch, 'not-there'))).rejects.toMatchObject({
      code: 'unavailable',
    });

    expect(await storage().read('originals/ef/efg')).toBeNull();
    expect(await keysIn(storage())).toEqual([]);
  });

  it('says that it can be used', async () => {
    await expect(storage().check()).resolves.toBeUndefined();
  });

  it.each([
    '../secrets/jwt-secret',
    '/etc/passwd',
    'originals/../../x',
    'originals',
    'a/b\0',
    'originals//x',
    'a/.x',
  ])('S69 refuses a key that is none of ours: %j', async (bad) => {
    await expect(storage().read(bad)).rejects.toThrow('not a storage key');
    await expect(storage().remove(bad)).rejects.toThrow('not a storage key');
    await expect(storage().put(bad, 'x')).rejects.toThrow('not a storage key');
  });
});

describe('a newsroom whose pictures are in a store', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createTestApp({ ...store.env, MEDIA_URL: 'https://cdn.example.org' });
  });
  afterAll(() => app.close());

  it('takes them, gives them to readers by the address of its CDN, and removes them', async () => {
    const editor = await app.as('editor');
    const item = await uploaded(editor);
    const story = await published(editor, { hero: { media: item.id } });
    const { hero } = await app.anonymous.content.articles.read({ params: { slug: story.slug } });
    const [rendition] = hero?.renditions ?? [];
    const stored = await store.keys();

    const answer = await fetch((rendition?.url ?? '').replace('https://cdn.example.org', app.url));

    expect(rendition?.url).toMatch(/^https:\/\/cdn\.example\.org\/content\/v1\/media\//);
    expect(item.renditions[0]?.url).toMatch(/^http:\/\/localhost:3000\//);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, rendition?.type]);
    expect((await answer.arrayBuffer()).byteLength).toBe(Number(answer.headers.get('content-length')));
    expect(stored.every((key) => key.startsWith('copydesk/media/'))).toBe(true);
    expect(await storedFiles(app)).toEqual([]);
    await editor.editorial.articles.unpublish({ params: { id: story.id }, ifMatch: story.version });
    await app.db.collection('articles').deleteMany({});
    await editor.editorial.media.remove({ params: { id: item.id }, ifMatch: item.version });
    expect(await store.keys()).toEqual([]);
  });

  it('makes the other renditions from the original in the store', async () => {
    const editor = await app.as('editor');
    const { id, version } = await uploaded(editor, await picture('jpeg', { width: 700, height: 500 }));

    while (await app.services.makeRenditions());

    const { renditions } = await editor.editorial.media.read({ params: { id } });
    expect(renditions.map(({ type }) => type)).toContain('image/avif');
    expect(await store.keys()).toHaveLength(renditions.length + 1);
    await editor.editorial.media.remove({ params: { id }, ifMatch: version });
  });

  it('R26 sweeps what a crash left behind there, and nothing that is not below its prefix', async () => {
    const item = await uploaded(await app.as('editor'));
    const kept = await store.keys();
    await store.putStray(`copydesk/media/originals/aa/${'a'.repeat(48)}`);
    await store.putStray(`copydesk/media/renditions/bb/${'b'.repeat(48)}.webp`);
    await store.putStray(`originals/aa/${'a'.repeat(48)}`);

    // A store tells the age in seconds: one may be old enough a moment before the other.
    let removed = 0;
    await until(async () => {
      removed += (await app.services.sweepMedia(0)).removed;
      return removed === 2;
    });

    expect(await store.keys()).toEqual([...kept, `originals/aa/${'a'.repeat(48)}`].sort());
    expect(item.renditions.length).toBeGreaterThan(0);
    await store.client.deleteObject({ Bucket: store.bucket, Key: `originals/aa/${'a'.repeat(48)}` });
  });

  it('R26 leaves new files alone, whose row may be on its way', async () => {
    await store.putStray(`copydesk/media/originals/cc/${'c'.repeat(48)}`);

    expect(await app.services.sweepMedia(5 * 60_000)).toEqual({ removed: 0, suspicious: 0 });
  });
});

/** An address at which nobody listens. */
const nobodyAt = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;

describe('R11 a store that is in trouble', () => {
  it('that is away stops pictures only: 503, nothing kept, and the health says so', async () => {
    const app = await createTestApp({ ...store.env, S3_ENDPOINT: await nobodyAt() });
    const author = await app.as('author');

    await expect(uploaded(author)).rejects.toMatchObject({ status: 503, code: 'unavailable' });
    await expect(
      author.editorial.articles.create({ body: { headline: 'Still here' } }),
    ).resolves.toBeDefined();

    expect([await waitingFiles(app), await app.db.collection('media').countDocuments()]).toEqual([[], 0]);
    expect(await (await fetch(`${app.url}/readyz`)).json()).toEqual({ status: 'ready', without: ['media'] });
    await app.close();
  });

  it('that is away uses up no try of a picture: its renditions are made when it is back', async () => {
    const app = await createTestApp(store.env);
    const cut = await createTestApp({ ...store.env, S3_ENDPOINT: await nobodyAt() }, { beside: app });
    const editor = await app.as('editor');
    const { id, version } = await uploaded(editor, await picture('jpeg', { width: 240, height: 160 }));
    const due = () => app.db.collection('media').updateMany({}, { $set: { renditionsDue: new Date(0) } });

    for (let time = 0; time < 6; time += 1) {
      await expect(cut.services.makeRenditions()).rejects.toMatchObject({ code: 'unavailable' });
      await due();
    }
    while (await app.services.makeRenditions());

    const { renditions } = await editor.editorial.media.read({ params: { id } });
    expect(renditions.map(({ type }) => type)).toContain('image/avif');
    await editor.editorial.media.remove({ params: { id }, ifMatch: version });
    await cut.close();
    await app.close();
  });

  it('that knows no such key or bucket is told of without a word of the key', async () => {
    const strange = createS3Storage({ ...s3Config(store.env), bucket: 'no-such-bucket' });
    const secret = 'AKIAIOSFODNN7EXAMPLE';
    const wrong = createS3Storage({ ...s3Config(store.env), accessKey: { id: secret, secret } });
    const errors: unknown[] = [];
    const path = await fileWith('x');

    for (const storage of [strange, wrong])
      for (const work of [() => storage.check(), () => storage.put('originals/aa/1', path)])
        await work().catch((error: unknown) => errors.push(error));

    expect(errors).toHaveLength(4);
    for (const error of errors) {
      const { cause, stack } = error as Error & { cause?: Error };
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(JSON.stringify([stack, cause?.stack, Object.entries(cause ?? {})])).not.toContain(secret);
    }
  });

  it('that breaks off is asked again, with the whole file', async () => {
    let tries = 0;
    const received: number[] = [];
    const moody = createServer((req, res) => {
      tries += 1;
      let size = 0;
      req.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (tries === 1) req.socket.destroy();
      });
      req.on('end', () => {
        received.push(size);
        res.writeHead(tries === 2 ? 503 : 200).end();
      });
    });
    await new Promise<void>((resolve) => moody.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(moody.address() as AddressInfo).port}`;
    const storage = createS3Storage({ ...s3Config(store.env), endpoint });
    const path = await fileWith(randomBytes(200_000));

    await storage.put('originals/aa/1', path);

    expect([tries, received]).toEqual([3, [200_000, (await readFile(path)).length]]);
    moody.closeAllConnections();
    await new Promise((resolve) => moody.close(resolve));
  });
});
