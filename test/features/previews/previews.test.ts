import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { keyWith } from '../../support/keys.ts';
import { uploaded } from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let editor: Client;
let author: Person;
beforeAll(async () => {
  app = await createTestApp({ SITE_URL: 'https://news.example.org' });
  editor = await app.as('editor');
  author = await app.person('author');
});
afterAll(() => app.close());

const link = (desk: Client, id: string, body: { expiresIn?: number; label?: string } = {}) =>
  desk.editorial.previews.create({ params: { id }, body });
const open = (slug: string, token: string, query = '') =>
  send(app, `/content/v1/articles/${slug}${query}`, { headers: { 'Preview-Token': token } });
const headlineOf = async (answer: Response) => ((await answer.json()) as { headline: string }).headline;

describe('making a preview link', () => {
  it('shows its token once, with an address on the site, and keeps its hash', async () => {
    const { id, slug, version } = await draft(editor);

    const made = await link(editor, id, { label: 'For the lawyer', expiresIn: 600 });

    expect(made).toMatchObject({ revision: version, status: 'active', opens: [], label: 'For the lawyer' });
    expect(made.url).toBe(`https://news.example.org/articles/${slug}?preview=${made.token}`);
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(600_000);
    const read = await editor.editorial.previews.read({ params: { id, linkId: made.id } });
    expect(JSON.stringify(read)).not.toContain(made.token);
    const kept = await app.db.collection('previewLinks').findOne({ label: 'For the lawyer' });
    expect(JSON.stringify(kept)).not.toContain(made.token);
    expect(await auditOf(app, 'article', id)).toContainEqual(
      expect.objectContaining({
        action: 'preview.create',
        after: expect.objectContaining({ link: made.id }),
      }),
    );
    expect(JSON.stringify(await auditOf(app, 'article', id))).not.toContain(String(kept?.hash));
  });

  it('leads to the page of the frontend that the settings name', async () => {
    const { settings } = (await app.as('admin')).editorial;
    const previewUrl = 'https://news.example.org/preview/{slug}?t={token}';
    const { version } = await settings.change({ ifMatch: 0, body: { publishing: { previewUrl } } });
    const { id, slug } = await draft(editor);

    const { url, token } = await link(editor, id);

    expect(url).toBe(`https://news.example.org/preview/${slug}?t=${token}`);
    await settings.change({ ifMatch: version, body: { publishing: { previewUrl: null } } });
  });

  it.each([
    ['longer than a day', { expiresIn: 86_401 }, '/expiresIn'],
    ['of no time', { expiresIn: 0 }, '/expiresIn'],
    ['with an empty label', { label: ' ' }, '/label'],
  ])('refuses one %s', async (_what, body, pointer) => {
    const { id } = await draft(editor);

    await expect(link(editor, id, body)).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer }] },
    });
  });

  it('is for whose the story is', async () => {
    const { id } = await draft(editor);
    const own = await draft(author.client);

    expect((await link(author.client, own.id)).status).toBe('active');
    await expect(link(author.client, id)).rejects.toMatchObject({ status: 404 });
    await expect(link(await app.as('moderator'), id)).rejects.toMatchObject({ status: 403 });
    await expect(link(editor, NOWHERE)).rejects.toMatchObject({ status: 404 });
  });

  it('is refused for a story that was put away', async () => {
    const { id } = await draft(editor);
    await editor.editorial.articles.bin({ params: { id }, ifMatch: 1 });

    await expect(link(editor, id)).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
  });
});

describe('opening a preview', () => {
  it('gives that saved version of a draft, to nobody else and to no cache', async () => {
    const { id, slug } = await draft(editor, { headline: 'The first words' });
    const { token } = await link(editor, id);
    await editor.editorial.articles.change({ params: { id }, ifMatch: 1, body: { standfirst: 'Later.' } });

    const answer = await open(slug, token, '?format=text');

    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-robots-tag')).toContain('noindex');
    expect([answer.headers.get('etag'), answer.headers.get('surrogate-key')]).toEqual([null, null]);
    expect(await answer.json()).toMatchObject({
      ...{ id, slug, headline: 'The first words', standfirst: '', seo: { noindex: true } },
      body: 'The ferry leaves at noon.',
    });
    expect((await send(app, `/content/v1/articles/${slug}`)).status).toBe(404);
    expect((await send(app, `/content/v1/articles/${slug}?preview=${token}`)).status).toBe(200);
  });

  it('gives the working copy of a story while readers keep the published one', async () => {
    const { id, slug, version } = await published(editor, { headline: 'As published' });
    const [before, changed] = [
      await send(app, `/content/v1/articles/${slug}`),
      await editor.editorial.articles.change({
        ...{ params: { id }, ifMatch: version },
        body: { headline: 'As it will be', embargoUntil: '2031-01-01T00:00:00Z' },
      }),
    ];
    const { token } = await link(editor, id);

    expect(before.headers.get('vary')).toContain('Preview-Token');
    expect(await headlineOf(await open(changed.slug, token))).toBe('As it will be');
    expect(await headlineOf(await send(app, `/content/v1/articles/${slug}`))).toBe('As published');
  });

  it('shows its pictures, for minutes', async () => {
    const picture = await uploaded(editor);
    const { id, slug } = await draft(editor, { hero: { media: picture.id } });
    const { token } = await link(editor, id);

    const { hero } = (await (await open(slug, token)).json()) as { hero: { renditions: { url: string }[] } };

    const address = new URL(hero.renditions[0]?.url ?? '');
    expect((await send(app, address.pathname + address.search)).status).toBe(200);
    expect((await send(app, address.pathname)).status).toBe(404);
  });

  it('is noted: who, when, with what, and how often', async () => {
    const { id, slug } = await draft(editor);
    const made = await link(editor, id);
    for (let time = 0; time < 52; time += 1) await open(slug, made.token);

    const { opens, openCount } = await editor.editorial.previews.read({ params: { id, linkId: made.id } });
    expect([opens.length, openCount]).toEqual([50, 52]);
    expect(opens[0]).toMatchObject({ address: expect.stringContaining('127.0.0.1'), device: 'node' });
    const { data } = await editor.editorial.previews.list({ params: { id } });
    expect(data.map((one) => one.id)).toEqual([made.id]);
  });

  it('ends with its time, its revocation, and with the one who made it', async () => {
    const leaver = await app.person('editor', 'leaver');
    const { id, slug } = await draft(editor);
    const [timed, revoked, orphaned] = [
      await link(editor, id, { expiresIn: 60 }),
      await link(editor, id),
      await link(leaver.client, id),
    ];
    const statuses = async () =>
      (await Promise.all([timed, revoked, orphaned].map(({ token }) => open(slug, token)))).map(
        ({ status }) => status,
      );
    expect(await statuses()).toEqual([200, 200, 200]);

    await editor.editorial.previews.revoke({ params: { id, linkId: revoked.id } });
    await editor.editorial.previews.revoke({ params: { id, linkId: revoked.id } });
    expect(await statuses()).toEqual([200, 404, 200]);
    const admin = await app.as('admin');
    const { version } = await admin.editorial.users.read({ params: { id: leaver.id } });
    await admin.editorial.users.deactivate({ params: { id: leaver.id }, ifMatch: version });
    expect(await statuses()).toEqual([200, 404, 404]);
    app.clock.advance(61_000);
    expect(await statuses()).toEqual([404, 404, 404]);

    const rows = (await auditOf(app, 'article', id)).filter(({ action }) => action === 'preview.revoke');
    expect(rows).toHaveLength(1);
    const seen = await editor.editorial.previews.read({ params: { id, linkId: revoked.id } });
    expect(seen).toMatchObject({ status: 'revoked', openCount: 1 });
  });

  it('ends with the right of its maker, and when the story is put away', async () => {
    const { id, slug } = await draft(author.client);
    const { token } = await link(author.client, id);
    const other = await draft(editor, { assignee: author.id });
    const lent = await link(author.client, other.id);
    await editor.editorial.articles.change({
      params: { id: other.id },
      ifMatch: 1,
      body: { assignee: null },
    });
    await editor.editorial.articles.bin({ params: { id }, ifMatch: 1 });

    expect([(await open(slug, token)).status, (await open(other.slug, lent.token)).status]).toEqual([
      404, 404,
    ]);
  });

  it('works under every address of its story, and under no other', async () => {
    const { id, slug, version } = await published(editor, { headline: 'Two addresses' });
    const renamed = await editor.editorial.articles.change({
      ...{ params: { id }, ifMatch: version, body: { slug: 'another-address' } },
    });
    const { token } = await link(editor, id);
    const other = await published(editor, { body: paragraphs('Of another story.') });

    const statuses = await Promise.all(
      [slug, renamed.slug, other.slug, 'no-such-address'].map(async (at) => (await open(at, token)).status),
    );

    expect(statuses).toEqual([200, 200, 404, 404]);
  });
});

describe('where the site asks for a key', () => {
  it('a frontend opens previews with the scope content:preview', async () => {
    const { id, slug } = await draft(editor);
    const { token } = await link(editor, id);
    const { settings } = (await app.as('admin')).editorial;
    const now = await settings.read();
    const on = { ifMatch: now.version, body: { security: { contentNeedsKey: true } } };
    const { version } = await settings.change(on);
    const [reading, previewing] = [
      await keyWith(app, ['content:read']),
      await keyWith(app, ['content:preview']),
    ];
    const as = (key?: string) =>
      send(app, `/content/v1/articles/${slug}`, {
        ...(key ? { token: key } : {}),
        headers: { 'Preview-Token': token },
      });

    const answers = [await as(), await as(reading.key), await as(previewing.key)];

    expect(answers.map(({ status }) => status)).toEqual([401, 403, 200]);
    expect(answers[2]?.headers.get('cache-control')).toBe('no-store');
    await settings.change({ ifMatch: version, body: { security: { contentNeedsKey: false } } });
  });
});
