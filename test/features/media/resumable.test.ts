import { stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Upload } from 'tus-js-client';
import type { Media } from '../../../src/features/media/media.contract.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { picture, storedFiles, waitingFiles } from '../../support/pictures.ts';
import { until } from '../../support/records.ts';
import { startS3, type TestStore } from '../../support/s3.ts';

const PATH = '/editorial/v1/media/uploads';
const TUS = { 'Tus-Resumable': '1.0.0' };

let store: TestStore;
let app: TestApp;
let beside: TestApp;
let author: Person;

beforeAll(async () => {
  store = await startS3();
  app = await createTestApp({ ...store.env, UPLOAD_MAX_MB: '2' });
  beside = await createTestApp({ ...store.env, UPLOAD_MAX_MB: '2' }, { beside: app });
  author = await app.person('author');
});
afterAll(async () => {
  await beside.close();
  await app.close();
  await store.close();
});

const encoded = (texts: Record<string, string>): string =>
  Object.entries(texts)
    .map(([name, text]) => `${name} ${Buffer.from(text).toString('base64')}`)
    .join(',');

interface Sent {
  readonly by?: string | null;
  readonly at?: TestApp;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer;
}

async function send(method: string, path: string, { by, at = app, headers = {}, body }: Sent = {}) {
  const token = by === undefined ? author.token : by;
  const answer = await fetch(at.url + path, {
    method,
    headers: { ...TUS, ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text ? JSON.parse(text) : null,
  };
}

/** Begins an upload, and answers its path. */
async function begun(length: number, metadata: Record<string, string> = {}): Promise<string> {
  const headers = {
    'Upload-Length': String(length),
    'Upload-Metadata': encoded({ filename: 'a.jpg', ...metadata }),
  };
  const answer = await send('POST', PATH, { headers });
  expect([answer.status, answer.body]).toEqual([201, null]);
  return answer.headers.get('location') ?? '';
}

const append = (path: string, offset: number, body: Buffer, more: Sent = {}) =>
  send('PATCH', path, {
    ...more,
    body,
    headers: {
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(offset),
      ...more.headers,
    },
  });

const offsetOf = async (path: string): Promise<number> =>
  Number((await send('HEAD', path)).headers.get('upload-offset'));

const partKeys = async () => (await store.keys()).filter((key) => key.includes('/parts/'));

describe('a resumable upload', () => {
  it('by the protocol’s own client, cut into pieces, becomes a picture with what is said of it', async () => {
    const bytes = await picture('jpeg', { width: 700, height: 500 });
    const last = await new Promise<string>((resolve, reject) => {
      new Upload(bytes, {
        endpoint: app.url + PATH,
        headers: { Authorization: `Bearer ${author.token}` },
        chunkSize: 50_000,
        retryDelays: null,
        metadata: { filename: 'Caisleán.jpg', filetype: 'image/jpeg', alt: 'The quay', credit: 'Siún' },
        onError: reject,
        onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader('Content-Location') ?? ''),
      }).start();
    });

    const item = (await send('GET', last)).body as Media;

    expect(bytes.length).toBeGreaterThan(100_000);
    expect(item).toMatchObject({
      ...{ type: 'image/jpeg', bytes: bytes.length, fileName: 'Caisleán.jpg' },
      ...{ alt: 'The quay', credit: 'Siún', createdBy: author.id },
    });
    expect([await partKeys(), await waitingFiles(app), await storedFiles(app)]).toEqual([[], [], []]);
  });

  it('goes on where it broke off, also on another process, and tells the item', async () => {
    const bytes = await picture('png', { width: 500, height: 400 });
    const path = await begun(bytes.length, { filename: 'a.png' });
    await brokenOff(path, bytes, 200_000);
    await until(async () => (await offsetOf(path)) > 0);
    const offset = await offsetOf(path);

    const rest = await append(path, offset, bytes.subarray(offset), { at: beside });
    const state = await send('GET', path);

    expect([offset > 0 && offset <= 200_000, rest.status]).toEqual([true, 204]);
    expect(state.body).toMatchObject({
      offset: bytes.length,
      length: bytes.length,
      media: expect.any(String),
    });
    expect(rest.headers.get('content-location')).toBe(`/editorial/v1/media/${state.body.media}`);
    expect(await partKeys()).toEqual([]);
  });

  it('of bytes that the library has is the item that is there', async () => {
    const bytes = await picture();
    const paths = [await begun(bytes.length), await begun(bytes.length)];
    for (const path of paths) await append(path, 0, bytes);

    const [first, second] = await Promise.all(
      paths.map(async (path) => (await send('GET', path)).body.media),
    );

    expect([typeof first, first]).toEqual(['string', second]);
  });

  it('may have its first bytes with its beginning', async () => {
    const bytes = await picture();
    const headers = {
      'Upload-Length': String(bytes.length),
      'Content-Type': 'application/offset+octet-stream',
    };

    const answer = await send('POST', PATH, { headers, body: bytes });

    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([201, String(bytes.length)]);
    expect((await send('GET', answer.headers.get('location') ?? '')).body.media).toEqual(expect.any(String));
  });

  it('that two continue at once takes the bytes of one', async () => {
    const bytes = await picture('jpeg', { width: 600, height: 500 });
    const path = await begun(bytes.length);
    const half = bytes.subarray(0, 60_000);

    const answers = await Promise.all([app, beside, app, beside].map((at) => append(path, 0, half, { at })));

    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(await offsetOf(path)).toBe(60_000);
    expect(await partKeys()).toHaveLength(1);
    expect((await append(path, 60_000, bytes.subarray(60_000))).status).toBe(204);
  });

  it('can be ended by its owner, and nothing of it stays', async () => {
    const path = await begun(100);
    await append(path, 0, Buffer.alloc(40));
    expect(await partKeys()).toHaveLength(1);

    expect((await send('DELETE', path)).status).toBe(204);

    expect([(await send('HEAD', path)).status, await partKeys()]).toEqual([404, []]);
  });
});

describe('what is refused of it', () => {
  it('S41 is for its owner alone, and authorised before anything is read', async () => {
    const path = await begun(100);
    const { token } = await app.person('author', 'bea');
    const { token: moderator } = await app.person('moderator');

    for (const method of ['HEAD', 'GET', 'DELETE'])
      expect((await send(method, path, { by: token })).status).toBe(404);
    expect((await append(path, 0, Buffer.alloc(10), { by: token })).status).toBe(404);
    expect((await append(path, 0, Buffer.alloc(10), { by: null })).status).toBe(401);
    expect((await append(path, 0, Buffer.alloc(10), { by: moderator })).status).toBe(403);
    expect((await send('POST', PATH, { by: moderator, headers: { 'Upload-Length': '5' } })).status).toBe(403);
    expect(await offsetOf(path)).toBe(0);
  });

  it.each<[string, number, Record<string, string>]>([
    ['no length', 422, {}],
    ['a length that is none', 422, { 'Upload-Length': '-5' }],
    ['an empty file', 422, { 'Upload-Length': '0' }],
    ['a file that is too large', 413, { 'Upload-Length': '2097153' }],
    ['a length to be told later', 422, { 'Upload-Defer-Length': '1' }],
    ['parts to be joined', 422, { 'Upload-Length': '5', 'Upload-Concat': 'partial' }],
    ['another version', 412, { 'Upload-Length': '5', 'Tus-Resumable': '0.2.2' }],
    ['words that are none', 422, { 'Upload-Length': '5', 'Upload-Metadata': 'filename ***' }],
    ['an unknown word', 422, { 'Upload-Length': '5', 'Upload-Metadata': encoded({ owner: 'me' }) }],
    ['a long text', 422, { 'Upload-Length': '5', 'Upload-Metadata': encoded({ alt: 'x'.repeat(6_000) }) }],
  ])('S70 does not begin with %s', async (_what, status, headers) => {
    const before = await app.db.collection('resumableUploads').countDocuments();

    const answer = await send('POST', PATH, { headers });

    expect([answer.status, answer.body.code]).toEqual([status, expect.any(String)]);
    expect(await app.db.collection('resumableUploads').countDocuments()).toBe(before);
  });

  it('says how large an upload may be, and which version of the protocol is spoken', async () => {
    const large = await send('POST', PATH, { headers: { 'Upload-Length': '2097153' } });
    const without = await fetch(app.url + PATH, {
      method: 'POST',
      headers: { Authorization: `Bearer ${author.token}`, 'Upload-Length': '5' },
    });

    expect(large.body.detail).toContain('it may have 2 MB');
    expect([without.status, without.headers.get('tus-version')]).toEqual([400, '1.0.0']);
    expect(await without.json()).toMatchObject({
      code: 'invalid_input',
      title: 'The input cannot be taken',
      detail: 'The header "Tus-Resumable" is missing: send "Tus-Resumable: 1.0.0".',
    });
  });

  it('S70 does not go on from elsewhere, as another type, or beyond its length', async () => {
    const path = await begun(100);

    expect((await append(path, 0, Buffer.alloc(10))).status).toBe(204);
    expect((await append(path, 50, Buffer.alloc(10))).body).toMatchObject({
      ...{ status: 409, code: 'conflict', offset: 10 },
      detail: 'This part does not follow: the upload stands at byte 10. Go on from there.',
    });
    expect((await append(path, 10, Buffer.alloc(91))).status).toBe(413);
    expect(
      (await append(path, 10, Buffer.alloc(9), { headers: { 'Content-Type': 'text/plain' } })).status,
    ).toBe(422);
    expect((await append(`${PATH}/${'a'.repeat(48)}`, 0, Buffer.alloc(10))).status).toBe(404);
    expect((await append(`${PATH}/x`, 0, Buffer.alloc(10))).status).toBe(404);
    await send('DELETE', path);
  });

  it('S67 S69 S72 ends with what is no sound picture, as by the form', async () => {
    const photo = await picture();
    const wrong: [string, Buffer, number][] = [
      ['page.jpg', Buffer.from('<!doctype html><script>alert(1)</script>'), 415],
      ['a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415],
      ['../../photo.png', photo, 415],
      ['cut.jpg', photo.subarray(0, photo.length / 2), 422],
    ];
    for (const [filename, bytes, status] of wrong) {
      const path = await begun(bytes.length, { filename });
      await append(path, 0, bytes.subarray(0, 10));

      const answer = await append(path, 10, bytes.subarray(10));

      expect([filename, answer.status]).toEqual([filename, status]);
      expect((await send('HEAD', path)).status).toBe(404);
    }
    expect([await partKeys(), await waitingFiles(app)]).toEqual([[], []]);
  });

  it('is gone after a day, and its parts with the sweep', async () => {
    const path = await begun(100);
    await append(path, 0, Buffer.alloc(40));
    const rows = app.db.collection('resumableUploads');
    await until(async () => (await app.services.sweepMedia(0)).removed === 0);
    expect(await partKeys()).toHaveLength(1);

    await rows.updateMany({}, { $set: { expiresAt: new Date(0) } });
    expect((await send('HEAD', path)).status).toBe(404);
    // What the database does within a minute.
    await rows.deleteMany({ expiresAt: { $lt: new Date() } });
    await until(async () => (await app.services.sweepMedia(0)).removed > 0);

    expect(await partKeys()).toEqual([]);
  });

  it('is no more than fifty at a time of one person', async () => {
    const { token } = await app.person('author', 'cleo');
    const headers = { 'Upload-Length': '5' };
    const answers: number[] = [];
    for (let count = 0; count < 51; count += 1)
      answers.push((await send('POST', PATH, { by: token, headers })).status);

    expect([new Set(answers.slice(0, 50)), answers[50]]).toEqual([new Set([201]), 409]);
  });
});

/** Sends so many bytes of what was announced, and hangs up when some have come. */
async function brokenOff(path: string, bytes: Buffer, sent: number): Promise<void> {
  const request = httpRequest(app.url + path, {
    method: 'PATCH',
    headers: {
      ...{ ...TUS, Authorization: `Bearer ${author.token}`, 'Upload-Offset': '0' },
      ...{ 'Content-Type': 'application/offset+octet-stream', 'Content-Length': bytes.length },
    },
  });
  const closed = new Promise<void>((resolve) => request.on('error', () => undefined).on('close', resolve));
  request.write(bytes.subarray(0, sent));
  await until(async () => {
    const sizes = await Promise.all((await waitingFiles(app)).map(async (name) => (await stat(name)).size));
    return sizes.some((size) => size > 0);
  });
  request.destroy();
  await closed;
}
