import { readdir, readlink } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import {
  animation,
  fileOf,
  picture,
  pngChunk,
  storedFiles,
  waitingFiles,
  withChunks,
} from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';
import { until } from '../../support/records.ts';

let app: TestApp;
let author: Client;
let token: string;
let kept: string[];

const rows = () => app.db.collection('media').countDocuments();
let rowsBefore: number;

beforeAll(async () => {
  app = await createTestApp({ UPLOAD_MAX_MB: '1' });
  ({ client: author, token } = await app.person('author'));
});
afterAll(() => app.close());

beforeEach(async () => {
  kept = await storedFiles(app);
  rowsBefore = await rows();
});

const upload = (bytes: Buffer | string, fileName?: string, type?: string) =>
  author.editorial.media.create({ body: {}, file: fileOf(bytes, type), ...(fileName ? { fileName } : {}) });

async function expectNothingKept(): Promise<void> {
  expect(await waitingFiles(app)).toEqual([]);
  expect(await storedFiles(app)).toEqual(kept);
  expect(await rows()).toBe(rowsBefore);
}

describe('S67 the type comes from the bytes', () => {
  afterEach(expectNothingKept);

  const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  it.each([
    ['as it is', SVG],
    ['with an XML declaration', `<?xml version="1.0"?>${SVG}`],
    ['behind a comment and a prefix', `<!-- harmless --><s:svg xmlns:s="http://www.w3.org/2000/svg"/>`],
  ])('refuses an SVG %s, and says why', async (_how, bytes) => {
    await expect(upload(bytes, 'logo.svg', 'image/svg+xml')).rejects.toMatchObject({
      status: 415,
      problem: { detail: expect.stringContaining('can carry scripts') },
    });
  });

  it.each([
    ['photo.png', ''],
    ['photo.html', ''],
    ['photo.svg', ''],
    ['photo.jpg', 'text/html'],
    ['photo.jpg', 'image/svg+xml'],
    ['photo', 'image/png'],
  ])('refuses a JPEG that was sent as "%s" of type "%s"', async (name, type) => {
    await expect(upload(await picture(), name, type)).rejects.toMatchObject({
      status: 415,
      code: 'unsupported_media',
      problem: { detail: expect.stringContaining('The file is JPEG but') },
    });
  });
});

describe('S67 an honest name', () => {
  it.each([
    ['DSC_0042.JPG', ''],
    ['photo.jpeg', 'image/pjpeg'],
    ['quay at 12.30', 'application/octet-stream'],
    ['photo', 'image/jpeg'],
  ])('is taken: "%s" of type "%s"', async (name, type) => {
    expect(await upload(await picture(), name, type)).toMatchObject({ fileName: name, type: 'image/jpeg' });
  });
});

describe('S69 the name of a file is a label', () => {
  it.each([
    ['../../../../etc/passwd', /^passwd$/],
    ['/etc/cron.d/x', /^x$/],
    ['..\\..\\boot', /^boot$/],
    ['CON', /^CON$/],
    ['åäö – Malmö.jpg', /^åäö – Malmö\.jpg$/],
    ['photo\u202egpj.exe.jpg', /^photo gpj\.exe\.jpg$/],
    ['می\u200cخواهم.jpg', /^می\u200cخواهم\.jpg$/],
    [`${'n'.repeat(5_000)}.jpg`, /^n{200}$/],
    ['%2e%2e%2fx', /^%2e%2e%2fx$/],
  ])('"%s" is kept as no more than that', async (name, label) => {
    const item = await upload(await picture(), name);

    expect(item.fileName).toMatch(label);
    const added = (await storedFiles(app)).filter((path) => !kept.includes(path));
    expect(added.map((path) => path.replace(/^.*\/media\//, ''))).toEqual([
      expect.stringMatching(/^originals\/[0-9a-f]{2}\/[0-9a-f]{48}$/),
      expect.stringMatching(/^renditions\/[0-9a-f]{2}\/[0-9a-f]{48}\.webp$/),
    ]);
    expect(await waitingFiles(app)).toEqual([]);
  });

  it('with a NUL in it leads nowhere', async () => {
    const answer = await sendForm(part('file"; filename="a.jpg\0.html', await picture()));

    expect(answer.status).toBeLessThan(500);
    expect(await waitingFiles(app)).toEqual([]);
  });
});

const BOUNDARY = 'xxCopydeskxx';

/** One part of a form; `name` may break out of its quotes. */
const part = (name: string, content: Buffer | string): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);

const END = Buffer.from(`--${BOUNDARY}--\r\n`);

const sendForm = (...parts: Buffer[]): Promise<Response> =>
  send(app, '/editorial/v1/media', {
    token,
    body: Buffer.concat([...parts, END]),
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
  });

const asFile = (bytes: Buffer): Buffer => part('file"; filename="photo.jpg', bytes);

describe('S70 the limits of a form', () => {
  afterEach(expectNothingKept);

  it('end a file that is too large while it arrives', async () => {
    await expect(upload(Buffer.alloc(1_048_577, 1))).rejects.toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
  });

  it('let nobody send for ever', async () => {
    const { socket, answer } = await beginUpload('Transfer-Encoding: chunked');
    const block = Buffer.alloc(65_536, 1);
    const chunk = Buffer.concat([
      Buffer.from(`${block.length.toString(16)}\r\n`),
      block,
      Buffer.from('\r\n'),
    ]);
    let sent = 0;
    const flood = () => {
      while (!socket.destroyed && sent < 64 * 1_048_576 && socket.write(chunk)) sent += chunk.length;
    };
    socket.on('drain', flood);
    flood();

    // Who goes on sending may have the connection reset under an answer that is on its way.
    expect((await answer).slice(0, 13)).toMatch(/^(?:HTTP\/1\.1 413 )?$/);
    expect(sent).toBeLessThan(16 * 1_048_576);
    await until(async () => (await waitingFiles(app)).length === 0);
  });

  it.each<[string, number, () => Promise<Buffer[]>]>([
    [
      'more fields than there are',
      400,
      async () => Array.from({ length: 30 }, (_, index) => part(`f${index}`, 'x')),
    ],
    ['a field that is too large', 413, async () => [part('caption', 'x'.repeat(70_000))]],
    ['a field with too long a name', 400, async () => [part('n'.repeat(101), 'x')]],
    ['nested fields', 400, async () => [part('alt[a][b][c]', 'x')]],
    ['a second file', 400, async () => [asFile(await picture()), asFile(await picture())]],
    ['a file of another name', 400, async () => [part('photo"; filename="a.jpg', await picture())]],
    ['no file', 422, async () => [part('alt', 'A harbour')]],
    ['text in place of the file', 422, async () => [part('file', 'no file')]],
    ['a field twice', 422, async () => [asFile(await picture()), part('alt', 'one'), part('alt', 'two')]],
    [
      'a field that reaches for a prototype',
      422,
      async () => [asFile(await picture()), part('__proto__', 'x')],
    ],
    ['a NUL in a field', 422, async () => [asFile(await picture()), part('alt', 'a\0b')]],
  ])('refuse %s', async (_what, status, parts) => {
    const answer = await sendForm(...(await parts()));

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });

  it.each([
    ['JSON', 'application/json', 415],
    ['a form without files', 'application/x-www-form-urlencoded', 415],
    ['multipart of another kind', 'multipart/mixed; boundary=x', 415],
    ['a form without a boundary', 'multipart/form-data', 415],
    ['a form with an empty boundary', 'multipart/form-data; boundary=', 422],
  ])('refuse %s', async (_what, type, status) => {
    const answer = await send(app, '/editorial/v1/media', {
      token,
      body: '{}',
      headers: { 'Content-Type': type },
    });

    expect(answer.status).toBe(status);
  });
});

describe('S71 what a picture carries beside its pixels', () => {
  it('is dropped: frames but the first', async () => {
    const animated = await animation(['red', 'lime', 'blue'], { width: 60, height: 40 });

    const { renditions } = await upload(animated);

    expect(renditions).toMatchObject([{ width: 60, height: 40 }]);
  });

  it('is dropped: text that unpacks into 64 MB', async () => {
    const packed = deflateSync(Buffer.alloc(64 * 1_048_576, 65), { level: 9 });
    const text = pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), packed]));
    const timed = async (bytes: Buffer) => {
      const began = performance.now();
      const { id } = await upload(bytes);
      return { id, ms: performance.now() - began };
    };
    const bare = await timed(await picture('png', { width: 201 }));

    const { id, ms } = await timed(withChunks(await picture('png'), text));

    // Two seconds for the text alone, whatever the machine takes for the picture.
    expect(ms - bare.ms).toBeLessThan(2_000);
    expect(
      await app.db.collection('media').findOne({ 'renditions.bytes': { $lt: 100_000 }, bytes: { $gt: 0 } }),
    ).not.toBeNull();
    expect(await author.editorial.media.read({ params: { id } })).toMatchObject({ width: 200, height: 150 });
  });
});

interface Begun {
  readonly socket: Socket;
  /** What came back until the server closed. */
  readonly answer: Promise<string>;
}

/** Five hundred of them, on a slow machine. */
const PATIENCE = 50_000;

/** Opens an upload whose file never ends by itself. */
function beginUpload(length: string): Promise<Begun> {
  const { hostname, port } = new URL(app.url);
  const head = [
    'POST /editorial/v1/media HTTP/1.1',
    `Host: ${hostname}`,
    `Authorization: Bearer ${token}`,
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    length,
  ];
  const start = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      let text = '';
      const answer = new Promise<string>((done) => {
        socket.on('data', (bytes) => {
          text += bytes.toString('latin1');
        });
        socket.on('close', () => done(text));
      });
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      socket.write(length.startsWith('Transfer') ? `${start.length.toString(16)}\r\n${start}\r\n` : start);
      resolve({ socket, answer });
    });
    socket.on('error', reject);
  });
}

/** Files below the data directory that this process has open, where the system tells. */
async function openFiles(): Promise<string[]> {
  const links = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(links.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((path) => path.startsWith(app.config.dataDir));
}

describe('S72 R26 an upload that breaks off', () => {
  it('leaves no file, no row and no descriptor, however many do', async () => {
    const bytes = await picture('jpeg', { width: 800, height: 600 });
    const uploads = await Promise.all(
      Array.from({ length: 500 }, () => beginUpload('Content-Length: 900000')),
    );
    for (const { socket } of uploads) socket.write(bytes.subarray(0, 100_000));
    await until(async () => (await waitingFiles(app)).length === uploads.length, PATIENCE);

    for (const { socket } of uploads) socket.destroy();

    await until(async () => (await waitingFiles(app)).length === 0, PATIENCE);
    await until(async () => (await openFiles()).length === 0, PATIENCE);
    await expectNothingKept();
  }, 180_000);
});
