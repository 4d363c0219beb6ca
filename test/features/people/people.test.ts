import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../../support/app.ts';

const STAFF = [
  ['Ada Quill', 'editor'],
  ['ada.two', 'editor'],
  ['Grace (desk)', 'editor'],
  ['Núria Mar', 'author'],
] as const;

let app: TestApp;
let author: Person;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.person('author', 'searcher');
  for (const [name, role] of STAFF) await hire(name, role);
});
afterAll(() => app.close());

async function hire(name: string, role: 'editor' | 'author'): Promise<string> {
  const { editorial } = await app.as('admin', 'hirer');
  const email = `${name.replace(/\W/gu, '')}@example.org`;
  return (await editorial.users.create({ body: { email, name, role, password: PASSWORD } })).id;
}

const names = async (q?: string) =>
  (
    await author.client.editorial.people.list({ query: { limit: '100', ...(q === undefined ? {} : { q }) } })
  ).data.map(({ name }) => name);

describe('GET /people', () => {
  it.each(['admin', 'editor', 'author', 'moderator'] as const)('is for a %s', async (role) => {
    const { editorial } = await app.as(role, 'reader');

    expect((await editorial.people.list({ query: { q: 'reader' } })).data.length).toBeGreaterThan(0);
  });

  it('has id, name and role of colleagues, by name, and nothing else of them', async () => {
    const { data } = await author.client.editorial.people.list({ query: { q: 'Ada' } });

    expect(data).toEqual([
      { id: expect.any(String), name: 'Ada Quill', role: 'editor' },
      { id: expect.any(String), name: 'ada.two', role: 'editor' },
    ]);
  });

  it('looks for letters anywhere in the name, in any case, and takes them as they are', async () => {
    expect(await names('NÚRIA')).toEqual(['Núria Mar']);
    expect(await names('(desk)')).toEqual(['Grace (desk)']);
    expect(await names('a.t')).toEqual(['ada.two']);
    expect(await names('.*')).toEqual([]);
    expect(await names('^A')).toEqual([]);
    expect(await names('(((((((((((a+)+)+)+')).toEqual([]);
    expect((await names('')).length).toBeGreaterThan(4);
  });

  it('does not look in what colleagues do not see', async () => {
    expect(await names('example.org')).toEqual([]);
  });

  it('leaves out who has left', async () => {
    const id = await hire('Gone Fishing', 'author');
    expect(await names('gone')).toEqual(['Gone Fishing']);
    const { editorial } = await app.as('admin', 'hirer');
    await editorial.users.deactivate({ params: { id }, ifMatch: 1 });

    expect(await names('gone')).toEqual([]);
  });

  it('goes on page by page', async () => {
    const { people } = author.client.editorial;
    const first = await people.list({ query: { limit: '2' } });
    const second = await people.list({ query: { limit: '2', after: first.page.next ?? '' } });

    expect([...first.data, ...second.data].map(({ name }) => name)).toEqual((await names()).slice(0, 4));
  });

  it.each([{ q: 'x'.repeat(101) }, { email: 'a' }, { sort: 'email' }, { q: 'a\nb' }])(
    'refuses %j',
    async (query) => {
      await expect(author.client.editorial.people.list({ query })).rejects.toMatchObject({ status: 400 });
    },
  );
});
