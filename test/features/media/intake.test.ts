import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { picture, storedFiles, waitingFiles } from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let author: Client;
let agency: Server;
let base: string;
let photo: Buffer;

/** What the agency's server answers under a path. */
const shelf = new Map<string, { type?: string; bytes: Buffer | string; status?: number }>();

beforeAll(async () => {
  app = await createTestApp({ OUTBOUND_ALLOW: '127.0.0.1/32', UPLOAD_MAX_MB: '1' });
  author = await app.as('author');
  photo = await picture();
  agency = createServer((req, res) => {
    const { type, bytes, status = 200 } = shelf.get(req.url ?? '') ?? { bytes: 'none', status: 404 };
    res.writeHead(status, type ? { 'content-type': type } : {}).end(bytes);
  });
  await new Promise<void>((resolve) => agency.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(agency.address() as AddressInfo).port}`;
});
afterAll(async () => {
  agency.closeAllConnections();
  await new Promise((resolve) => agency.close(resolve));
  await app.close();
});

const fetchFrom = (path: string, by = author) =>
  by.editorial.intake.fetch({ body: { url: base + path, alt: 'The quay', credit: 'Agency' } });

const problem = (status: number, code: string, at?: string) => ({
  status,
  code,
  ...(at ? { problem: { errors: [{ pointer: '/url', code: at }] } } : {}),
});

describe('a picture from an address', () => {
  it('is taken in as an upload is: by its bytes, with what is said of it, named by its address', async () => {
    shelf.set('/photos/K%C3%A4lla.jpg', { type: 'image/jpeg; charset=x', bytes: photo });

    const item = await fetchFrom('/photos/K%C3%A4lla.jpg');

    expect(item).toMatchObject({
      ...{ version: 1, type: 'image/jpeg', fileName: 'Källa.jpg', bytes: photo.length },
      ...{ alt: 'The quay', credit: 'Agency', width: 200, height: 150 },
    });
    expect(await auditOf(app, 'media', item.id)).toMatchObject([{ action: 'media.create' }]);
    expect(await waitingFiles(app)).toEqual([]);
  });

  it('is to be read where every item of the library is', async () => {
    shelf.set('/where.jpg', { bytes: await picture('jpeg', { width: 201 }) });
    const { token } = await app.person('author');
    const body = JSON.stringify({ url: `${base}/where.jpg` });

    const answer = await send(app, '/editorial/v1/media/import', { method: 'POST', token, body });

    const { id } = (await answer.json()) as { id: string };
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `/editorial/v1/media/${id}`]);
  });

  it('that the library has is the item that is there', async () => {
    shelf.set('/one.jpg', { bytes: await picture() });
    const first = await fetchFrom('/one.jpg');
    const rows = await app.db.collection('media').countDocuments();

    expect((await fetchFrom('/one.jpg')).id).toBe(first.id);
    expect(await app.db.collection('media').countDocuments()).toBe(rows);
  });

  it('S41 is for those who may upload', async () => {
    await expect(fetchFrom('/one.jpg', app.anonymous)).rejects.toMatchObject(problem(401, 'unauthenticated'));
    await expect(fetchFrom('/one.jpg', await app.as('moderator'))).rejects.toMatchObject(
      problem(403, 'forbidden'),
    );
  });
});

describe('S67 S70 S72 what is no picture', () => {
  it('is refused as by an upload, and nothing of it is kept', async () => {
    const kept = await storedFiles(app);
    const rows = await app.db.collection('media').countDocuments();
    shelf.set('/a.svg', { type: 'image/svg+xml', bytes: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
    shelf.set('/page.jpg', { type: 'image/jpeg', bytes: '<!doctype html><p>Sign in' });
    shelf.set('/photo.png', { type: 'image/png', bytes: photo });
    shelf.set('/cut.jpg', { type: 'image/jpeg', bytes: photo.subarray(0, photo.length / 2) });
    shelf.set('/huge.jpg', { type: 'image/jpeg', bytes: Buffer.alloc(2_000_000) });
    shelf.set('/gone.jpg', { type: 'image/jpeg', bytes: photo, status: 410 });

    await expect(fetchFrom('/a.svg')).rejects.toMatchObject({
      status: 415,
      message: expect.stringContaining('SVG'),
    });
    await expect(fetchFrom('/page.jpg')).rejects.toMatchObject(problem(415, 'unsupported_media'));
    await expect(fetchFrom('/photo.png')).rejects.toMatchObject(problem(415, 'unsupported_media'));
    await expect(fetchFrom('/cut.jpg')).rejects.toMatchObject(problem(422, 'invalid_input'));
    await expect(fetchFrom('/huge.jpg')).rejects.toMatchObject(
      problem(413, 'payload_too_large', 'too_large'),
    );
    await expect(fetchFrom('/gone.jpg')).rejects.toMatchObject(problem(422, 'invalid_input', 'no_file'));

    expect(await waitingFiles(app)).toEqual([]);
    expect(await storedFiles(app)).toEqual(kept);
    expect(await app.db.collection('media').countDocuments()).toBe(rows);
  });

  it.each([
    'ftp://example.org/a.jpg',
    'file:///etc/passwd',
    'no address',
    `https://e.org/${'x'.repeat(3000)}`,
  ])('has no address such as %j', async (url) => {
    const asked = author.editorial.intake.fetch({ body: { url } });

    await expect(asked).rejects.toMatchObject({ status: 422, problem: { errors: [{ pointer: '/url' }] } });
  });

  it('S75 is not looked for inside the network', async () => {
    const asked = author.editorial.intake.fetch({ body: { url: 'http://169.254.169.254/latest/meta-data' } });

    await expect(asked).rejects.toMatchObject(problem(422, 'invalid_input', 'blocked'));
  });
});
