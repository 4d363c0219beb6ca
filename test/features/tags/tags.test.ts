import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { up } from '../../../migrations/0003-create-sections-and-authors.ts';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf, eventsOf } from '../../support/records.ts';

let app: TestApp;
let editor: Person;
let tags: Client['editorial']['tags'];

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.person('editor');
  tags = editor.client.editorial.tags;
});
afterAll(() => app.close());

let names = 0;
const make = (more: { name?: string; slug?: string } = {}) => {
  names += 1;
  return tags.create({ body: { name: `Tag ${names}`, ...more } });
};

const statuses = (outcomes: PromiseSettledResult<unknown>[]): number[] =>
  outcomes.map((one) => (one.status === 'fulfilled' ? 201 : one.reason.status)).sort();

describe('creating a tag', () => {
  it('makes the slug from the name', async () => {
    const tag = await tags.create({ body: { name: 'Tithíocht & cíos' } });

    expect(tag).toMatchObject({
      name: 'Tithíocht & cíos',
      slug: 'tithiocht-and-cios',
      version: 1,
      description: '',
    });
    expect(await tags.read({ params: { id: tag.id } })).toEqual(tag);
    expect(await auditOf(app, 'tag', tag.id)).toMatchObject([
      {
        action: 'tag.create',
        actor: { id: editor.id, role: 'editor' },
        before: null,
        after: { slug: tag.slug },
      },
    ]);
    expect(await eventsOf(app, 'tag', tag.id)).toMatchObject([
      {
        type: 'tag.changed',
        data: { id: tag.id, slug: tag.slug, version: 1, surrogateKeys: [] },
      },
    ]);
  });

  it('takes a name in any script, and then makes the slug of the id', async () => {
    const { id, slug } = await tags.create({ body: { name: '東京' } });

    expect(slug).toBe(`tag-${id}`);
  });

  it('refuses a name that differs only in case', async () => {
    await tags.create({ body: { name: 'Housing' } });

    await expect(tags.create({ body: { name: 'HOUSING' } })).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
    });
  });

  it.each([
    ['one name', (_index: number) => ({ name: 'All at once' })],
    ['one slug', (index: number) => ({ name: `Contender ${index}`, slug: 'contended' })],
  ])('by twenty at once under %s happens once', async (_what, body) => {
    const attempts = Array.from({ length: 20 }, (_, index) => tags.create({ body: body(index) }));

    expect(statuses(await Promise.allSettled(attempts))).toEqual([201, ...Array(19).fill(409)]);
  });

  it.each([
    ['no name', { name: ' ' }, '/name'],
    ['invisible characters', { name: 'Budget\u200b' }, '/name'],
    ['letters of two alphabets in one word', { name: 'Pаris' }, '/name'],
    ['a slug with capitals', { name: 'Ok', slug: 'Budget' }, '/slug'],
    ['a reserved slug', { name: 'Ok', slug: 'search' }, '/slug'],
    ['a field of ours', { name: 'Ok', mergedInto: NOWHERE }, '/mergedInto'],
  ])('with %s is refused', async (_what, body, pointer) => {
    await expect(tags.create({ body })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer })] },
    });
  });

  it.each(['author', 'moderator'] as const)('is refused to the role %s, which may read', async (role) => {
    const { id } = await make();
    const other = (await app.as(role)).editorial.tags;

    await expect(other.create({ body: { name: 'Mine' } })).rejects.toMatchObject({ status: 403 });
    expect(await other.read({ params: { id } })).toMatchObject({ id });
  });
});

describe('changing a tag', () => {
  it('changes what is given, and tells who was before', async () => {
    const { id, name, slug } = await make();

    const changed = await tags.change({
      params: { id },
      ifMatch: 1,
      body: { description: 'What it is about.' },
    });

    expect(changed).toMatchObject({ name, slug, description: 'What it is about.', version: 2 });
    expect((await auditOf(app, 'tag', id)).at(-1)).toMatchObject({
      action: 'tag.change',
      before: { description: '' },
      after: { description: 'What it is about.' },
    });
    expect((await eventsOf(app, 'tag', id)).map(({ data }) => data.version)).toEqual([1, 2]);
  });

  it('is refused from an older copy, with the current one', async () => {
    const { id } = await make();
    await tags.change({ params: { id }, ifMatch: 1, body: { description: 'Theirs' } });

    await expect(
      tags.change({ params: { id }, ifMatch: 1, body: { description: 'Mine' } }),
    ).rejects.toMatchObject({
      status: 412,
      code: 'stale_version',
      problem: { current: { version: 2, description: 'Theirs' } },
    });
  });

  it('needs If-Match, a tag, a name and an editor', async () => {
    const { id } = await make();
    const path = `/editorial/v1/tags/${id}`;
    const author = (await app.as('author')).editorial.tags;

    expect((await send(app, path, { method: 'PATCH', token: editor.token, body: '{}' })).status).toBe(428);
    await expect(tags.change({ params: { id: NOWHERE }, ifMatch: 1, body: {} })).rejects.toMatchObject({
      status: 404,
    });
    await expect(tags.change({ params: { id }, ifMatch: 1, body: { name: '' } })).rejects.toMatchObject({
      status: 422,
    });
    await expect(author.change({ params: { id }, ifMatch: 1, body: {} })).rejects.toMatchObject({
      status: 403,
    });
    expect((await auditOf(app, 'tag', id)).map(({ action }) => action)).toEqual(['tag.create']);
  });

  it('to a name or slug of another is refused', async () => {
    const taken = await make();
    const { id } = await make();

    for (const body of [{ name: taken.name.toUpperCase() }, { slug: taken.slug }]) {
      await expect(tags.change({ params: { id }, ifMatch: 1, body })).rejects.toMatchObject({
        status: 409,
        code: 'conflict',
      });
    }
  });
});

describe('an old slug of a tag', () => {
  it('leads readers to the new one', async () => {
    const tag = await make({ slug: 'brexit' });
    await published(editor.client, { tags: [tag.id] });

    await tags.change({ params: { id: tag.id }, ifMatch: 1, body: { slug: 'uk-and-eu' } });
    const answer = await send(app, '/content/v1/tags/brexit');

    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/content/v1/tags/uk-and-eu']);
  });

  it('is nobody else’s, and may be taken back', async () => {
    const { id } = await make({ slug: 'first-slug' });
    await tags.change({ params: { id }, ifMatch: 1, body: { slug: 'second-slug' } });

    await expect(make({ slug: 'first-slug' })).rejects.toMatchObject({ status: 409, code: 'conflict' });
    const back = await tags.change({ params: { id }, ifMatch: 2, body: { slug: 'first-slug' } });

    expect(back.slug).toBe('first-slug');
    expect(await app.services.lookups.tags.bySlugs(['first-slug', 'second-slug'])).toMatchObject([
      { slug: 'first-slug', formerSlugs: ['second-slug'] },
    ]);
  });
});

describe('the migration that brings former slugs', () => {
  it('gives tags from before it an empty list, and may run again over everything', async () => {
    const [old, kept] = [await make(), await make()];
    await tags.change({ params: { id: kept.id }, ifMatch: 1, body: { slug: 'kept-and-moved' } });
    const stored = app.db.collection('tags');
    await stored.updateOne({ slug: old.slug }, { $unset: { formerSlugs: '' } });

    for (let run = 0; run < 2; run += 1) await up(app.db.db as never);

    expect(await stored.findOne({ slug: old.slug })).toMatchObject({ formerSlugs: [] });
    expect(await stored.findOne({ slug: 'kept-and-moved' })).toMatchObject({ formerSlugs: [kept.slug] });
  });
});

describe('merging tags', () => {
  it('leaves one tag, under which the stories of both are found', async () => {
    const [from, into] = [await make(), await make()];
    const story = await published(editor.client, { tags: [from.id] });

    const kept = await tags.merge({ params: { id: from.id }, ifMatch: 1, body: { into: into.id } });

    expect(kept).toMatchObject({ id: into.id, version: 2 });
    const { data } = await app.anonymous.content.articles.list({ query: { tag: into.slug } });
    expect(data).toMatchObject([{ id: story.id, tags: [{ slug: into.slug, name: into.name }] }]);
    const old = await send(app, `/content/v1/tags/${from.slug}`);
    expect([old.status, old.headers.get('location')]).toEqual([301, `/content/v1/tags/${into.slug}`]);
    expect((await auditOf(app, 'tag', from.id)).at(-1)).toMatchObject({
      action: 'tag.merge',
      before: { mergedInto: null },
      after: { mergedInto: expect.anything() },
    });
    expect((await eventsOf(app, 'tag', from.id)).at(-1)).toMatchObject({
      type: 'tag.changed',
      data: {
        surrogateKeys: expect.arrayContaining(['tags', `tag-${from.id}`, `named-tag-${into.id}`]),
      },
    });
  });

  it('of a merged tag’s target takes the aliases along', async () => {
    const [a, b, c] = [await make(), await make(), await make()];

    await tags.merge({ params: { id: a.id }, ifMatch: 1, body: { into: b.id } });
    await tags.merge({ params: { id: b.id }, ifMatch: 2, body: { into: c.id } });

    const now = await app.services.lookups.tags.resolve([a.id, b.id, c.id]);
    expect([a, b, c].map(({ id }) => String(now.get(id)?._id))).toEqual([c.id, c.id, c.id]);
    const renamed = await tags.change({
      params: { id: c.id },
      ifMatch: 2,
      body: { name: 'What all became' },
    });
    expect((await eventsOf(app, 'tag', c.id)).at(-1)?.data).toMatchObject({
      version: renamed.version,
      surrogateKeys: expect.arrayContaining([`tag-${a.id}`, `tag-${b.id}`, `tag-${c.id}`]),
    });
  });

  it('needs another tag that is not merged itself', async () => {
    const [from, into, other] = [await make(), await make(), await make()];
    await tags.merge({ params: { id: from.id }, ifMatch: 1, body: { into: into.id } });

    for (const bad of [from.id, other.id, NOWHERE]) {
      await expect(
        tags.merge({ params: { id: other.id }, ifMatch: 1, body: { into: bad } }),
      ).rejects.toMatchObject({
        status: 422,
        problem: { errors: [{ pointer: '/into', code: 'no_such_tag' }] },
      });
    }
  });

  it('makes the merged tag one that no longer changes or merges, and frees its name', async () => {
    const [from, into, other] = [await make({ name: 'Soccer' }), await make(), await make()];
    await tags.merge({ params: { id: from.id }, ifMatch: 1, body: { into: into.id } });
    const merged = { status: 409, code: 'conflict', problem: { mergedInto: into.id } };

    const params = { id: from.id };
    await expect(tags.change({ params, ifMatch: 2, body: { name: 'Football' } })).rejects.toMatchObject(
      merged,
    );
    await expect(tags.merge({ params, ifMatch: 2, body: { into: other.id } })).rejects.toMatchObject(merged);
    await expect(make({ name: 'Soccer', slug: from.slug })).rejects.toMatchObject({ status: 409 });
    expect(await make({ name: 'Soccer', slug: 'soccer-again' })).toMatchObject({ name: 'Soccer' });
    const { data } = await tags.list({ query: { limit: '100' } });
    expect(data.map(({ id }) => id)).not.toContain(from.id);
  });

  it('is refused stale, without If-Match, and to others than editors', async () => {
    const [from, into] = [await make(), await make()];
    const call = { params: { id: from.id }, body: { into: into.id } };
    const author = (await app.as('author')).editorial.tags;
    const path = `/editorial/v1/tags/${from.id}/merge`;

    await expect(tags.merge({ ...call, ifMatch: 9 })).rejects.toMatchObject({ status: 412 });
    await expect(author.merge({ ...call, ifMatch: 1 })).rejects.toMatchObject({ status: 403 });
    await expect(tags.merge({ ...call, params: { id: NOWHERE }, ifMatch: 1 })).rejects.toMatchObject({
      status: 404,
    });
    expect((await send(app, path, { token: editor.token, body: JSON.stringify(call.body) })).status).toBe(
      428,
    );
  });
});

describe('deleting a tag', () => {
  it('takes its aliases along', async () => {
    const [from, into] = [await make(), await make()];
    await tags.merge({ params: { id: from.id }, ifMatch: 1, body: { into: into.id } });

    await tags.remove({ params: { id: into.id }, ifMatch: 2 });

    for (const { id } of [from, into])
      await expect(tags.read({ params: { id } })).rejects.toMatchObject({ status: 404 });
    expect((await auditOf(app, 'tag', into.id)).at(-1)).toMatchObject({ action: 'tag.delete', after: null });
    expect((await eventsOf(app, 'tag', into.id)).at(-1)?.data).toMatchObject({
      version: 3,
      surrogateKeys: expect.arrayContaining([`tag-${into.id}`, `named-tag-${from.id}`]),
    });
  });

  it('that stories use, by itself or by an alias, is refused and says where', async () => {
    const [from, into] = [await make(), await make()];
    const story = await draft(editor.client, { tags: [from.id] });
    await tags.merge({ params: { id: from.id }, ifMatch: 1, body: { into: into.id } });

    for (const [id, version] of [
      [into.id, 2],
      [from.id, 2],
    ] as const) {
      await expect(tags.remove({ params: { id }, ifMatch: version })).rejects.toMatchObject({
        status: 409,
        code: 'conflict',
        problem: { usedBy: { count: 1, articles: [story.id] } },
      });
    }
  });

  it('is refused stale, without If-Match, to authors, and of what is not there', async () => {
    const { id } = await make();
    const author = (await app.as('author')).editorial.tags;

    await expect(tags.remove({ params: { id }, ifMatch: 2 })).rejects.toMatchObject({ status: 412 });
    await expect(author.remove({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({ status: 403 });
    await expect(tags.remove({ params: { id: NOWHERE }, ifMatch: 1 })).rejects.toMatchObject({ status: 404 });
    const bare = await send(app, `/editorial/v1/tags/${id}`, { method: 'DELETE', token: editor.token });
    expect(bare.status).toBe(428);
  });
});

describe('the list of tags', () => {
  it('is in the order of names, page by page, without merged tags', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { data, page } = await tags.list({ query: { limit: '7', ...(after ? { after } : {}) } });
      seen.push(...data.map(({ name }) => name));
      after = page.next ?? undefined;
    } while (after);

    const all = await app.db.collection('tags').find({ mergedInto: null }).sort({ nameKey: 1 }).toArray();
    expect(seen).toEqual(all.map(({ name }) => name));
  });
});
