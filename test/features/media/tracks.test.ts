import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { Media } from '../../../src/features/media/media.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { published } from '../../support/factories.ts';
import { document, film } from '../../support/films.ts';
import { fileOf, storedFiles, uploaded } from '../../support/pictures.ts';
import { auditOf, eventsOf, until } from '../../support/records.ts';

const CAPTIONS = `WEBVTT - Quay

NOTE made by hand

1
00:01.000 --> 00:04.000 align:start line:80%
<v Siún>Tá an ché <i>rófhada</i>.

00:00:05.500 --> 00:01:06.000
Two lines
of text &amp; more <00:00:06.000>later
`;

let app: TestApp;
let author: Client;
let item: Media;
let films = 0;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.as('author');
  item = await newFilm();
});
afterAll(() => app.close());

async function newFilm(by = author): Promise<Media> {
  films += 1;
  const file = fileOf(film([], `film ${films}`));
  return by.editorial.media.create({ body: {}, file, fileName: 'quay.mp4' });
}

const put = (of: Media, text: string | Buffer, language = 'en', by = author, ifMatch = of.version) =>
  by.editorial.tracks.put({
    ...{ params: { id: of.id, kind: 'captions' as const, language }, ifMatch, body: {} },
    file: fileOf(text),
  });

const remove = (of: Media, language = 'en', by = author, ifMatch = of.version) =>
  by.editorial.tracks.remove({ params: { id: of.id, kind: 'captions' as const, language }, ifMatch });

describe('captions of a film', () => {
  it('stand among its renditions, and are given to readers with it', async () => {
    const mine = await newFilm(await app.as('editor'));
    const editor = await app.as('editor');
    const captioned = await put(mine, `\ufeff${CAPTIONS.replaceAll('\n', '\r\n')}`, 'ga', editor);
    const video = { type: 'video' as const, attrs: { media: mine.id, caption: 'The quay' } };
    await published(editor, { body: { type: 'doc', content: [video as never] } });
    const { url = '', name } = captioned.renditions[1] ?? {};

    const answer = await fetch(url.replace('http://localhost:3000', app.url).replace(/\?.*$/, ''));

    expect([name, captioned.version]).toEqual(['captions.ga', 2]);
    expect([
      answer.status,
      answer.headers.get('content-type'),
      answer.headers.get('x-content-type-options'),
    ]).toEqual([200, 'text/vtt; charset=utf-8', 'nosniff']);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.text()).toContain('rófhada');
  });

  it('are replaced and taken away, told of and swept', async () => {
    const mine = await newFilm();
    const first = await put(mine, CAPTIONS);
    const second = await put(first, CAPTIONS.replace('Two', 'Three'));
    const removed = await remove(second);

    expect([first, second, removed].map(({ renditions }) => renditions.map(({ name }) => name))).toEqual([
      ['file', 'captions.en'],
      ['file', 'captions.en'],
      ['file'],
    ]);
    expect(second.renditions[1]?.url).not.toBe(first.renditions[1]?.url);
    expect(await auditOf(app, 'media', mine.id)).toMatchObject([
      { action: 'media.create' },
      { action: 'media.change', after: { tracks: ['captions.en'] } },
      { action: 'media.change' },
      { action: 'media.change', before: { tracks: ['captions.en'] } },
    ]);
    expect((await eventsOf(app, 'media', mine.id)).at(-1)).toMatchObject({ type: 'media.changed' });
    await until(async () => (await app.services.sweepMedia(0)).removed > 0);
    expect((await storedFiles(app)).filter((path) => path.endsWith('.vtt'))).toHaveLength(1);
  });

  it('S41 are given by whoever may change the film, at the version that they have read', async () => {
    const refused = { status: 403, code: 'forbidden' };
    const bea = await app.as('author', 'bea');

    await expect(put(item, CAPTIONS, 'en', bea)).rejects.toMatchObject(refused);
    await expect(put(item, CAPTIONS, 'en', await app.as('moderator'))).rejects.toMatchObject(refused);
    await expect(put(item, CAPTIONS, 'en', app.anonymous)).rejects.toMatchObject({ status: 401 });
    await expect(put(item, CAPTIONS, 'en', author, 7)).rejects.toMatchObject({ status: 412 });
    await expect(remove(item, 'en', bea)).rejects.toMatchObject(refused);
    await expect(remove(item, 'en', author, 7)).rejects.toMatchObject({ status: 412 });
    await expect(remove(item)).rejects.toMatchObject({ status: 404 });
    await expect(put({ ...item, id: 'f'.repeat(24) }, CAPTIONS)).rejects.toMatchObject({ status: 404 });
    await expect(put(item, CAPTIONS, 'no language')).rejects.toMatchObject({ status: 404 });
  });

  it('are forty at most, of which each may be replaced', async () => {
    let full = await newFilm();
    for (let count = 0; count < 40; count += 1)
      full = await put(full, CAPTIONS, `${'ab'[count % 2]}${String.fromCharCode(97 + (count >> 1))}`);

    await expect(put(full, CAPTIONS, 'zu')).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
    const replaced = await put(full, CAPTIONS.replace('Two', 'Three'), 'ab');

    expect([full.renditions.length, replaced.renditions.length]).toEqual([41, 41]);
  });

  it('are for what has time only', async () => {
    const minutes = await author.editorial.media.create({
      body: {},
      file: fileOf(document()),
      fileName: 'a.pdf',
    });

    for (const still of [minutes, await uploaded(author)])
      await expect(put(still, CAPTIONS)).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
  });
});

describe('S67 what are no captions', () => {
  const cue = (text: string, times = '00:01.000 --> 00:02.000') => `WEBVTT\n\n${times}\n${text}\n`;
  it.each<[string, string | Buffer, string]>([
    ['a page', '<!doctype html><script>alert(1)</script>', 'not_webvtt'],
    ['SubRip', '1\n00:00:01,000 --> 00:00:02,000\nText\n', 'not_webvtt'],
    ['nothing', '', 'not_webvtt'],
    ['a header alone', 'WEBVTT\n\nNOTE empty\n', 'no_cues'],
    ['Latin-1', Buffer.from('WEBVTT\n\n00:01.000 --> 00:02.000\nTá\n', 'latin1'), 'not_utf8'],
    ['a NUL', cue('a\0b'), 'not_utf8'],
    ['a comma in its times', cue('Text', '00:00:01,000 --> 00:00:02,000'), 'timing'],
    ['an end before its beginning', cue('Text', '00:02.000 --> 00:01.000'), 'timing'],
    ['no times', 'WEBVTT\n\nText\nmore\n', 'timing'],
    ['unknown settings', cue('Text', '00:01.000 --> 00:02.000 onclick:x'), 'timing'],
    ['a script', cue('<script>alert(1)</script>'), 'markup'],
    ['a picture', cue('<img src=x onerror=alert(1)>'), 'markup'],
    ['an open tag', cue('a < b'), 'markup'],
    [
      'styles',
      'WEBVTT\n\nSTYLE\n::cue { background: url(https://example.org/x) }\n\n00:01.000 --> 00:02.000\nA\n',
      'styled',
    ],
  ])('%s is refused with its reason', async (_what, text, code) => {
    const kept = await storedFiles(app);

    await expect(put(item, text)).rejects.toMatchObject({
      ...{ status: 422, problem: { errors: [{ pointer: '/file', code }] } },
    });

    expect(await storedFiles(app)).toEqual(kept);
  });

  it('of another kind are nowhere, and the kinds are named', async () => {
    const token = (await app.person('author')).token;
    const path = `/editorial/v1/media/${item.id}/tracks/captionz/en`;

    const answer = await fetch(app.url + path, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${token}`, 'If-Match': '"1"' },
    });

    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
      404,
      'There is no such kind. Must be one of "captions", "subtitles", "descriptions", "chapters".',
    ]);
  });

  it('S70 nor is a megabyte of them', async () => {
    await expect(put(item, CAPTIONS + '\nNOTE x'.repeat(200_000))).rejects.toMatchObject({ status: 413 });
  });
});
