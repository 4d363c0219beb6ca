import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import type { Actor } from '../../../src/core/context.ts';
import { can } from '../../../src/core/policy.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE } from '../../support/factories.ts';
import { fileOf, picture, storedFiles, uploaded, waitingFiles } from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';
import { auditOf, eventsOf, until } from '../../support/records.ts';

let app: TestApp;
let editor: Client;
let author: Client;
let moderator: Client;

beforeAll(async () => {
  app = await createTestApp();
  [editor, author, moderator] = await Promise.all([app.as('editor'), app.as('author'), app.as('moderator')]);
});
afterAll(() => app.close());

describe('uploading a picture', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('takes a %s and lists what is made of it', async (kind) => {
    const bytes = await picture(kind, { width: 2400, height: 1200 });

    const item = await author.editorial.media.create({
      body: { alt: 'A harbour', caption: 'Boats at the quay', credit: 'Siobhán Ní Bhriain' },
      file: fileOf(bytes),
      fileName: `quay.${kind}`,
    });

    expect(item).toMatchObject({
      version: 1,
      alt: 'A harbour',
      caption: 'Boats at the quay',
      credit: 'Siobhán Ní Bhriain',
      fileName: `quay.${kind}`,
      type: `image/${kind}`,
      bytes: bytes.length,
      width: 2400,
      height: 1200,
      focalPoint: { x: 0.5, y: 0.5 },
      dominantColor: expect.stringMatching(/^#[0-9a-f]{6}$/),
      placeholder: expect.stringMatching(/^data:image\/webp;base64,[A-Za-z0-9+/=]{40,1000}$/),
      renditions: [
        { name: 'w2048', width: 2048, height: 1024, type: 'image/webp' },
        { name: 'w640', width: 640, height: 320, type: 'image/webp' },
      ],
      createdBy: (await app.person('author')).id,
    });
    expect(await editor.editorial.media.read({ params: { id: item.id } })).toMatchObject({
      id: item.id,
      alt: 'A harbour',
    });
  });

  it.each(['avif', 'gif', 'tiff'] as const)('takes a small %s', async (kind) => {
    const bytes = await picture(kind, { width: 64, height: 48 });

    const item = await author.editorial.media.create({
      body: {},
      file: fileOf(bytes),
      fileName: `a.${kind}`,
    });

    expect(item).toMatchObject({
      type: `image/${kind}`,
      width: 64,
      height: 48,
      renditions: [{ type: 'image/webp' }],
    });
  });

  it('needs no words yet, and makes a small picture no larger', async () => {
    const bytes = await picture('png', { width: 40, height: 30 });

    const item = await author.editorial.media.create({ body: {}, file: fileOf(bytes) });

    expect(item).toMatchObject({ alt: '', caption: '', credit: '', renditions: [{ width: 40, height: 30 }] });
  });

  it('keeps the uploaded bytes as they came, under a name of our own', async () => {
    const before = await storedFiles(app);
    const bytes = await picture();

    await uploaded(author, bytes);

    const added = (await storedFiles(app)).filter((path) => !before.includes(path));
    const original = added.find((path) => /\/originals\/([0-9a-f]{2})\/\1[0-9a-f]{46}$/.test(path)) ?? '';
    expect(added).toHaveLength(2);
    expect((await readFile(original)).equals(bytes)).toBe(true);
    expect(await waitingFiles(app)).toEqual([]);
  });

  it('is recorded and announced', async () => {
    const { id } = await uploaded(author);

    expect(await auditOf(app, 'media', id)).toMatchObject([
      {
        action: 'media.create',
        actor: { role: 'author' },
        before: null,
        after: { alt: 'The quay at dawn', fileName: 'quay.jpg' },
      },
    ]);
    expect(await eventsOf(app, 'media', id)).toMatchObject([
      { type: 'media.changed', data: { id, version: 1, surrogateKeys: [] } },
    ]);
  });

  it('with the same Idempotency-Key happens once', async () => {
    const bytes = await picture();
    const request = { body: { alt: 'Once' }, file: fileOf(bytes), idempotencyKey: 'upload-of-the-quay' };

    const first = await author.editorial.media.create(request);
    const before = await storedFiles(app);
    const second = await author.editorial.media.create(request);

    expect(second).toEqual(first);
    expect(await storedFiles(app)).toEqual(before);
    await expect(
      author.editorial.media.create({ ...request, file: fileOf(await picture()) }),
    ).rejects.toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it.each<[string, object, string]>([
    ['a caption that is too long', { caption: 'x'.repeat(2001) }, '/caption'],
    ['a field that does not exist', { photographer: 'Ada' }, '/photographer'],
  ])('refuses %s and keeps nothing', async (_what, body, pointer) => {
    const before = await storedFiles(app);

    await expect(
      author.editorial.media.create({ body, file: fileOf(await picture()) }),
    ).rejects.toMatchObject({ status: 422, problem: { errors: [expect.objectContaining({ pointer })] } });
    expect(await storedFiles(app)).toEqual(before);
    expect(await waitingFiles(app)).toEqual([]);
  });

  it('is not for moderators, who see pictures, nor for strangers', async () => {
    const file = fileOf(await picture());
    const before = await storedFiles(app);

    await expect(moderator.editorial.media.create({ body: {}, file })).rejects.toMatchObject({ status: 403 });
    await expect(app.anonymous.editorial.media.create({ body: {}, file })).rejects.toMatchObject({
      status: 401,
    });
    expect([await storedFiles(app), await waitingFiles(app)]).toEqual([before, []]);
  });
});

describe('uploading the same bytes again', () => {
  const send = async (by: Client, bytes: Buffer, fileName: string) =>
    by.editorial.media.create({ body: { alt: 'Other words' }, file: fileOf(bytes), fileName });

  it('gives the item that is there, as it is, whoever sends them', async () => {
    const bytes = await picture();
    const first = await uploaded(author, bytes);
    const before = await storedFiles(app);
    const { token } = await app.person('editor');

    const body = new FormData();
    body.set('file', fileOf(bytes), 'another-name.jpg');
    const answer = await fetch(`${app.url}/editorial/v1/media`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body,
    });

    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { id: first.id, version: 1, alt: 'The quay at dawn', fileName: 'quay.jpg' },
    ]);
    expect([await storedFiles(app), await waitingFiles(app)]).toEqual([before, []]);
    expect(await auditOf(app, 'media', first.id)).toHaveLength(1);
  });

  it('makes one item of many uploads at once', async () => {
    const bytes = await picture();
    const before = await storedFiles(app);

    const items = await Promise.all(Array.from({ length: 6 }, () => send(author, bytes, 'same.jpg')));

    expect(new Set(items.map(({ id }) => id)).size).toBe(1);
    await until(async () => (await storedFiles(app)).length === before.length + 2);
  });

  it('makes a new item once the first is deleted', async () => {
    const bytes = await picture();
    const first = await uploaded(author, bytes);
    await author.editorial.media.remove({ params: { id: first.id }, ifMatch: 1 });

    expect(await send(author, bytes, 'again.jpg')).toMatchObject({ version: 1, alt: 'Other words' });
  });
});

describe('listing pictures', () => {
  it('gives the newest first, page by page', async () => {
    const first = await uploaded(author);
    const second = await uploaded(editor);

    const page = await moderator.editorial.media.list({ query: { limit: '1' } });
    const next = await moderator.editorial.media.list({ query: { limit: '1', after: page.page.next ?? '' } });

    expect([page.data[0]?.id, next.data[0]?.id]).toEqual([second.id, first.id]);
  });

  it('gives the caller their own where asked', async () => {
    const other = await app.as('author', 'grace');
    const own = await uploaded(other);

    const { data } = await other.editorial.media.list({ query: { mine: 'true' } });

    expect(data.map(({ id }) => id)).toEqual([own.id]);
  });

  it('refuses a parameter that it does not know', async () => {
    const { token } = await app.person('editor');

    const answer = await send(app, '/editorial/v1/media?kind=image/png', { token });

    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ parameter: 'kind' }] }]);
  });
});

describe('changing what is said of a picture', () => {
  it('changes what is named and leaves the rest', async () => {
    const { id } = await uploaded(author);

    const changed = await author.editorial.media.change({
      params: { id },
      ifMatch: 1,
      body: { credit: 'PA Images' },
    });

    expect(changed).toMatchObject({ version: 2, alt: 'The quay at dawn', credit: 'PA Images' });
    expect(await editor.editorial.media.read({ params: { id } })).toMatchObject({
      version: 2,
      credit: 'PA Images',
    });
    expect((await auditOf(app, 'media', id)).at(-1)).toMatchObject({
      action: 'media.change',
      before: { credit: '' },
      after: { credit: 'PA Images' },
    });
    expect((await eventsOf(app, 'media', id)).at(-1)).toMatchObject({
      type: 'media.changed',
      data: { version: 2 },
    });
  });

  it('refuses a stale version and shows the current picture', async () => {
    const { id } = await uploaded(author);
    await editor.editorial.media.change({ params: { id }, ifMatch: 1, body: { alt: 'First' } });

    await expect(
      author.editorial.media.change({ params: { id }, ifMatch: 1, body: { alt: 'Second' } }),
    ).rejects.toMatchObject({
      status: 412,
      code: 'stale_version',
      problem: { current: { alt: 'First', version: 2 } },
    });
  });

  it('asks for If-Match', async () => {
    const { id } = await uploaded(author);
    const { token } = await app.person('author');

    const answers = await Promise.all([
      send(app, `/editorial/v1/media/${id}`, { token, method: 'PATCH', body: '{}' }),
      send(app, `/editorial/v1/media/${id}`, { token, method: 'DELETE' }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([428, 428]);
  });

  it('refuses fields that are not said but made', async () => {
    const { id } = await uploaded(author);

    await expect(
      author.editorial.media.change({ params: { id }, ifMatch: 1, body: { width: 1 } as never }),
    ).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer: '/width' })] },
    });
  });

  it('finds nothing where there is nothing', async () => {
    const gone = { params: { id: NOWHERE }, ifMatch: 1 };

    await expect(editor.editorial.media.change({ ...gone, body: {} })).rejects.toMatchObject({ status: 404 });
    await expect(editor.editorial.media.remove(gone)).rejects.toMatchObject({ status: 404 });
    await expect(editor.editorial.media.read({ params: { id: NOWHERE } })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('deleting a picture', () => {
  it('takes its files along', async () => {
    const before = await storedFiles(app);
    const { id } = await uploaded(author);

    await author.editorial.media.remove({ params: { id }, ifMatch: 1 });

    expect(await storedFiles(app)).toEqual(before);
    await expect(editor.editorial.media.read({ params: { id } })).rejects.toMatchObject({ status: 404 });
    expect((await auditOf(app, 'media', id)).at(-1)).toMatchObject({
      action: 'media.delete',
      before: { alt: 'The quay at dawn' },
      after: null,
    });
    expect((await eventsOf(app, 'media', id)).at(-1)).toMatchObject({
      type: 'media.changed',
      data: { version: 2 },
    });
  });

  it('is refused while a story uses it, naming the story', async () => {
    const { id } = await uploaded(editor);
    const story = await draft(editor, { hero: { media: id } });
    const before = await storedFiles(app);

    await expect(editor.editorial.media.remove({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
      problem: {
        usedBy: { count: 1, articles: [story.id] },
        detail: expect.stringContaining('?replacement=<id>'),
      },
    });
    expect(await storedFiles(app)).toEqual(before);
  });

  it('is refused for a stale version', async () => {
    const { id } = await uploaded(author);
    await author.editorial.media.change({ params: { id }, ifMatch: 1, body: { alt: 'Newer' } });

    await expect(author.editorial.media.remove({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 412,
    });
  });
});

describe('S41 whose picture it is', () => {
  it('decides for authors what they may change and delete', async () => {
    const other = await app.as('author', 'grace');
    const { id } = await uploaded(author);

    const change = other.editorial.media.change({ params: { id }, ifMatch: 1, body: { alt: 'Mine now' } });
    await expect(change).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    const removal = other.editorial.media.remove({ params: { id }, ifMatch: 1 });
    await expect(removal).rejects.toMatchObject({ status: 403 });
    expect(await editor.editorial.media.read({ params: { id } })).toMatchObject({
      version: 1,
      alt: 'The quay at dawn',
    });
  });

  const own = new Types.ObjectId();
  const user = (role: 'admin' | 'editor' | 'author', id: unknown): Actor => ({
    kind: 'user',
    id: String(id),
    name: 'Ada',
    role,
    duties: [],
    sessionId: 'session',
    mustEnrol: false,
  });

  it.each<[string, Actor, Types.ObjectId | null, boolean]>([
    ['an author, their own', user('author', own), own, true],
    ['an author, a colleague’s', user('author', new Types.ObjectId()), own, false],
    ['an author, one of nobody', user('author', own), null, false],
    ['an editor, anybody’s', user('editor', new Types.ObjectId()), own, true],
    ['an admin, anybody’s', user('admin', new Types.ObjectId()), own, true],
    ['a job of ours', { kind: 'system', name: 'seed' }, own, true],
    ['nobody', { kind: 'anonymous' }, own, false],
  ])('%s', (_who, actor, createdBy, expected) => {
    expect(can(actor, 'media:write', { createdBy })).toBe(expected);
  });
});
