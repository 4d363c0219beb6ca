import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf, eventsOf } from '../../support/records.ts';

let app: TestApp;
let editor: Person;
let authors: Client['editorial']['authors'];

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.person('editor');
  authors = editor.client.editorial.authors;
});
afterAll(() => app.close());

let names = 0;
const make = (more: { name?: string; slug?: string; user?: string | null } = {}) => {
  names += 1;
  return authors.create({ body: { name: `Nuala Reporter ${names}`, ...more } });
};

describe('creating an author', () => {
  it('of a member of staff', async () => {
    const { id: user } = await app.person('author');

    const author = await authors.create({
      body: { name: 'Órla Ní Bhriain', bio: 'Covers\nthe courts.', user },
    });

    expect(author).toMatchObject({
      name: 'Órla Ní Bhriain',
      slug: 'orla-ni-bhriain',
      bio: 'Covers\nthe courts.',
      user,
      version: 1,
    });
    expect(await authors.read({ params: { id: author.id } })).toEqual(author);
    expect(await auditOf(app, 'author', author.id)).toMatchObject([
      { action: 'author.create', actor: { id: editor.id }, before: null, after: { slug: 'orla-ni-bhriain' } },
    ]);
    expect(await eventsOf(app, 'author', author.id)).toMatchObject([
      {
        type: 'author.changed',
        data: { id: author.id, version: 1, surrogateKeys: [] },
      },
    ]);
  });

  it('with a name alone belongs to no member of staff', async () => {
    expect(await make()).toMatchObject({ bio: '', user: null });
  });

  it('of one name twenty times at once gives each a slug of its own', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => make({ name: 'Mary Murphy' })));

    const numbered = Array.from({ length: 19 }, (_, index) => `mary-murphy-${index + 2}`);
    expect(made.map(({ slug }) => slug).sort()).toEqual(['mary-murphy', ...numbered].sort());
  });

  it('under a slug that is taken is refused, also when twenty ask at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => make({ slug: 'the-editor' })));

    const codes = outcomes.map((one) => (one.status === 'fulfilled' ? 201 : one.reason.status)).sort();
    expect(codes).toEqual([201, ...Array(19).fill(409)]);
  });

  it('of somebody who is not there is refused', async () => {
    await expect(make({ user: NOWHERE })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/user', code: 'no_such_user' }] },
    });
  });

  it.each([
    ['no name', { name: '' }, '/name'],
    ['a bad slug', { name: 'Ok', slug: '-x' }, '/slug'],
    ['a life story', { name: 'Ok', bio: 'x'.repeat(5001) }, '/bio'],
    ['a field of ours', { name: 'Ok', formerSlugs: [] }, '/formerSlugs'],
  ])('with %s is refused', async (_what, body, pointer) => {
    await expect(authors.create({ body })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer })] },
    });
  });

  it.each(['author', 'moderator'] as const)('is refused to the role %s, which may read', async (role) => {
    const { id } = await make();
    const other = (await app.as(role)).editorial.authors;

    await expect(other.create({ body: { name: 'Me' } })).rejects.toMatchObject({ status: 403 });
    expect(await other.read({ params: { id } })).toMatchObject({ id });
  });
});

describe('changing an author', () => {
  it('changes what is given and nothing else', async () => {
    const { id: user } = await app.person('author', 'second');
    const author = await make();

    const changed = await authors.change({
      params: { id: author.id },
      ifMatch: 1,
      body: { name: 'Nuala Ryan', user },
    });
    const freed = await authors.change({ params: { id: author.id }, ifMatch: 2, body: { user: null } });

    expect(changed).toEqual({
      ...author,
      name: 'Nuala Ryan',
      user,
      version: 2,
      modifiedAt: changed.modifiedAt,
    });
    expect(freed).toMatchObject({ name: 'Nuala Ryan', user: null, version: 3 });
    expect((await auditOf(app, 'author', author.id)).slice(1)).toMatchObject([
      { action: 'author.change', before: { name: author.name, user: null }, after: { name: 'Nuala Ryan' } },
      { action: 'author.change', after: { user: null } },
    ]);
    expect((await eventsOf(app, 'author', author.id)).map(({ data }) => data.version)).toEqual([1, 2, 3]);
  });

  it('is refused stale, without If-Match, to authors, with bad content, and of what is not there', async () => {
    const { id } = await make();
    const taken = await make();
    const params = { id };
    const author = (await app.as('author')).editorial.authors;

    await authors.change({ params, ifMatch: 1, body: { bio: 'Theirs' } });
    await expect(authors.change({ params, ifMatch: 1, body: { bio: 'Mine' } })).rejects.toMatchObject({
      status: 412,
      code: 'stale_version',
      problem: { current: { bio: 'Theirs', version: 2 } },
    });
    await expect(author.change({ params, ifMatch: 2, body: {} })).rejects.toMatchObject({ status: 403 });
    await expect(authors.change({ params, ifMatch: 2, body: { user: NOWHERE } })).rejects.toMatchObject({
      status: 422,
    });
    await expect(authors.change({ params, ifMatch: 2, body: { slug: taken.slug } })).rejects.toMatchObject({
      status: 409,
    });
    await expect(authors.change({ params: { id: NOWHERE }, ifMatch: 1, body: {} })).rejects.toMatchObject({
      status: 404,
    });
    const bare = await send(app, `/editorial/v1/authors/${id}`, {
      method: 'PATCH',
      token: editor.token,
      body: '{}',
    });
    expect(bare.status).toBe(428);
    expect(await authors.read({ params })).toMatchObject({ bio: 'Theirs', version: 2 });
  });

  it('leaves an old slug that leads readers to the new one, and is nobody else’s', async () => {
    const { id } = await make({ slug: 'nuala-burke' });
    const story = await published(editor.client, { authors: [id] });
    await authors.change({ params: { id }, ifMatch: 1, body: { slug: 'nuala-walsh' } });

    const answer = await send(app, '/content/v1/authors/nuala-burke');

    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/content/v1/authors/nuala-walsh']);
    const { data } = await app.anonymous.content.articles.list({ query: { author: 'nuala-burke' } });
    expect(data).toMatchObject([{ id: story.id, authors: [{ slug: 'nuala-walsh' }] }]);
    await expect(make({ slug: 'nuala-burke' })).rejects.toMatchObject({ status: 409, code: 'conflict' });
    expect((await make({ name: 'Nuala Burke' })).slug).toBe('nuala-burke-2');
    const back = await authors.change({ params: { id }, ifMatch: 2, body: { slug: 'nuala-burke' } });
    expect(back).toMatchObject({ slug: 'nuala-burke', version: 3 });
  });

  it('remembers the last fifty slugs', async () => {
    const { id } = await make({ slug: 'restless-0' });
    for (let turn = 1; turn <= 52; turn += 1) {
      await authors.change({ params: { id }, ifMatch: turn, body: { slug: `restless-${turn}` } });
    }

    const owners = async (slug: string) =>
      (await app.services.lookups.authors.bySlugs([slug])).map(({ _id }) => String(_id));

    expect([await owners('restless-0'), await owners('restless-1')]).toEqual([[], []]);
    expect([await owners('restless-2'), await owners('restless-52')]).toEqual([[id], [id]]);
  });
});

describe('deleting an author', () => {
  it('that no story names', async () => {
    const { id, slug } = await make();

    await authors.remove({ params: { id }, ifMatch: 1 });

    await expect(authors.read({ params: { id } })).rejects.toMatchObject({ status: 404 });
    expect((await auditOf(app, 'author', id)).at(-1)).toMatchObject({
      action: 'author.delete',
      before: { slug },
      after: null,
    });
    expect((await eventsOf(app, 'author', id)).at(-1)).toMatchObject({
      type: 'author.changed',
      data: { version: 2 },
    });
  });

  it('that a story names is refused and says where', async () => {
    const { id } = await make();
    const story = await draft(editor.client, { authors: [id] });

    await expect(authors.remove({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
      problem: { usedBy: { count: 1, articles: [story.id] } },
    });
  });

  it('is refused stale, without If-Match, to authors, and of what is not there', async () => {
    const { id } = await make();
    const author = (await app.as('author')).editorial.authors;

    await expect(authors.remove({ params: { id }, ifMatch: 2 })).rejects.toMatchObject({ status: 412 });
    await expect(author.remove({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({ status: 403 });
    await expect(authors.remove({ params: { id: NOWHERE }, ifMatch: 1 })).rejects.toMatchObject({
      status: 404,
    });
    const bare = await send(app, `/editorial/v1/authors/${id}`, { method: 'DELETE', token: editor.token });
    expect(bare.status).toBe(428);
  });
});

describe('the list of authors', () => {
  it('is in the order of names, with every author once though names are shared', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { data, page } = await authors.list({ query: { limit: '6', ...(after ? { after } : {}) } });
      seen.push(...data.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after);

    const all = await app.db.collection('authors').find().sort({ nameKey: 1, _id: 1 }).toArray();
    expect(seen).toEqual(all.map(({ _id }) => String(_id)));
  });
});
