import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { DirectUpload } from '../../../src/features/media/direct-uploads.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { picture, storedFiles, waitingFiles } from '../../support/pictures.ts';
import { auditOf, until } from '../../support/records.ts';
import { startS3, type TestStore } from '../../support/s3.ts';

let store: TestStore;
let app: TestApp;
let author: Client;

beforeAll(async () => {
  store = await startS3();
  app = await createTestApp({ ...store.env, UPLOAD_MAX_MB: '1' });
  author = await app.as('author');
});
afterAll(async () => {
  await app.close();
  await store.close();
});

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');
const incoming = async () => (await store.keys()).filter((key) => key.includes('/incoming/'));
const rows = () => app.db.collection('directUploads');

const begin = (bytes: Buffer, more: object = {}, by = author): Promise<DirectUpload> =>
  by.editorial.directUploads.begin({ body: { bytes: bytes.length, sha256: hashOf(bytes), ...more } });

const send = ({ url, method, headers }: DirectUpload, bytes: Buffer) =>
  fetch(url, {
    method,
    headers: { ...headers, 'Content-Length': String(bytes.length) },
    body: new Uint8Array(bytes),
  });

const complete = ({ id }: Pick<DirectUpload, 'id'>, by = author) =>
  by.editorial.directUploads.complete({ params: { id } });

/** Begun, and sent to the store. */
async function sent(bytes: Buffer, more: object = {}): Promise<DirectUpload> {
  const upload = await begin(bytes, more);
  expect((await send(upload, bytes)).status).toBe(200);
  return upload;
}

describe('an upload that goes to the store itself', () => {
  it('becomes a picture like any other, once: whoever asks again gets the same', async () => {
    const bytes = await picture('jpeg', { width: 300 });
    const said = { fileName: '../Caisleán.jpg', declaredType: 'image/jpeg', alt: 'The quay', credit: 'Siún' };
    const upload = await sent(bytes, said);
    const [waiting] = await incoming();

    const item = await complete(upload);

    expect(waiting).toBe(`copydesk/media/incoming/${upload.id.slice(0, 2)}/${upload.id}`);
    expect(item).toMatchObject({ type: 'image/jpeg', bytes: bytes.length, alt: 'The quay', credit: 'Siún' });
    expect(item.fileName).toBe('.. Caisleán.jpg');
    expect((await complete(upload)).id).toBe(item.id);
    expect((await complete(await sent(bytes))).id).toBe(item.id);
    expect(await auditOf(app, 'media', item.id)).toMatchObject([{ action: 'media.create' }]);
    expect([await incoming(), await waitingFiles(app), await storedFiles(app)]).toEqual([[], [], []]);
  });

  it('has an address for these bytes under this name, for a quarter of an hour', async () => {
    const bytes = await picture();
    const { url, headers } = await begin(bytes);
    const { searchParams, pathname } = new URL(url);

    expect(pathname).toMatch(/\/copydesk\/media\/incoming\/[0-9a-f]{2}\/[0-9a-f]{48}$/);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'content-length;host;x-amz-checksum-sha256',
    });
    expect(headers).toEqual({
      'Content-Length': String(bytes.length),
      'x-amz-checksum-sha256': hashOf(bytes),
    });
  });

  it('S41 is for those who may upload, and completed by whoever began it', async () => {
    const upload = await sent(await picture());
    const forbidden = { status: 403, code: 'forbidden' };

    await expect(begin(Buffer.from('x'), {}, await app.as('moderator'))).rejects.toMatchObject(forbidden);
    await expect(begin(Buffer.from('x'), {}, app.anonymous)).rejects.toMatchObject({ status: 401 });
    await expect(complete(upload, await app.as('moderator'))).rejects.toMatchObject(forbidden);
    await expect(complete(upload, await app.as('author', 'bea'))).rejects.toMatchObject({ status: 404 });
    await expect(complete(upload, await app.as('editor'))).rejects.toMatchObject({ status: 404 });
    await expect(complete({ id: 'f'.repeat(48) })).rejects.toMatchObject({ status: 404 });
    await expect(complete({ id: 'none' })).rejects.toMatchObject({ status: 404 });
    await expect(complete(upload)).resolves.toMatchObject({ type: 'image/jpeg' });
  });

  it.each<[string, number, object]>([
    ['no bytes', 422, { bytes: 0 }],
    ['more than is taken', 413, { bytes: 1_048_577 }],
    ['a hash that is none', 422, { sha256: 'abc' }],
    ['an unknown word', 422, { owner: 'me' }],
    ['a text that is too long', 422, { alt: 'x'.repeat(6_000) }],
  ])('does not begin with %s', async (_what, status, body) => {
    const before = await rows().countDocuments();

    await expect(begin(Buffer.from('x'), body)).rejects.toMatchObject({ status });
    expect(await rows().countDocuments()).toBe(before);
  });

  it('of which nothing has come waits', async () => {
    const bytes = await picture();
    const upload = await begin(bytes);

    await expect(complete(upload)).rejects.toMatchObject({ status: 409, code: 'conflict' });
    await send(upload, bytes);
    await expect(complete(upload)).resolves.toMatchObject({ bytes: bytes.length });
  });

  it('S67 S72 is judged by its bytes: what is no sound picture, or not what was announced, is gone', async () => {
    const photo = await picture('jpeg', { width: 310 });
    const kept = await store.keys();
    const media = await app.db.collection('media').countDocuments();
    const cut = photo.subarray(0, photo.length / 2);
    const html = Buffer.from('<!doctype html><script>alert(1)</script>');
    const other = Buffer.concat([photo.subarray(0, -1), Buffer.from('x')]);
    const cases: [announced: Buffer, came: Buffer, name: string, status: number][] = [
      [html, html, 'photo.jpg', 415],
      [photo, photo, 'photo.png', 415],
      [cut, cut, 'photo.jpg', 422],
      [photo, other, 'photo.jpg', 422],
      [photo, cut, 'photo.jpg', 422],
    ];
    for (const [announced, came, fileName, status] of cases) {
      const upload = await begin(announced, { fileName });
      // The store of the tests does not look at what is signed; whatever came, it is held against what was announced.
      await store.client.putObject({ Bucket: store.bucket, Key: keyOf(upload), Body: came });

      await expect(complete(upload)).rejects.toMatchObject({ status });
      await expect(complete(upload)).rejects.toMatchObject({ status: 404 });
    }
    expect([await store.keys(), await app.db.collection('media').countDocuments()]).toEqual([kept, media]);
    expect(await waitingFiles(app)).toEqual([]);
  });

  it('R26 that is given up is swept, and one that may still be completed is not', async () => {
    const upload = await sent(await picture('jpeg', { width: 320 }));
    await app.services.sweepMedia(0);
    expect(await incoming()).toHaveLength(1);

    await rows().updateOne({ _id: upload.id as never }, { $set: { expiresAt: new Date(0) } });
    await expect(complete(upload)).rejects.toMatchObject({ status: 404 });
    await until(async () => (await app.services.sweepMedia(0)).removed > 0);

    expect(await incoming()).toEqual([]);
  });

  it('is no more than fifty at a time of one person', async () => {
    const cleo = await app.as('author', 'cleo');
    for (let count = 0; count < 50; count += 1) await begin(Buffer.from(`${count}`), {}, cleo);

    await expect(begin(Buffer.from('one more'), {}, cleo)).rejects.toMatchObject({ status: 409 });
  });
});

const keyOf = ({ id }: DirectUpload): string => `copydesk/media/incoming/${id.slice(0, 2)}/${id}`;

describe('where pictures are kept on the server', () => {
  it('there is no such address, and the other ways are named', async () => {
    const local = await createTestApp();

    await expect(begin(Buffer.from('x'), {}, await local.as('author'))).rejects.toMatchObject({
      ...{ status: 409, code: 'conflict' },
      message: expect.stringMatching(/POST \/media\).*POST \/media\/uploads/),
    });
    await local.close();
  });
});
