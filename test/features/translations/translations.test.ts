import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf, eventsOf } from '../../support/records.ts';

const SITE = 'https://news.example.org';

let app: TestApp;
let editor: Person;
let desk: Person['client']['editorial'];

beforeAll(async () => {
  app = await createTestApp({ SITE_URL: SITE });
  editor = await app.person('editor');
  desk = editor.client.editorial;
});
afterAll(() => app.close());

const live = (language: string) => published(editor.client, { language });
const read = (id: string) => desk.translations.read({ params: { id } });

/** Links a story to another, as its version. */
async function link(id: string, article: string) {
  const { version } = await read(id);
  return desk.translations.link({ params: { id }, ifMatch: version, body: { article } });
}

async function unlink(id: string) {
  const { version } = await read(id);
  return desk.translations.unlink({ params: { id }, ifMatch: version });
}

/** The languages in which readers are told that they find a story as well. */
async function alternatesOf(slug: string): Promise<string[]> {
  const { alternates } = await app.anonymous.content.articles.read({ params: { slug } });
  return alternates.map(({ language }) => language);
}

const groupOf = async (article: string) => {
  const groups = await app.db.collection('translations').find().toArray();
  return groups.find(({ members }) =>
    members.some((one: { article: unknown }) => String(one.article) === article),
  );
};

describe('linking language versions', () => {
  it('gives readers of each the others, at once', async () => {
    const [en, ga, fr] = [await live('en'), await live('ga'), await live('fr')];
    expect(await alternatesOf(en.slug)).toEqual([]);

    const linked = await link(ga.id, en.id);
    await link(en.id, fr.id);

    expect(linked).toMatchObject({
      version: 1,
      members: [
        { article: en.id, language: 'en', headline: en.headline, slug: en.slug, status: 'published' },
        { article: ga.id, language: 'ga' },
      ],
    });
    const { alternates } = await app.anonymous.content.articles.read({ params: { slug: en.slug } });
    expect(alternates).toEqual([
      { language: 'fr', slug: fr.slug, url: `${SITE}/articles/${fr.slug}` },
      { language: 'ga', slug: ga.slug, url: `${SITE}/articles/${ga.slug}` },
    ]);
    expect(await alternatesOf(ga.slug)).toEqual(['en', 'fr']);
    const { data } = await app.anonymous.content.articles.list({
      query: { language: 'fr', fields: 'alternates' },
    });
    expect(data[0]?.alternates?.map(({ language }) => language)).toEqual(['en', 'ga']);
    expect(await desk.articles.read({ params: { id: ga.id } })).toMatchObject({ version: ga.version });
  });

  it('is written down, and told with what caches have to drop', async () => {
    const [en, ga] = [await live('en'), await live('ga')];
    await link(ga.id, en.id);

    expect((await auditOf(app, 'article', ga.id)).at(-1)).toMatchObject({
      action: 'article.link-translation',
      actor: { id: editor.id },
      before: [],
      after: [
        { article: en.id, language: 'en' },
        { article: ga.id, language: 'ga' },
      ],
    });
    const group = String((await groupOf(en.id))?._id);
    expect(await eventsOf(app, 'translations', group)).toMatchObject([
      {
        type: 'translations.changed',
        data: {
          surrogateKeys: expect.arrayContaining([
            `translations-${group}`,
            `article-${en.id}`,
            `article-${ga.id}`,
          ]),
          urls: expect.arrayContaining([`${SITE}/articles/${en.slug}`]),
        },
      },
    ]);
    const page = await send(app, `/content/v1/articles/${en.slug}`);
    expect(page.headers.get('surrogate-key')?.split(' ')).toContain(`translations-${group}`);
  });

  it('tells nothing of drafts, until they are published', async () => {
    const [en, ga] = [await live('en'), await draft(editor.client, { language: 'ga' })];
    await link(en.id, ga.id);
    expect(await alternatesOf(en.slug)).toEqual([]);
    const group = String((await groupOf(en.id))?._id);
    const [event] = await eventsOf(app, 'translations', group);
    expect(JSON.stringify(event)).not.toContain(ga.id);

    await desk.articles.publish({ params: { id: ga.id }, ifMatch: ga.version });

    expect(await alternatesOf(en.slug)).toEqual(['ga']);
    const told = (await eventsOf(app, 'article', ga.id)).at(-1);
    expect(told?.data).toMatchObject({
      surrogateKeys: expect.arrayContaining([`translations-${group}`]),
      urls: [`${SITE}/articles/${ga.slug}`, `${SITE}/articles/${en.slug}`],
    });
  });

  it.each(['unpublish', 'kill'] as const)('%s takes a version out of the others at once', async (act) => {
    const [en, ga] = [await live('en'), await live('ga')];
    await link(en.id, ga.id);
    const path = `/content/v1/articles/${en.slug}`;
    const before = await send(app, path);
    expect(await alternatesOf(en.slug)).toEqual(['ga']);

    const call = { params: { id: ga.id }, ifMatch: ga.version };
    if (act === 'kill') await desk.articles.kill({ ...call, body: { reason: 'Libel.' } });
    else await desk.articles.unpublish(call);

    expect(await alternatesOf(en.slug)).toEqual([]);
    const conditions: Record<string, string>[] = [
      { 'If-None-Match': before.headers.get('etag') ?? '' },
      { 'If-Modified-Since': new Date(Date.now() + 60_000).toUTCString() },
    ];
    for (const headers of conditions) expect((await send(app, path, { headers })).status).toBe(200);
    expect((await read(en.id)).members).toHaveLength(2);
  });

  it('follows a version to its new slug and language', async () => {
    const [en, ga] = [await live('en'), await live('ga')];
    await link(en.id, ga.id);

    const { id } = ga;
    const body = { language: 'fr', slug: `${ga.slug}-fr` };
    const changed = await desk.articles.change({ params: { id }, ifMatch: ga.version, body });
    expect(await alternatesOf(en.slug)).toEqual(['ga']);
    await desk.articles.publish({ params: { id }, ifMatch: changed.version });

    const { alternates } = await app.anonymous.content.articles.read({ params: { slug: en.slug } });
    expect(alternates).toMatchObject([body]);
  });
});

describe('one version for each language', () => {
  it('is held by linking and by saving', async () => {
    const [en, ga, other] = [await live('en'), await live('ga'), await live('en')];
    await link(en.id, ga.id);

    await expect(link(other.id, ga.id)).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
      problem: { article: en.id },
    });
    await expect(
      desk.articles.change({ params: { id: ga.id }, ifMatch: ga.version, body: { language: 'en' } }),
    ).rejects.toMatchObject({ status: 409, code: 'conflict', problem: { article: en.id } });
    await expect(
      desk.articles.change({ params: { id: other.id }, ifMatch: other.version, body: { language: 'ga' } }),
    ).resolves.toMatchObject({ language: 'ga' });
  });

  it('holds when several are linked at the same moment', async () => {
    const en = await live('en');
    const others = [await live('ga'), await live('ga'), await live('ga'), await live('fr')];
    const outcomes = await Promise.allSettled(
      others.map(({ id }) =>
        desk.translations.link({ params: { id }, ifMatch: 0, body: { article: en.id } }),
      ),
    );

    for (const one of outcomes)
      if (one.status === 'rejected') expect([409, 503]).toContain(one.reason.status);
    const { members } = await read(en.id);
    expect(new Set(members.map(({ language }) => language)).size).toBe(members.length);
  });

  it('and one set of versions for each story', async () => {
    const [en, ga, fr, de] = [await live('en'), await live('ga'), await live('fr'), await live('de')];
    await link(en.id, ga.id);
    await link(fr.id, de.id);

    await expect(link(en.id, fr.id)).rejects.toMatchObject({ status: 409, code: 'conflict' });
    expect(await link(en.id, ga.id)).toMatchObject({ version: 1 });
  });
});

describe('unlinking', () => {
  it('takes the story out, and ends the set of the last two', async () => {
    const [en, ga, fr] = [await live('en'), await live('ga'), await live('fr')];
    await link(en.id, ga.id);
    await link(fr.id, en.id);

    expect(await unlink(fr.id)).toEqual({ version: 0, members: [] });
    expect(await alternatesOf(en.slug)).toEqual(['ga']);
    expect(await alternatesOf(fr.slug)).toEqual([]);
    await unlink(en.id);

    expect([await alternatesOf(en.slug), await alternatesOf(ga.slug)]).toEqual([[], []]);
    expect(await groupOf(ga.id)).toBeUndefined();
    expect((await auditOf(app, 'article', en.id)).at(-1)).toMatchObject({
      action: 'article.unlink-translation',
      before: [{ article: ga.id }, { article: en.id }],
      after: [],
    });
    const since = { 'If-Modified-Since': new Date(Date.now() + 60_000).toUTCString() };
    expect((await send(app, `/content/v1/articles/${ga.slug}`, { headers: since })).status).toBe(200);
  });

  it('comes by itself to a story that is deleted for good', async () => {
    const [en, ga] = [await live('en'), await draft(editor.client, { language: 'ga' })];
    await link(en.id, ga.id);
    const { id } = ga;
    await desk.articles.bin({ params: { id }, ifMatch: ga.version });
    const binned = app.db.collection('articles');
    await binned.updateMany({ binnedAt: { $ne: null } }, { $set: { binnedAt: new Date(0) } });

    await app.services.emptyBin(1);

    expect(await read(en.id)).toMatchObject({ members: [{ article: en.id }] });
    expect(await alternatesOf(en.slug)).toEqual([]);
    expect(await link(en.id, (await live('ga')).id)).toMatchObject({ members: { length: 2 } });
  });

  it('needs a link, the version that was read, and If-Match', async () => {
    const [en, ga] = [await live('en'), await live('ga')];
    const params = { id: en.id };
    await expect(desk.translations.unlink({ params, ifMatch: 0 })).rejects.toMatchObject({ status: 404 });
    await link(en.id, ga.id);

    const stale = { status: 412, code: 'stale_version', problem: { current: { version: 1 } } };
    await expect(desk.translations.unlink({ params, ifMatch: 0 })).rejects.toMatchObject(stale);
    await expect(
      desk.translations.link({ params, ifMatch: 7, body: { article: ga.id } }),
    ).rejects.toMatchObject(stale);
    const bare = { method: 'DELETE', token: editor.token };
    expect((await send(app, `/editorial/v1/articles/${en.id}/translations`, bare)).status).toBe(428);
  });
});

describe('who and what', () => {
  it('an author reads the versions of their story, without what is hidden from them, and links none', async () => {
    const author = await app.person('author');
    const own = await draft(author.client, { language: 'en' });
    const hidden = await draft(editor.client, { language: 'ga' });
    await link(own.id, hidden.id);
    const { translations } = author.client.editorial;
    const params = { id: own.id };

    expect(await translations.read({ params })).toMatchObject({
      members: [
        { article: hidden.id, language: 'ga', headline: null, slug: null, status: null },
        { article: own.id, headline: own.headline },
      ],
    });
    await expect(translations.read({ params: { id: hidden.id } })).rejects.toMatchObject({ status: 404 });
    const forbidden = { status: 403, code: 'forbidden' };
    await expect(
      translations.link({ params, ifMatch: 1, body: { article: hidden.id } }),
    ).rejects.toMatchObject(forbidden);
    await expect(translations.unlink({ params, ifMatch: 1 })).rejects.toMatchObject(forbidden);
  });

  it('both must be stories, two of them, and neither in the bin nor withdrawn', async () => {
    const [en, ga] = [await live('en'), await draft(editor.client, { language: 'ga' })];
    const to = (id: string, article: string) =>
      desk.translations.link({ params: { id }, ifMatch: 0, body: { article } });

    for (const [article, code] of [
      [NOWHERE, 'no_such_story'],
      [en.id, 'same_story'],
    ] as const)
      await expect(to(en.id, article)).rejects.toMatchObject({
        status: 422,
        problem: { errors: [{ pointer: '/article', code }] },
      });
    await expect(to(NOWHERE, en.id)).rejects.toMatchObject({ status: 404 });
    await desk.articles.bin({ params: { id: ga.id }, ifMatch: ga.version });
    await expect(to(en.id, ga.id)).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
    await desk.articles.kill({ params: { id: en.id }, ifMatch: en.version, body: { reason: 'Libel.' } });
    await expect(to(en.id, (await live('fr')).id)).rejects.toMatchObject({
      code: 'wrong_state',
      problem: { state: 'killed' },
    });
  });
});
