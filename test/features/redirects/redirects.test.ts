import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf, eventsOf } from '../../support/records.ts';

const SITE = 'https://news.example.org';

let app: TestApp;
let editor: Person;
let redirects: Client['editorial']['redirects'];
let articles: Client['editorial']['articles'];

beforeAll(async () => {
  app = await createTestApp({ SITE_URL: SITE });
  editor = await app.person('editor');
  redirects = editor.client.editorial.redirects;
  articles = editor.client.editorial.articles;
});
afterAll(() => app.close());

let made = 0;
const fresh = (): string => {
  made += 1;
  return `/old/page-${made}`;
};
const freshSlug = (): string => fresh().slice(5).replace('page', 'gone');
const make = (from: string, to: string, permanent?: boolean) =>
  redirects.create({ body: { from, to, ...(permanent === undefined ? {} : { permanent }) } });

/** What a reader's frontend gets for the slug of a story. */
const asked = async (slug: string, more = ''): Promise<[number, string | null]> => {
  const answer = await send(app, `/content/v1/articles/${slug}${more}`);
  await answer.body?.cancel();
  return [answer.status, answer.headers.get('location')];
};
/** What a frontend is told of a path of the site. */
const told = async (from: string) => (await app.anonymous.content.redirects.list({ query: { from } })).data;

const conflict = (words: RegExp) => ({
  status: 409,
  code: 'conflict',
  problem: { detail: expect.stringMatching(words) },
});

describe('a redirect', () => {
  it('leads readers from a slug to a story, under whatever slug that has', async () => {
    const { id, version } = await published(editor.client, { slug: 'harbour-now' });
    const from = freshSlug();

    const redirect = await make(from, 'harbour-now');

    expect(redirect).toMatchObject({
      from,
      to: 'harbour-now',
      permanent: true,
      story: id,
      url: `${SITE}/articles/harbour-now`,
      version: 1,
    });
    expect(await asked(from, '?format=html')).toEqual([301, '/content/v1/articles/harbour-now?format=html']);
    const renamed = await articles.change({
      params: { id },
      ifMatch: version,
      body: { slug: 'harbour-later' },
    });
    await articles.publish({ params: { id }, ifMatch: renamed.version });
    expect(await asked(from)).toEqual([301, '/content/v1/articles/harbour-later']);
    expect(await told(`/articles/${from}/`)).toEqual([
      { from, url: `${SITE}/articles/harbour-later`, status: 301 },
    ]);
    expect(await redirects.read({ params: { id: redirect.id } })).toMatchObject({
      url: `${SITE}/articles/harbour-later`,
    });
  });

  it('leads to a page of the site or elsewhere, for good or for a while', async () => {
    const [page, elsewhere] = [freshSlug(), freshSlug()];
    await make(page, '/elections/', false);
    await make(elsewhere, 'https://other.example.org/x');

    expect(await asked(page)).toEqual([302, `${SITE}/elections`]);
    expect(await asked(elsewhere)).toEqual([301, 'https://other.example.org/x']);
    expect((await send(app, `/content/v1/articles/${page}/history`)).status).toBe(302);
  });

  it('is told and kept in the log, with what caches have to drop', async () => {
    const from = fresh();
    const { id } = await make(from, '/new');

    expect(await told(`${from}/`)).toEqual([{ from, url: `${SITE}/new`, status: 301 }]);
    expect(await auditOf(app, 'redirect', id)).toMatchObject([
      { action: 'redirect.create', actor: { id: editor.id }, before: null, after: { from, to: '/new' } },
    ]);
    expect(await eventsOf(app, 'redirect', id)).toMatchObject([
      {
        type: 'redirect.changed',
        data: { id, from, to: '/new', surrogateKeys: ['redirects', `redirect-${id}`], urls: [SITE + from] },
      },
    ]);
  });

  it('is seen at once, and gone at once, where the answer was kept', async () => {
    const from = fresh();
    expect(await told(from)).toEqual([]);

    const { id } = await make(from, '/new');
    expect(await told(from)).toHaveLength(1);
    await redirects.change({ params: { id }, ifMatch: 1, body: { to: '/newer' } });
    expect(await told(from)).toMatchObject([{ url: `${SITE}/newer` }]);
    await redirects.remove({ params: { id }, ifMatch: 2 });

    expect(await told(from)).toEqual([]);
    const answer = await send(app, '/content/v1/redirects');
    expect(answer.headers.get('surrogate-key')?.split(' ')).toContain('redirects');
  });

  it.each([
    ['an address that is none', { from: 'Old Page', to: '/new' }, '/from', 'no_address'],
    ['an address of another site', { from: 'https://other.example/x', to: '/new' }, '/from', 'not_ours'],
    ['the front page', { from: '/', to: '/new' }, '/from', 'front_page'],
    ['a target without a scheme we lead to', { from: '/x', to: 'ftp://a.example/' }, '/to', 'no_address'],
    ['a target on no host', { from: '/x', to: '//evil.example' }, '/to', 'no_address'],
    ['a story that is not there', { from: '/x', to: 'no-such-story-at-all' }, '/to', 'no_such_story'],
  ])('from or to %s is refused', async (_what, body, pointer, code) => {
    await expect(redirects.create({ body })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer, code })] },
    });
  });

  it('from an address that has one is refused, however it is written', async () => {
    const from = fresh();
    const { id } = await make(from, '/new');

    for (const spelt of [from, `${from}/`, `${SITE}${from}`])
      await expect(make(spelt, '/other')).rejects.toMatchObject({
        ...conflict(/already/),
        problem: { redirect: id },
      });
  });

  it('by eight at once from one address happens once', async () => {
    const from = freshSlug();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => make(from, `/new-${n}`)));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of outcomes)
      if (one.status === 'rejected') expect([409, 503]).toContain(one.reason.status);
  });

  it('is the desk’s', async () => {
    const { id } = await make(fresh(), '/new');
    const author = (await app.as('author')).editorial.redirects;
    const params = { id };
    const forbidden = { status: 403, code: 'forbidden' };

    await expect(author.create({ body: { from: '/a', to: '/b' } })).rejects.toMatchObject(forbidden);
    await expect(author.list()).rejects.toMatchObject(forbidden);
    await expect(author.change({ params, ifMatch: 1, body: {} })).rejects.toMatchObject(forbidden);
    await expect(author.remove({ params, ifMatch: 1 })).rejects.toMatchObject(forbidden);
    await expect(author.import({ body: { redirects: [{ from: '/a', to: '/b' }] } })).rejects.toMatchObject(
      forbidden,
    );
  });
});

describe('redirects that meet', () => {
  it('lead to the end in one hop, whichever was made first', async () => {
    const [a, b, c] = [freshSlug(), freshSlug(), freshSlug()];
    const first = await make(a, `/articles/x/${b}`);
    await make(b, '/end');
    const behind = await make(c, b);
    await make(`/articles/x/${b}`, b);

    expect(behind).toMatchObject({ to: '/end', url: `${SITE}/end` });
    expect(await asked(c)).toEqual([301, `${SITE}/end`]);
    expect(await asked(a)).toEqual([301, `${SITE}/end`]);
    expect(await redirects.read({ params: { id: first.id } })).toMatchObject({ to: '/end', version: 2 });
    expect((await auditOf(app, 'redirect', first.id)).at(-1)).toMatchObject({
      action: 'redirect.change',
      after: { to: '/end' },
    });
  });

  it('are for a while where one of them is', async () => {
    const [a, b] = [freshSlug(), freshSlug()];
    await make(b, '/end', false);

    expect(await make(a, b)).toMatchObject({ to: '/end', permanent: false });
  });

  it('never lead round in a circle', async () => {
    const [a, b, c] = [fresh(), fresh(), fresh()];
    await make(a, b);
    await make(b, c);
    const { id, version } = await make(fresh(), '/x');

    await expect(make(c, a)).rejects.toMatchObject({ ...conflict(/circle/), problem: { loop: [c, a, c] } });
    await expect(make('/self', `${SITE}/self/`)).rejects.toMatchObject(conflict(/circle/));
    const patch = { params: { id }, ifMatch: version, body: { from: c, to: b } };
    await expect(redirects.change(patch)).rejects.toMatchObject(conflict(/circle/));
    expect(await told(c)).toEqual([]);
  });

  it('made both ways at the same moment leave one', async () => {
    const [a, b] = [fresh(), fresh()];
    const outcomes = await Promise.allSettled([make(a, b), make(b, a)]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('redirects and stories', () => {
  it('a redirect hides no story that readers have, under none of its slugs', async () => {
    const { id, version } = await published(editor.client, { slug: 'live-story' });
    const renamed = await articles.change({
      params: { id },
      ifMatch: version,
      body: { slug: 'live-story-2' },
    });
    await articles.publish({ params: { id }, ifMatch: renamed.version });
    const { slug: unseen } = await draft(editor.client);

    for (const from of ['live-story', 'live-story-2', '/articles/live-story'])
      await expect(make(from, '/new')).rejects.toMatchObject(conflict(/must not hide/));
    await expect(make(unseen, '/new')).rejects.toMatchObject(conflict(/being written/));
    expect(await asked('live-story')).toEqual([301, '/content/v1/articles/live-story-2']);
  });

  it('a story does not take the slug of a redirect, and steps aside where it was not asked for', async () => {
    const { id } = await make('ferry-strike', '/new');
    const body = { headline: 'Ferry strike' };

    await expect(articles.create({ body: { ...body, slug: 'ferry-strike' } })).rejects.toMatchObject({
      ...conflict(/redirect leads readers/),
      problem: { redirect: id },
    });
    expect(await articles.create({ body })).toMatchObject({ slug: 'ferry-strike-2' });
    await redirects.remove({ params: { id }, ifMatch: 1 });
    expect(await articles.create({ body: { ...body, slug: 'ferry-strike' } })).toMatchObject({
      slug: 'ferry-strike',
    });
  });

  it('one stands in place of an unpublished story, until that is back', async () => {
    const story = await published(editor.client, { slug: 'was-here' });
    const params = { id: story.id };
    const hidden = await articles.unpublish({ params, ifMatch: story.version });
    const other = await published(editor.client);
    const before = await make(freshSlug(), 'was-here');
    expect(before.url).toBeNull();
    expect(await told(before.from)).toEqual([]);

    const redirect = await make('was-here', other.slug);

    expect(await asked('was-here')).toEqual([301, `/content/v1/articles/${other.slug}`]);
    expect(await asked(before.from)).toEqual([301, `/content/v1/articles/${other.slug}`]);
    await expect(make(other.slug, 'was-here')).rejects.toMatchObject({ status: 409 });
    await articles.publish({ params, ifMatch: hidden.version });
    expect(await asked('was-here')).toEqual([200, null]);
    await expect(redirects.read({ params: { id: redirect.id } })).rejects.toMatchObject({ status: 404 });
    expect((await auditOf(app, 'redirect', redirect.id)).at(-1)).toMatchObject({ action: 'redirect.delete' });
  });

  it('one to a story that readers do not have says nothing of it', async () => {
    const { slug } = await draft(editor.client);
    const from = freshSlug();
    await make(from, slug);
    expect(await asked(from)).toEqual([404, null]);
    expect(await told(from)).toEqual([]);

    const story = await published(editor.client, { slug: 'to-be-killed' });
    const killed = freshSlug();
    await make(killed, 'to-be-killed');
    const body = { reason: 'Libel.' };
    await articles.kill({ params: { id: story.id }, ifMatch: story.version, body });

    expect(await asked(killed)).toEqual([410, null]);
    await expect(make('to-be-killed', '/new')).rejects.toMatchObject(conflict(/withdrawn/));
  });
});

describe('changing and deleting a redirect', () => {
  it('moves it, and frees the address that it leaves', async () => {
    const [from, next] = [freshSlug(), freshSlug()];
    const { id } = await make(from, '/new');

    const changed = await redirects.change({
      params: { id },
      ifMatch: 1,
      body: { from: next, permanent: false },
    });

    expect(changed).toMatchObject({ from: next, to: '/new', permanent: false, version: 2 });
    expect([(await asked(from))[0], (await asked(next))[0]]).toEqual([404, 302]);
    expect(await articles.create({ body: { headline: 'Free', slug: from } })).toMatchObject({ slug: from });
  });

  it('needs the version that was read, and a redirect', async () => {
    const { id } = await make(fresh(), '/new');
    const stale = { status: 412, code: 'stale_version', problem: { current: { id, version: 1 } } };
    const params = { id };

    await expect(redirects.change({ params, ifMatch: 2, body: {} })).rejects.toMatchObject(stale);
    await expect(redirects.remove({ params, ifMatch: 2 })).rejects.toMatchObject(stale);
    for (const method of ['PATCH', 'DELETE']) {
      const bare = { method, token: editor.token, ...(method === 'PATCH' ? { body: '{}' } : {}) };
      expect((await send(app, `/editorial/v1/redirects/${id}`, bare)).status).toBe(428);
    }
    const nothing = { params: { id: NOWHERE }, ifMatch: 1 };
    await expect(redirects.change({ ...nothing, body: {} })).rejects.toMatchObject({ status: 404 });
    await expect(redirects.remove(nothing)).rejects.toMatchObject({ status: 404 });
    await expect(redirects.change({ params, ifMatch: 1, body: { to: '//x' } })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('is listed by address, and found by it', async () => {
    const { id, from } = await make(fresh(), '/new');
    const { data } = await redirects.list({ query: { limit: '100' } });

    const addresses = data.map((one) => one.from);
    expect(addresses).toEqual([...addresses].sort());
    expect((await redirects.list({ query: { from: `${SITE}${from}` } })).data).toMatchObject([{ id }]);
  });
});

describe('an import', () => {
  const send200 = (rows: { from: string; to: string }[]) => redirects.import({ body: { redirects: rows } });

  it('makes each row, in any order, and says what became of it', async () => {
    const story = await published(editor.client);
    const [a, b, c, taken] = [freshSlug(), freshSlug(), fresh(), fresh()];
    await make(taken, '/there');

    const result = await send200([
      { from: a, to: b },
      { from: b, to: story.slug },
      { from: c, to: 'no-such-story-either' },
      { from: taken, to: '/elsewhere' },
      { from: taken, to: '/there' },
      { from: '/loop-1', to: '/loop-2' },
      { from: '/loop-2', to: '/loop-1' },
      { from: 'not an address', to: '/x' },
      { from: story.slug, to: '/x' },
    ]);

    expect(result).toMatchObject({ created: 2, unchanged: 0, refused: 7 });
    expect(result.rows.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['created', null],
      ['created', null],
      ['refused', 'no_such_story'],
      ['refused', 'conflict'],
      ['refused', 'conflict'],
      ['refused', 'loop'],
      ['refused', 'loop'],
      ['refused', 'no_address'],
      ['refused', 'conflict'],
    ]);
    expect(result.rows[7]?.message).toMatch(/^"from": Give a path of your site/);
    expect(result.rows[0]?.redirect).toMatchObject({ from: a, to: story.slug, story: story.id });
    expect(await asked(a)).toEqual([301, `/content/v1/articles/${story.slug}`]);
    const again = await send200([
      { from: a, to: b },
      { from: taken, to: '/there' },
    ]);
    expect(again).toMatchObject({ created: 0, unchanged: 2, refused: 0 });
  });

  it('that would close a circle with what is there is refused, row by row', async () => {
    const [a, b] = [fresh(), fresh()];
    await make(a, b);

    expect(
      await send200([
        { from: b, to: a },
        { from: fresh(), to: '/x' },
      ]),
    ).toMatchObject({
      created: 1,
      rows: [{ outcome: 'refused', code: 'loop' }, { outcome: 'created' }],
    });
  });

  it('is bounded, and takes its 100 rows in one request', async () => {
    const rows = Array.from({ length: 100 }, () => ({ from: fresh(), to: '/many' }));
    await expect(send200([...rows, { from: '/one-more', to: '/many' }])).rejects.toMatchObject({
      status: 422,
    });
    await expect(send200([])).rejects.toMatchObject({ status: 422 });

    expect(await send200(rows)).toMatchObject({ created: 100, refused: 0 });
    expect(await app.db.collection('audit').countDocuments({ 'after.to': '/many' })).toBe(100);
  });
});
