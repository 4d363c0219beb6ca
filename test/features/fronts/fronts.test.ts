import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { uploaded } from '../../support/pictures.ts';
import { auditOf, eventsOf } from '../../support/records.ts';

let app: TestApp;
let editor: Person;
let desk: Client['editorial'];
let fronts: Client['editorial']['fronts'];
beforeAll(async () => {
  app = await createTestApp();
  editor = await app.person('editor');
  desk = editor.client.editorial;
  fronts = desk.fronts;
});
afterAll(() => app.close());

let names = 0;
type Body = Parameters<Client['editorial']['fronts']['create']>[0]['body'];
const make = (more: Partial<Body> = {}) => {
  names += 1;
  return fronts.create({ body: { name: `Front ${names}`, ...more } });
};
const at = (id: string) => ({ params: { id } });

describe('starting a front', () => {
  it('makes a draft with an address of its name, and writes it down', async () => {
    const story = await draft(editor.client);

    const front = await fronts.create({
      body: { name: 'Die Küste', containers: [{ title: 'Top', cards: [{ article: story.id }], limit: 3 }] },
    });

    expect(front).toMatchObject({
      ...{ version: 1, name: 'Die Küste', slug: 'die-kueste', status: 'draft', hasUnpublishedChanges: true },
      containers: [{ title: 'Top', limit: 3, backfill: null, cards: [{ article: story.id, overrides: {} }] }],
      ...{ publishAt: null, publishedAt: null, firstPublishedAt: null, createdBy: editor.id },
    });
    expect(await fronts.read(at(front.id))).toEqual(front);
    expect(await auditOf(app, 'front', front.id)).toMatchObject([
      { action: 'front.create', actor: { id: editor.id }, before: null, after: { slug: front.slug } },
    ]);
    expect(await eventsOf(app, 'front', front.id)).toEqual([]);
  });

  it('may bear the name of another, under a slug of its own', async () => {
    const [first, second] = [await make({ name: 'Sport' }), await make({ name: 'Sport' })];

    expect([first.slug, second.slug]).toEqual(['sport', 'sport-2']);
    await expect(make({ slug: 'sport' })).rejects.toMatchObject({ status: 409, code: 'conflict' });
  });

  it('refuses what is not there, all at once, each where it stands', async () => {
    const containers = [
      {
        cards: [{ article: NOWHERE, overrides: { picture: { media: NOWHERE } } }],
        backfill: { section: NOWHERE, tag: NOWHERE },
      },
    ];

    await expect(make({ containers })).rejects.toMatchObject({
      status: 422,
      problem: {
        errors: [
          { pointer: '/containers/0/cards/0/article', code: 'no_such_id' },
          { pointer: '/containers/0/cards/0/overrides/picture/media' },
          { pointer: '/containers/0/backfill/tag' },
          { pointer: '/containers/0/backfill/section' },
        ],
      },
    });
  });

  it.each([
    ['a story that stands twice', () => [card(), card()], '/containers/1/cards/0/article'],
    ['too many stories', () => Array.from({ length: 5 }, () => ({ limit: 50 })), '/containers'],
    ['a limit of nothing', () => [{ limit: 0 }], '/containers/0/limit'],
    ['an unknown override', () => [card({ standfirst: 'x' })], '/containers/0/cards/0/overrides'],
  ])('refuses %s', async (_what, containers, pointer) => {
    await expect(make({ containers: containers() as never })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: expect.stringContaining(pointer) }] },
    });
  });
  const card = (overrides = {}) => ({ cards: [{ article: NOWHERE, overrides }] });

  it('is for the desk: nobody else sees what is planned', async () => {
    for (const role of ['author', 'moderator'] as const) {
      const others = (await app.as(role)).editorial.fronts;
      await expect(others.list()).rejects.toMatchObject({ status: 403 });
      await expect(others.create({ body: { name: 'Mine' } })).rejects.toMatchObject({ status: 403 });
    }
  });
});

describe('changing a front', () => {
  it('leaves readers what they have until it is published', async () => {
    const { id, slug } = await make({ name: 'Culture' });
    await fronts.publish({ ...at(id), ifMatch: 1 });

    const changed = await fronts.change({ ...at(id), ifMatch: 2, body: { name: 'The arts' } });

    const read = () => app.anonymous.content.fronts.read({ params: { slug } });
    expect(changed).toMatchObject({ name: 'The arts', version: 3, hasUnpublishedChanges: true });
    expect((await read()).name).toBe('Culture');
    await fronts.publish({ ...at(id), ifMatch: 3 });
    expect((await read()).name).toBe('The arts');
  });

  it('needs the version that was read', async () => {
    const { id } = await make();
    await fronts.change({ ...at(id), ifMatch: 1, body: { name: 'Later' } });
    const old = { ...at(id), ifMatch: 1 };

    for (const attempt of [
      () => fronts.change({ ...old, body: { name: 'Too late' } }),
      () => fronts.publish(old),
      () => fronts.remove(old),
      () => fronts.schedule({ ...old, body: { publishAt: '2150-01-01T00:00:00Z' } }),
      () => fronts.restore({ params: { id, number: '1' }, ifMatch: 1 }),
    ])
      await expect(attempt()).rejects.toMatchObject({ status: 412, problem: { current: { name: 'Later' } } });
    await expect(fronts.change({ ...at(NOWHERE), ifMatch: 1, body: {} })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('keeps words with signs of the database as they are', async () => {
    const { id: article } = await published(editor.client);
    const containers = [{ title: '$name', cards: [{ article, overrides: { headline: '$$ROOT' } }] }];
    const { id, slug } = await make({ containers });

    await fronts.publish({ ...at(id), ifMatch: 1 });

    const front = await app.anonymous.content.fronts.read({ params: { slug } });
    expect(front.containers).toMatchObject([
      { title: '$name', cards: [{ article: { headline: '$$ROOT' } }] },
    ]);
  });
});

describe('the history of a front', () => {
  it('has every version with who and what, and brings one back', async () => {
    const { id } = await make({ name: 'As it was' });
    await fronts.change({
      ...at(id),
      ifMatch: 1,
      body: { name: 'As it is', containers: [{ title: 'New' }] },
    });
    await fronts.publish({ ...at(id), ifMatch: 2 });

    const { data } = await fronts.revisions(at(id));
    const first = await fronts.revision({ params: { id, number: '1' } });
    const restored = await fronts.restore({ params: { id, number: '1' }, ifMatch: 3 });

    expect(data.map(({ number, action, by }) => [number, action, by])).toEqual([
      [3, 'publish', editor.id],
      [2, 'change', editor.id],
      [1, 'create', editor.id],
    ]);
    expect(first.front).toEqual({ name: 'As it was', containers: [] });
    expect(restored).toMatchObject({ version: 4, name: 'As it was', hasUnpublishedChanges: true });
    expect((await fronts.revision({ params: { id, number: '4' } })).restored).toBe(1);
    await expect(fronts.revision({ params: { id, number: '9' } })).rejects.toMatchObject({ status: 404 });
  });
});

describe('publishing and unpublishing', () => {
  it('tells readers’ caches and the audit log', async () => {
    const { id, slug } = await make();

    await fronts.publish({ ...at(id), ifMatch: 1 });
    await fronts.unpublish({ ...at(id), ifMatch: 2 });

    expect(await eventsOf(app, 'front', id)).toMatchObject([
      { type: 'front.published', data: { id, slug, version: 2, surrogateKeys: [`front-${id}`] } },
      { type: 'front.unpublished', data: { id, slug, version: 3, surrogateKeys: [`front-${id}`] } },
    ]);
    const rows = await auditOf(app, 'front', id);
    expect(rows.map(({ action }) => action)).toEqual(['front.create', 'front.publish', 'front.unpublish']);
    await expect(app.anonymous.content.fronts.read({ params: { slug } })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('happens from where it makes sense', async () => {
    const { id } = await make();
    const refused = { status: 409, code: 'wrong_state' };

    await expect(fronts.unpublish({ ...at(id), ifMatch: 1 })).rejects.toMatchObject(refused);
    await expect(fronts.unschedule({ ...at(id), ifMatch: 1 })).rejects.toMatchObject(refused);
    await fronts.publish({ ...at(id), ifMatch: 1 });
    await expect(fronts.remove({ ...at(id), ifMatch: 2 })).rejects.toMatchObject(refused);
    await fronts.unpublish({ ...at(id), ifMatch: 2 });
    await fronts.remove({ ...at(id), ifMatch: 3 });
    await expect(fronts.read(at(id))).rejects.toMatchObject({ status: 404 });
    expect((await auditOf(app, 'front', id)).at(-1)).toMatchObject({ action: 'front.delete', after: null });
  });

  it('under a new address: the old one leads there', async () => {
    const { id, slug } = await make();
    await fronts.publish({ ...at(id), ifMatch: 1 });

    const moved = await fronts.change({ ...at(id), ifMatch: 2, body: { slug: `${slug}-moved` } });

    const found = await app.anonymous.content.fronts.read({ params: { slug } });
    expect(found.slug).toBe(moved.slug);
    expect(await eventsOf(app, 'front', id)).toHaveLength(2);
  });
});

describe('what a front names', () => {
  it('is not deleted under it', async () => {
    const [tag, section] = [
      await desk.tags.create({ body: { name: 'On a front' } }),
      await desk.sections.create({ body: { name: 'On a front' } }),
    ];
    const picture = await uploaded(editor.client);
    const story = await draft(editor.client);
    const { id } = await make({
      containers: [
        {
          cards: [{ article: story.id, overrides: { picture: { media: picture.id } } }],
          backfill: { tag: tag.id, section: section.id },
        },
      ],
    });

    for (const removing of [
      () => desk.tags.remove({ ...at(tag.id), ifMatch: tag.version }),
      () => desk.sections.remove({ ...at(section.id), ifMatch: section.version }),
      () => desk.media.remove({ ...at(picture.id), ifMatch: picture.version }),
    ])
      await expect(removing()).rejects.toMatchObject({ status: 409, problem: { usedBy: { fronts: [id] } } });
  });
});
