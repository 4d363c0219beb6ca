import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import type { Section } from '../../../src/features/sections/sections.contract.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf, eventsOf } from '../../support/records.ts';

let app: TestApp;
let editor: Person;
let sections: Client['editorial']['sections'];

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.person('editor');
  sections = editor.client.editorial.sections;
});
afterAll(() => app.close());

let names = 0;
const make = (
  parent: string | null = null,
  more: { name?: string; slug?: string } = {},
): Promise<Section> => {
  names += 1;
  return sections.create({ body: { name: `Section ${names}`, parent, ...more } });
};
const move = ({ id, version }: Section, parent: string | null) =>
  sections.change({ params: { id }, ifMatch: version, body: { parent } });

type Chain<N extends number, T extends Section[] = []> = T['length'] extends N
  ? T
  : Chain<N, [...T, Section]>;

/** Sections each below the one before. */
async function chain<const N extends number>(length: N): Promise<Chain<N>> {
  const made: Section[] = [];
  for (let level = 0; level < length; level += 1) made.push(await make(made.at(-1)?.id ?? null));
  return made as Chain<N>;
}

const pathOf = async (id: string): Promise<string[]> => {
  const stored = await app.db.collection('sections').findOne({ _id: new Types.ObjectId(id) });
  return (stored?.path ?? []).map(String);
};

/** Every section stands below its parent and below nothing else, and the top is reached from each. */
async function expectWholeTree(): Promise<void> {
  const all = await app.services.lookups.sections.tree();
  const byId = new Map(all.map((section) => [String(section._id), section]));
  for (const { _id, parent, path } of all) {
    const above = parent ? byId.get(String(parent))?.path : [];
    expect(path.map(String)).toEqual([...(above ?? ['an orphan']).map(String), String(_id)]);
  }
}

const refusal = (code: string) => ({ status: 422, problem: { errors: [{ pointer: '/parent', code }] } });

describe('creating a section', () => {
  it('at the top and below another', async () => {
    const top = await make(null, { name: 'Sport & Freizeit' });
    const below = await make(top.id, { name: 'Hurling', slug: 'hurling' });

    expect(top).toMatchObject({
      name: 'Sport & Freizeit',
      slug: 'sport-and-freizeit',
      parent: null,
      version: 1,
    });
    expect(below).toMatchObject({ slug: 'hurling', parent: top.id });
    expect(await sections.read({ params: { id: below.id } })).toEqual(below);
    expect(await pathOf(below.id)).toEqual([top.id, below.id]);
    expect(await auditOf(app, 'section', below.id)).toMatchObject([
      {
        action: 'section.create',
        actor: { id: editor.id },
        before: null,
        after: { name: 'Hurling', slug: 'hurling' },
      },
    ]);
    expect(await eventsOf(app, 'section', below.id)).toMatchObject([
      {
        type: 'section.changed',
        data: {
          id: below.id,
          version: 1,
          surrogateKeys: expect.arrayContaining(['sections', `below-${below.parent}`]),
        },
      },
    ]);
  });

  it('under one name is for different places, where the slug is numbered', async () => {
    const [north, south] = [await make(), await make()];
    const courts = await make(north.id, { name: 'Courts' });

    await expect(make(north.id, { name: 'COURTS' })).rejects.toMatchObject({ status: 409, code: 'conflict' });
    const others = [await make(south.id, { name: 'Courts' }), await make(null, { name: 'Courts' })];
    await expect(make(null, { name: 'Courts', slug: 'any' })).rejects.toMatchObject({ status: 409 });

    expect([courts, ...others].map(({ slug }) => slug)).toEqual(['courts', 'courts-2', 'courts-3']);
  });

  it('by twenty at once in one place happens once', async () => {
    const attempts = Array.from({ length: 20 }, () => make(null, { name: 'All at once' }));

    const outcomes = await Promise.allSettled(attempts);

    const codes = outcomes.map((one) => (one.status === 'fulfilled' ? 201 : one.reason.status)).sort();
    expect(codes).toEqual([201, ...Array(19).fill(409)]);
  });

  it('is refused below what is not there, and deeper than eight levels', async () => {
    const deep = await chain(8);

    await expect(make(NOWHERE)).rejects.toMatchObject(refusal('no_such_section'));
    await expect(make(deep[7].id)).rejects.toMatchObject(refusal('too_deep'));
  });

  it.each([
    ['no name', { name: '' }, '/name'],
    ['a parent that is no id', { name: 'Ok', parent: 'top' }, '/parent'],
    ['a bad slug', { name: 'Ok', slug: 'a--b' }, '/slug'],
    ['a field of ours', { name: 'Ok', path: [] }, '/path'],
  ])('with %s is refused', async (_what, body, pointer) => {
    await expect(sections.create({ body })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer })] },
    });
  });

  it.each(['author', 'moderator'] as const)('is refused to the role %s, which may read', async (role) => {
    const { id } = await make();
    const other = (await app.as(role)).editorial.sections;

    await expect(other.create({ body: { name: 'Mine' } })).rejects.toMatchObject({ status: 403 });
    expect(await other.read({ params: { id } })).toMatchObject({ id });
  });
});

describe('renaming a section', () => {
  it('tells whoever has cached stories of it, or of those below it', async () => {
    const [top] = await chain(2);

    const changed = await sections.change({
      params: { id: top.id },
      ifMatch: 1,
      body: { name: 'Renamed', slug: 'renamed' },
    });

    expect(changed).toMatchObject({ name: 'Renamed', slug: 'renamed', parent: null, version: 2 });
    expect((await auditOf(app, 'section', top.id)).at(-1)).toMatchObject({
      action: 'section.change',
      before: { name: top.name, slug: top.slug },
      after: { name: 'Renamed', slug: 'renamed' },
    });
    expect((await eventsOf(app, 'section', top.id)).at(-1)).toMatchObject({
      type: 'section.changed',
      data: {
        version: 2, // Those below carry it as well: their path names it.
        surrogateKeys: ['sections', `section-${top.id}`, 'any-section'],
      },
    });
  });

  it('to a sister’s name or another’s slug is refused', async () => {
    const [one, two] = [await make(), await make()];

    for (const body of [{ name: two.name }, { slug: two.slug }]) {
      await expect(sections.change({ params: { id: one.id }, ifMatch: 1, body })).rejects.toMatchObject({
        status: 409,
        code: 'conflict',
      });
    }
  });

  it('is refused stale, without If-Match, to authors, with unknown fields, and of what is not there', async () => {
    const { id } = await make();
    const author = (await app.as('author')).editorial.sections;
    await sections.change({ params: { id }, ifMatch: 1, body: { name: 'Theirs' } });

    await expect(
      sections.change({ params: { id }, ifMatch: 1, body: { name: 'Mine' } }),
    ).rejects.toMatchObject({
      status: 412,
      code: 'stale_version',
      problem: { current: { name: 'Theirs', version: 2 } },
    });
    await expect(author.change({ params: { id }, ifMatch: 2, body: {} })).rejects.toMatchObject({
      status: 403,
    });
    const unknown = { colour: 'red' } as never;
    await expect(sections.change({ params: { id }, ifMatch: 2, body: unknown })).rejects.toMatchObject({
      status: 422,
    });
    await expect(sections.change({ params: { id: NOWHERE }, ifMatch: 1, body: {} })).rejects.toMatchObject({
      status: 404,
    });
    const bare = await send(app, `/editorial/v1/sections/${id}`, {
      method: 'PATCH',
      token: editor.token,
      body: '{}',
    });
    expect(bare.status).toBe(428);
  });

  it('leaves an old slug that leads readers to the new one, and is nobody else’s', async () => {
    const { id } = await make(null, { slug: 'world' });
    const story = await published(editor.client, { section: id });
    await sections.change({ params: { id }, ifMatch: 1, body: { slug: 'international' } });

    const answer = await send(app, '/content/v1/sections/world');

    expect([answer.status, answer.headers.get('location')]).toEqual([
      301,
      '/content/v1/sections/international',
    ]);
    const { data } = await app.anonymous.content.articles.list({ query: { section: 'world' } });
    expect(data).toMatchObject([{ id: story.id, section: { slug: 'international' } }]);
    await expect(make(null, { slug: 'world' })).rejects.toMatchObject({ status: 409, code: 'conflict' });
    const back = await sections.change({ params: { id }, ifMatch: 2, body: { slug: 'world' } });
    expect(back).toMatchObject({ slug: 'world', version: 3 });
  });
});

describe('moving a section', () => {
  it('takes everything below along', async () => {
    const [top, middle, leaf, last] = await chain(4);
    const [other, place] = await chain(2);
    const story = await published(editor.client, { section: last.id });

    const moved = await move(middle, place.id);

    expect(moved).toMatchObject({ parent: place.id, version: 2 });
    expect(await pathOf(last.id)).toEqual([other.id, place.id, middle.id, leaf.id, last.id]);
    expect(await sections.read({ params: { id: leaf.id } })).toEqual(leaf);
    const delivered = await app.anonymous.content.articles.read({ params: { slug: story.slug } });
    expect(delivered.section?.path.map(({ slug }) => slug)).toEqual(
      [other, place, middle, leaf, last].map(({ slug }) => slug),
    );
    const under = async (slug: string) =>
      (await app.anonymous.content.articles.list({ query: { section: slug } })).data;
    expect([(await under(top.slug)).length, (await under(other.slug)).length]).toEqual([0, 1]);
    expect((await auditOf(app, 'section', middle.id)).at(-1)).toMatchObject({ action: 'section.change' });
    expect((await eventsOf(app, 'section', middle.id)).at(-1)?.data.surrogateKeys).toEqual(
      expect.arrayContaining(['sections', `section-${middle.id}`, `below-${place.id}`]),
    );
  });

  it('to the top and back, deeper than before', async () => {
    const [top, middle, leaf] = await chain(3);

    const lifted = await move(middle, null);
    expect(await pathOf(leaf.id)).toEqual([middle.id, leaf.id]);
    await move(top, leaf.id);
    expect(await pathOf(top.id)).toEqual([middle.id, leaf.id, top.id]);

    expect(lifted.parent).toBeNull();
    await expectWholeTree();
  });

  it('into itself or below itself is refused', async () => {
    const [top, middle, leaf] = await chain(3);

    for (const parent of [top.id, middle.id, leaf.id]) {
      await expect(move(top, parent)).rejects.toMatchObject(refusal('circular'));
    }
    await expect(move(top, NOWHERE)).rejects.toMatchObject(refusal('no_such_section'));
  });

  it('counts the levels below it', async () => {
    const [tall] = await chain(4);
    const place = await chain(5);

    await expect(move(tall, place[4].id)).rejects.toMatchObject(refusal('too_deep'));
    expect((await move(tall, place[3].id)).parent).toBe(place[3].id);
    await expectWholeTree();
  });

  it('next to a section of its name is refused', async () => {
    const [one, two] = [await make(), await make()];
    const a = await make(one.id, { name: 'Twin' });
    await make(two.id, { name: 'Twin' });

    await expect(move(a, two.id)).rejects.toMatchObject({ status: 409, code: 'conflict' });
  });

  it('never makes a circle when two moves race', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await make(), await make()];

      const outcomes = await Promise.allSettled([move(a, b.id), move(b, a.id)]);

      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(refused).toMatchObject([refusal('circular')]);
    }
    await expectWholeTree();
  });

  it('leaves no orphan and no wrong path when others build or delete below meanwhile', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [place, parent, doomed] = [await make(), await make(), await make()];

      await Promise.allSettled([
        make(parent.id),
        move(parent, place.id),
        make(doomed.id),
        sections.remove({ params: { id: doomed.id }, ifMatch: 1 }),
      ]);
    }
    await expectWholeTree();
  });
});

describe('deleting a section', () => {
  it('that nothing uses', async () => {
    const { id, slug } = await make();

    await sections.remove({ params: { id }, ifMatch: 1 });

    await expect(sections.read({ params: { id } })).rejects.toMatchObject({ status: 404 });
    expect((await auditOf(app, 'section', id)).at(-1)).toMatchObject({
      action: 'section.delete',
      before: { slug },
      after: null,
    });
    expect((await eventsOf(app, 'section', id)).at(-1)).toMatchObject({
      type: 'section.changed',
      data: { version: 2 },
    });
  });

  it('that has stories, or sections below it, is refused and says where', async () => {
    const [top, below] = await chain(2);
    const story = await draft(editor.client, { section: below.id });

    await expect(sections.remove({ params: { id: below.id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
      problem: { usedBy: { count: 1, articles: [story.id], sections: [] } },
    });
    await expect(sections.remove({ params: { id: top.id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 409,
      problem: { usedBy: { count: 0, articles: [], sections: [below.id] } },
    });
  });

  it('is refused stale, without If-Match, to authors, and of what is not there', async () => {
    const { id } = await make();
    const author = (await app.as('author')).editorial.sections;

    await expect(sections.remove({ params: { id }, ifMatch: 2 })).rejects.toMatchObject({ status: 412 });
    await expect(author.remove({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({ status: 403 });
    await expect(sections.remove({ params: { id: NOWHERE }, ifMatch: 1 })).rejects.toMatchObject({
      status: 404,
    });
    const bare = await send(app, `/editorial/v1/sections/${id}`, { method: 'DELETE', token: editor.token });
    expect(bare.status).toBe(428);
  });
});

describe('the list of sections', () => {
  it('is in the order of names, page by page', async () => {
    const first = await sections.list({ query: { limit: '3', count: 'true' } });
    const second = await sections.list({ query: { limit: '3', after: first.page.next ?? '' } });
    const back = await sections.list({ query: { limit: '3', before: second.page.prev ?? '' } });

    const stored = await app.services.lookups.sections.tree();
    expect(first.page.total).toBe(stored.length);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(
      stored.slice(0, 6).map(({ _id }) => String(_id)),
    );
    expect(back.data).toEqual(first.data);
  });
});
