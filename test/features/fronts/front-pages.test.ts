import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';
import { uploaded } from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';
import { auditOf, until } from '../../support/records.ts';

let app: TestApp;
let other: TestApp;
let editor: Person;
let desk: Client['editorial'];
let fronts: Client['editorial']['fronts'];
beforeAll(async () => {
  app = await createTestApp();
  other = await createTestApp({}, { beside: app });
  editor = await app.person('editor');
  desk = editor.client.editorial;
  fronts = desk.fronts;
});
afterAll(async () => {
  await other.close();
  await app.close();
});

let names = 0;
type Body = Parameters<Client['editorial']['fronts']['create']>[0]['body'];
type Containers = NonNullable<Body['containers']>;
const at = (id: string) => ({ params: { id } });

/** A front that readers have. */
async function live(containers: Containers) {
  names += 1;
  const { id } = await fronts.create({ body: { name: `Page ${names}`, containers } });
  return fronts.publish({ ...at(id), ifMatch: 1 });
}
const read = (slug: string, asOf?: string) =>
  app.anonymous.content.fronts.read({ params: { slug }, query: asOf ? { asOf } : {} });
const idsOf = (front: Awaited<ReturnType<typeof read>>) =>
  front.containers.map(({ cards }) => cards.map(({ article }) => article.id));
const cards = (...ids: string[]) => ids.map((article) => ({ article }));

describe('a front as readers get it', () => {
  it('has each card as lists have a story, with the words and the picture that it has here', async () => {
    const story = await published(editor.client, { headline: 'The long headline', kicker: 'Harbour' });
    const picture = await uploaded(editor.client);
    const overrides = { headline: 'Short', kicker: '', picture: { media: picture.id, credit: 'By us' } };
    const { slug, id } = await live([{ title: 'Top', cards: [{ article: story.id, overrides }] }]);

    const answer = await send(app, `/content/v1/fronts/${slug}`);
    const front = (await answer.json()) as Awaited<ReturnType<typeof read>>;
    const { data } = await app.anonymous.content.articles.list();

    const listed = data.find((one) => one.id === story.id);
    const [card] = front.containers[0]?.cards ?? [];
    expect(front).toMatchObject({ id, slug, containers: [{ title: 'Top' }] });
    expect(Object.keys(card?.article ?? {}).sort()).toEqual(Object.keys(listed ?? {}).sort());
    expect(card).toMatchObject({
      placed: true,
      article: { headline: 'Short', kicker: '', hero: { credit: 'By us' }, slug: story.slug },
    });
    expect(answer.headers.get('cache-control')).toContain('s-maxage');
    expect(answer.headers.get('surrogate-key')).toContain(`front-${id}`);
    const file = new URL(card?.article.hero?.renditions[0]?.url ?? '').pathname;
    expect((await send(app, file)).status).toBe(200);
    const again = { headers: { 'If-None-Match': String(answer.headers.get('etag')) } };
    expect((await send(app, `/content/v1/fronts/${slug}`, again)).status).toBe(304);
  });

  it('is filled by queries up to the limit, and repeats no story of the page', async () => {
    const tag = await desk.tags.create({ body: { name: 'Ferries' } });
    const into = await desk.tags.create({ body: { name: 'Boats' } });
    const [one, two, three, four] = [
      await published(editor.client, { tags: [tag.id] }),
      await published(editor.client, { tags: [tag.id], type: 'feature' }),
      await published(editor.client, { tags: [tag.id] }),
      await published(editor.client, { tags: [into.id] }),
    ].map(({ id }) => id) as [string, string, string, string];
    const { slug } = await live([
      { cards: cards(one), backfill: { tag: into.id }, limit: 3 },
      { cards: cards(three), backfill: { tag: into.id }, limit: 9 },
      { backfill: { tag: into.id, type: 'feature' } },
      { cards: [], limit: 4 },
    ]);
    const before = idsOf(await read(slug));

    await desk.tags.merge({ ...at(tag.id), ifMatch: tag.version, body: { into: into.id } });

    expect(before).toEqual([[one, four], [three], [], []]);
    expect(idsOf(await read(slug))).toEqual([[one, four, two], [three], [], []]);
  });

  it('takes a section with all below it, and stories of every kind without a query of its own', async () => {
    const top = await desk.sections.create({ body: { name: 'Fronted' } });
    const below = await desk.sections.create({ body: { name: 'Fronted below', parent: top.id } });
    const inside = await published(editor.client, { section: below.id });
    const newest = await published(editor.client);
    const { slug } = await live([{ backfill: { section: top.id } }, { backfill: {}, limit: 1 }]);

    expect(idsOf(await read(slug))).toEqual([[inside.id], [newest.id]]);
  });

  it('loses a card at once when its story is pulled, here and on another server, and has it again with the story', async () => {
    const [kept, pulled] = [await published(editor.client), await published(editor.client)];
    const { slug } = await live([{ cards: cards(pulled.id, kept.id), limit: 1 }]);
    const elsewhere = async () =>
      idsOf((await (await send(other, `/content/v1/fronts/${slug}`)).json()) as never);
    expect([idsOf(await read(slug)), await elsewhere()]).toEqual([[[pulled.id]], [[pulled.id]]]);

    const hidden = await desk.articles.unpublish({ ...at(pulled.id), ifMatch: pulled.version });

    expect(idsOf(await read(slug))).toEqual([[kept.id]]);
    await until(async () => (await elsewhere())[0]?.[0] === kept.id);
    await desk.articles.publish({ ...at(pulled.id), ifMatch: hidden.version });
    expect(idsOf(await read(slug))).toEqual([[pulled.id]]);
  });

  it('says nothing of a story that is not public: not in words, not by its id, not in a header', async () => {
    const secret = await draft(editor.client, { headline: 'Gannetcrest' });
    const { slug } = await live([
      { cards: [{ article: secret.id, overrides: { headline: 'Gannetcrest soon' } }] },
    ]);

    const answer = await send(app, `/content/v1/fronts/${slug}`);

    const text = (await answer.text()) + JSON.stringify([...answer.headers]);
    expect(text).not.toContain('Gannetcrest');
    expect(text).not.toContain(secret.id);
  });

  it('shows a picture of its own only while it shows the story', async () => {
    const story = await published(editor.client);
    const picture = await uploaded(editor.client);
    const overrides = { picture: { media: picture.id } };
    const { slug, id } = await live([{ cards: [{ article: story.id, overrides }] }]);
    const url = (await read(slug)).containers[0]?.cards[0]?.article.hero?.renditions[0]?.url ?? '';
    const status = async () => (await send(app, new URL(url).pathname)).status;
    expect(await status()).toBe(200);

    await desk.articles.unpublish({ ...at(story.id), ifMatch: story.version });

    expect(await status()).toBe(404);
    await desk.articles.publish({ ...at(story.id), ifMatch: story.version + 1 });
    expect(await status()).toBe(200);
    await fronts.unpublish({ ...at(id), ifMatch: 2 });
    expect(await status()).toBe(404);
  });
});

describe('a front as of a time', () => {
  it('is what readers had then, of the stories that are public now', async () => {
    const [first, second] = [await published(editor.client), await published(editor.client)];
    const front = await live([{ title: 'Then', cards: cards(first.id, second.id) }]);
    const then = String(front.publishedAt);
    const changed = { ...at(front.id), ifMatch: 2, body: { containers: [{ title: 'Now' }] } };
    await fronts.change(changed);
    await fronts.publish({ ...at(front.id), ifMatch: 3 });
    await desk.articles.kill({ ...at(second.id), ifMatch: second.version, body: { reason: 'Wrong.' } });

    const past = await read(front.slug, then);

    expect(past.containers.map(({ title }) => title)).toEqual(['Then']);
    expect(idsOf(past)).toEqual([[first.id]]);
    expect((await read(front.slug)).containers.map(({ title }) => title)).toEqual(['Now']);
    const earlier = new Date(Date.parse(then) - 1).toISOString();
    await expect(read(front.slug, earlier)).rejects.toMatchObject({ status: 404 });
  });

  it('was filled with what had come by then', async () => {
    const tag = await desk.tags.create({ body: { name: 'Lighthouses' } });
    const old = await published(editor.client, { tags: [tag.id] });
    const front = await live([{ backfill: { tag: tag.id } }]);
    const later = await published(editor.client, { tags: [tag.id] });

    expect(idsOf(await read(front.slug, String(front.publishedAt)))).toEqual([[old.id]]);
    expect(idsOf(await read(front.slug))).toEqual([[later.id, old.id]]);
  });

  it('has no time ahead, and none at all once readers do not have it', async () => {
    const { id, slug, publishedAt } = await live([]);
    await expect(read(slug, '2150-01-01T00:00:00Z')).rejects.toMatchObject({ status: 403 });
    await fronts.unpublish({ ...at(id), ifMatch: 2 });

    await expect(read(slug, String(publishedAt))).rejects.toMatchObject({ status: 404 });
    await fronts.publish({ ...at(id), ifMatch: 3 });
    expect((await read(slug, String(publishedAt))).id).toBe(id);
  });
});

describe('the desk looks ahead', () => {
  const SOON = '2140-01-01T00:00:00Z';

  it('at the working copy as it would be now, and at what the schedules will bring', async () => {
    const [here, leaving, coming] = [
      await published(editor.client),
      await published(editor.client),
      await draft(editor.client, { headline: 'Comes in time' }),
    ];
    await desk.articles.schedule({ ...at(coming.id), ifMatch: 1, body: { publishAt: SOON } });
    const ends = { body: { unpublishAt: SOON }, ifMatch: leaving.version };
    await desk.articles.change({ ...at(leaving.id), ...ends });
    const front = await live([{ title: 'Shown', cards: cards(leaving.id, here.id) }]);
    const containers = [{ title: 'Planned', cards: cards(coming.id, leaving.id, here.id) }];
    await fronts.change({ ...at(front.id), ifMatch: 2, body: { containers } });
    await fronts.schedule({ ...at(front.id), ifMatch: 3, body: { publishAt: '2145-01-01T00:00:00Z' } });

    const [now, then, after] = await Promise.all(
      [undefined, '2141-01-01T00:00:00Z', '2146-01-01T00:00:00Z'].map((asOf) =>
        fronts.preview({ ...at(front.id), query: asOf ? { asOf } : {} }),
      ),
    );

    expect([now?.containers[0]?.title, idsOf(now as never)]).toEqual(['Planned', [[leaving.id, here.id]]]);
    expect([then?.containers[0]?.title, idsOf(then as never)]).toEqual(['Shown', [[here.id]]]);
    expect([after?.containers[0]?.title, idsOf(after as never)]).toEqual(['Planned', [[coming.id, here.id]]]);
    await expect(
      fronts.preview({ ...at(front.id), query: { asOf: '2001-01-01T00:00:00Z' } }),
    ).rejects.toMatchObject({ status: 400 });
  });
});

describe('a scheduled change', () => {
  const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

  it('goes out at its time, once, with several servers at work', async () => {
    const front = await live([{ title: 'Before' }]);
    await fronts.change({ ...at(front.id), ifMatch: 2, body: { containers: [{ title: 'After' }] } });
    const set = await fronts.schedule({ ...at(front.id), ifMatch: 3, body: { publishAt: soon(1_200) } });
    const workers = [app.start('front scheduler'), other.start('front scheduler')];

    expect((await read(front.slug)).containers).toMatchObject([{ title: 'Before' }]);
    await until(async () => (await read(front.slug)).containers[0]?.title === 'After');

    const after = await fronts.read(at(front.id));
    expect(after).toMatchObject({ version: 5, publishAt: null, hasUnpublishedChanges: false });
    expect(Date.parse(String(after.publishedAt))).toBeGreaterThanOrEqual(Date.parse(String(set.publishAt)));
    const rows = (await auditOf(app, 'front', front.id)).filter(({ action }) => action === 'front.publish');
    expect(rows).toHaveLength(2);
    await Promise.all(workers.map((worker) => worker.stop()));
  });

  it('is refused for a time that is over, and called off', async () => {
    const { id } = await live([]);
    await expect(
      fronts.schedule({ ...at(id), ifMatch: 2, body: { publishAt: '2020-01-01T00:00:00Z' } }),
    ).rejects.toMatchObject({ status: 422, problem: { errors: [{ pointer: '/publishAt' }] } });
    await fronts.schedule({ ...at(id), ifMatch: 2, body: { publishAt: '2150-01-01T00:00:00Z' } });

    const free = await fronts.unschedule({ ...at(id), ifMatch: 3 });

    expect(free).toMatchObject({ publishAt: null, scheduledBy: null, version: 4 });
  });

  it('is not carried out for somebody who may no longer, and says so', async () => {
    const leaver = await app.person('editor', 'leaver');
    const { id, slug } = await live([{ title: 'Before' }]);
    await fronts.change({ ...at(id), ifMatch: 2, body: { containers: [{ title: 'After' }] } });
    const theirs = leaver.client.editorial.fronts;
    await theirs.schedule({ ...at(id), ifMatch: 3, body: { publishAt: soon(300) } });
    await (await app.as('admin')).editorial.users.deactivate({ ...at(leaver.id), ifMatch: 1 });
    const worker = app.start('front scheduler');

    await until(async () => (await fronts.read(at(id))).scheduleError !== null);

    expect((await fronts.read(at(id))).scheduleError).toContain('leaver editor');
    expect((await read(slug)).containers).toMatchObject([{ title: 'Before' }]);
    expect((await auditOf(app, 'front', id)).at(-1)?.action).toBe('front.schedule_failed');
    await worker.stop();
  });
});
