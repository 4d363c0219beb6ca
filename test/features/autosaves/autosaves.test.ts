import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';

const ORIGIN = 'http://localhost:3000';

let app: TestApp;
let author: Person;
let editor: Person;
let admin: Person;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.person('author');
  editor = await app.person('editor');
  admin = await app.person('admin');
});
afterAll(() => app.close());

const keep = ({ client }: Person, id: string, base: number, changes: Record<string, unknown>) =>
  client.editorial.autosaves.keep({ params: { id }, body: { base, changes } });
const read = ({ client }: Person, id: string) => client.editorial.autosaves.read({ params: { id } });
const save = ({ client }: Person, id: string, ifMatch: number) =>
  client.editorial.articles.change({ params: { id }, ifMatch, body: { kicker: `Save of ${ifMatch}` } });

const none = { status: 404, code: 'not_found' };

describe('unsaved text', () => {
  it('is kept beside the story, and offered back', async () => {
    const story = await draft(author.client);
    const { id } = story;
    const changes = { headline: 'Half a th', body: { type: 'doc', content: [] } };

    const kept = await keep(author, id, 1, changes);

    expect(kept).toEqual({ base: 1, changes, savedAt: expect.any(String) });
    expect(await read(author, id)).toEqual(kept);
    expect(await author.client.editorial.articles.read({ params: { id } })).toEqual(story);
    expect(await app.db.collection('revisions').countDocuments({ article: story.id as never })).toBe(0);
    expect(await auditOf(app, 'article', id)).toHaveLength(1);
  });

  it('is one of each person, the last', async () => {
    const { id } = await draft(author.client);
    await keep(author, id, 1, { kicker: 'first' });
    await keep(author, id, 1, { kicker: 'second' });
    await keep(editor, id, 1, { kicker: 'of the desk' });

    expect((await read(author, id)).changes).toEqual({ kicker: 'second' });
    expect((await read(editor, id)).changes).toEqual({ kicker: 'of the desk' });
    expect(await app.db.collection('autosaves').countDocuments({ _id: new RegExp(`^${id}`) } as never)).toBe(
      2,
    );
  });

  it('is shown to nobody else, whoever they are', async () => {
    const { id } = await draft(author.client);
    await keep(author, id, 1, { standfirst: 'xyzzy, only mine' });

    await expect(read(editor, id)).rejects.toMatchObject(none);
    await expect(read(admin, id)).rejects.toMatchObject(none);
    const seen = [
      await admin.client.editorial.articles.read({ params: { id } }),
      await admin.client.editorial.articles.list(),
    ];
    expect(JSON.stringify(seen)).not.toContain('xyzzy');
  });

  it('may be no story yet: what is typed half-way is kept as it is', async () => {
    const { id } = await draft(author.client);
    const changes = {
      headline: '',
      slug: 'Not a slug!',
      embargoUntil: '2026-1',
      body: { type: 'doc', content: [{ type: 'nonsense', $where: 'a.b', 'c.d': '$e' }] },
    };

    expect((await keep(author, id, 1, changes)).changes).toEqual(changes);
    expect((await read(author, id)).changes).toEqual(changes);
  });

  it('is kept while somebody else has the lock, and when the story has moved on', async () => {
    const { id } = await draft(author.client);
    await save(editor, id, 1);
    await editor.client.editorial.locks.take({ params: { id }, body: {} });

    expect(await keep(author, id, 1, { kicker: 'Mine' })).toMatchObject({ base: 1 });
  });

  it('is thrown away, once or twice', async () => {
    const { id } = await draft(author.client);
    await keep(author, id, 1, { kicker: 'x' });
    const discard = () => author.client.editorial.autosaves.discard({ params: { id } });

    await discard();
    await discard();

    await expect(read(author, id)).rejects.toMatchObject(none);
  });

  it('is gone for the one who saved that version or merged it, and for nobody else', async () => {
    const { id } = await draft(author.client);
    await keep(author, id, 1, { kicker: 'a' });
    await keep(editor, id, 1, { kicker: 'e' });

    await save(author, id, 1);
    await expect(read(author, id)).rejects.toMatchObject(none);
    expect((await read(editor, id)).base).toBe(1);

    await editor.client.editorial.merge.merge({
      params: { id },
      body: { base: 1, changes: { sensitive: true } },
    });
    await expect(read(editor, id)).rejects.toMatchObject(none);
  });

  it('stays when nothing was saved', async () => {
    const { id } = await draft(author.client);
    await keep(author, id, 1, { kicker: 'mine' });

    await author.client.editorial.articles.change({ params: { id }, ifMatch: 1, body: {} });
    await author.client.editorial.merge.merge({ params: { id }, body: { base: 1, changes: {} } });

    expect((await read(author, id)).changes).toEqual({ kicker: 'mine' });
  });

  it('stays when the save of it is refused', async () => {
    const { id } = await draft(author.client);
    await save(editor, id, 1);
    await keep(author, id, 1, { kicker: 'mine' });

    await expect(save(author, id, 1)).rejects.toMatchObject({ status: 412 });
    expect((await read(author, id)).changes).toEqual({ kicker: 'mine' });
  });

  it('goes by itself after 30 days', async () => {
    const indexes = await app.db.collection('autosaves').indexes();

    expect(indexes.find(({ name }) => name === 'expiry')?.expireAfterSeconds).toBe(30 * 24 * 3600);
  });

  it('is refused on a version that is not there, with other fields, and when it is too large', async () => {
    const { id } = await draft(author.client);
    const put = (body: string) =>
      send(app, `/editorial/v1/articles/${id}/autosave`, { method: 'PUT', token: author.token, body });

    await expect(keep(author, id, 2, {})).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/base' }] },
    });
    const odd = await put('{"base":1,"changes":{"status":"published"}}');
    expect([odd.status, await odd.json()]).toMatchObject([422, { errors: [{ pointer: '/changes/status' }] }]);
    expect((await put(JSON.stringify({ base: 1, changes: { kicker: 'x'.repeat(1_100_000) } }))).status).toBe(
      413,
    );
  });

  it('is refused on the story of another author, and to moderators', async () => {
    const { id } = await draft(author.client);
    const stranger = await app.person('author', 'bo');

    await expect(keep(stranger, id, 1, {})).rejects.toMatchObject(none);
    await expect(read(stranger, id)).rejects.toMatchObject(none);
    await expect(keep(author, NOWHERE, 1, {})).rejects.toMatchObject(none);
    await expect(keep(await app.person('moderator'), id, 1, {})).rejects.toMatchObject({ status: 403 });
  });
});

describe('S19 after the access token has expired', () => {
  const MINUTE = 60_000;
  const body = JSON.stringify({ base: 1, changes: { kicker: 'last words' } });

  async function signedIn(email: string): Promise<{ token: string; Cookie: string }> {
    const answer = await send(app, '/editorial/v1/auth/login', {
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    const { accessToken } = (await answer.json()) as { accessToken: string };
    return { token: accessToken, Cookie: String(answer.headers.get('set-cookie')).split(';')[0] ?? '' };
  }

  const put = (id: string, headers: Record<string, string>, token?: string) =>
    send(app, `/editorial/v1/articles/${id}/autosave`, {
      method: 'PUT',
      body,
      headers,
      ...(token ? { token } : {}),
    });

  /** A writer whose access token expired so many minutes ago. The clock moves on for all: each test has a person of its own. */
  async function expired(minutes: number, name: string) {
    const writer = await app.person('author', name);
    const fresh = await signedIn(writer.email);
    const { id } = await draft(writer.client);
    app.clock.advance((15 + minutes) * MINUTE);
    return { ...writer, ...fresh, id };
  }

  it('the session cookie still keeps text, and nothing else', async () => {
    const { id, token, Cookie } = await expired(29, 'late');
    const own = { Cookie, Origin: ORIGIN };
    const before = await app.db.collection('refreshTokens').find().toArray();

    const kept = await put(id, own, token);
    const withoutToken = await put(id, { Cookie, 'Sec-Fetch-Site': 'same-origin' });

    expect([kept.status, withoutToken.status]).toEqual([200, 200]);
    expect(kept.headers.get('set-cookie')).toBeNull();
    expect(await app.db.collection('refreshTokens').find().toArray()).toEqual(before);
    const path = `/editorial/v1/articles/${id}`;
    const others = await Promise.all([
      send(app, `${path}/autosave`, { headers: own, token }),
      send(app, `${path}/autosave`, { method: 'DELETE', headers: own, token }),
      send(app, path, { headers: own, token }),
      send(app, path, { method: 'PATCH', body: '{}', headers: { ...own, 'If-Match': '"1"' }, token }),
      send(app, `${path}/lock`, { method: 'PUT', body: '{}', headers: own, token }),
    ]);
    expect(others.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  });

  it.each<[string, Record<string, string>]>([
    ['a foreign origin', { Origin: 'https://evil.example' }],
    ['a look-alike', { Origin: `${ORIGIN}.evil.example` }],
    ['the origin null', { Origin: 'null' }],
    ['another site, says the browser', { 'Sec-Fetch-Site': 'cross-site' }],
    ['no word of where it comes from', {}],
  ])('S26 not for a page of another site: %s', async (what, headers) => {
    const { id, Cookie } = await expired(1, `foreign ${what}`.replace(/[^a-z]+/g, '-'));

    expect((await put(id, { Cookie, ...headers })).status).toBe(403);
    expect(await app.db.collection('autosaves').countDocuments({ _id: new RegExp(`^${id}`) } as never)).toBe(
      0,
    );
  });

  it('not for more than half an hour', async () => {
    const { id, token, Cookie } = await expired(31, 'too-late');

    expect((await put(id, { Cookie, Origin: ORIGIN }, token)).status).toBe(401);
  });

  it('not without the cookie, with a spent or made-up one, or with an access token in it', async () => {
    const { id, token, Cookie } = await expired(1, 'spent');
    const own = { Origin: ORIGIN };
    await send(app, '/editorial/v1/auth/refresh', { body: '{}', headers: { ...own, Cookie } });

    const answers = await Promise.all([
      put(id, own, token),
      put(id, { ...own, Cookie }, token),
      put(id, { ...own, Cookie: 'copydesk=made-up' }, token),
      put(id, { ...own, Cookie: `copydesk=${token}` }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it('not when the session or the person is out', async () => {
    const { id, Cookie, ...writer } = await expired(1, 'leaver');
    await app.db
      .collection('sessions')
      .updateMany({ user: (await app.db.collection('users').findOne({ email: writer.email }))?._id }, {
        $set: { endedAt: new Date() },
      } as never);

    expect((await put(id, { Cookie, Origin: ORIGIN })).status).toBe(401);
  });

  it('not on somebody else’s story', async () => {
    const { Cookie } = await expired(1, 'nosy');
    const { id } = await expired(1, 'victim');

    expect((await put(id, { Cookie, Origin: ORIGIN })).status).toBe(404);
  });
});
