import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../../src/api.ts';
import type { Client } from '../../../src/client/index.ts';
import { operationsOf } from '../../../src/contract/surface.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { keyWith, type TestKey } from '../../support/keys.ts';
import { uploaded } from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let author: Person;
let editor: Client;
let reader: TestKey;
let writer: TestKey;
let rival: TestKey;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.person('author');
  editor = await app.as('editor');
  reader = await keyWith(app, ['articles:read']);
  writer = await keyWith(app, ['articles:write'], { name: 'Wire robot' });
  rival = await keyWith(app, ['articles:write'], { name: 'Other robot' });
});
afterAll(() => app.close());

/** Expects every one of some calls to be refused alike. */
async function refused(calls: readonly Promise<unknown>[], reason: object): Promise<void> {
  for (const one of await Promise.allSettled(calls))
    expect(one).toMatchObject({ status: 'rejected', reason });
}

const articles = ({ client }: { client: Client }) => client.editorial.articles;

describe('a key with articles:read', () => {
  it('reads every working copy, and changes none', async () => {
    const { id } = await draft(author.client, { headline: 'Not for robots to change' });
    const params = { id };

    expect(await articles(reader).read({ params })).toMatchObject({
      id,
      headline: 'Not for robots to change',
    });
    expect((await articles(reader).list()).data.map((one) => one.id)).toContain(id);
    const writing = [
      articles(reader).create({ body: { headline: 'X' } }),
      articles(reader).change({ params, ifMatch: 1, body: { headline: 'X' } }),
      articles(reader).bin({ params, ifMatch: 1 }),
      articles(reader).submit({ params, ifMatch: 1 }),
    ];
    await refused(writing, { status: 403, code: 'forbidden' });
  });
});

describe('a key with articles:write', () => {
  it('starts, changes, submits, bins and restores what it made, and stands in its record', async () => {
    const { id, createdBy } = await draft(writer.client, { body: paragraphs('From the wire.') });
    const params = { id };
    const changed = await articles(writer).change({ params, ifMatch: 1, body: { kicker: 'Wire' } });
    const binned = await articles(writer).bin({ params, ifMatch: 2 });
    const restored = await articles(writer).restore({ params, ifMatch: 3 });
    const submitted = await articles(writer).submit({ params, ifMatch: 4 });

    expect([createdBy, changed.modifiedBy]).toEqual([writer.id, writer.id]);
    expect([binned.binnedAt, restored.binnedAt, submitted.status]).toEqual([
      expect.any(String),
      null,
      'in_review',
    ]);
    expect(await editor.editorial.articles.read({ params })).toMatchObject({ createdBy: writer.id });
    for (const row of await auditOf(app, 'article', id))
      expect(row.actor).toEqual({ kind: 'key', id: writer.id, name: 'Wire robot', role: null });
  });

  it('sees nothing of what people and other keys made', async () => {
    const stories = [await draft(author.client), await draft(rival.client)];

    for (const { id } of stories) {
      const params = { id };
      const tries = [
        articles(writer).read({ params }),
        articles(writer).change({ params, ifMatch: 1, body: { headline: 'Taken over' } }),
        articles(writer).bin({ params, ifMatch: 1 }),
        articles(writer).submit({ params, ifMatch: 1 }),
      ];
      await refused(tries, { status: 404 });
      expect(await editor.editorial.articles.read({ params })).toMatchObject({ version: 1, status: 'draft' });
    }
    const listed = (await articles(writer).list({ query: { limit: '100' } })).data;
    expect(new Set(listed.map(({ createdBy }) => createdBy))).toEqual(new Set([writer.id]));
  });

  it('reads what others made only with articles:read as well, and still changes none of it', async () => {
    const both = await keyWith(app, ['articles:read', 'articles:write']);
    const { id } = await draft(author.client);
    const params = { id };

    expect(await articles(both).read({ params })).toMatchObject({ id });
    const writing = [
      articles(both).change({ params, ifMatch: 1, body: { headline: 'X' } }),
      articles(both).bin({ params, ifMatch: 1 }),
      articles(both).submit({ params, ifMatch: 1 }),
    ];
    await refused(writing, { status: 403 });
  });

  it.each(['return', 'approve', 'publish', 'unpublish', 'archive', 'kill'] as const)(
    'never takes the step "%s", also not on what it made',
    async (step) => {
      const { id } = await draft(writer.client);
      const request = { params: { id }, ifMatch: 1, body: { reason: 'Because' } };

      const stepping = articles(writer)[step](request as never);

      await expect(stepping).rejects.toMatchObject({ status: 403, code: 'forbidden' });
      expect(await articles(writer).read({ params: { id } })).toMatchObject({ version: 1, status: 'draft' });
    },
  );

  it('changes nothing that readers see: once its story is published, what it writes waits for the desk', async () => {
    const { id, slug, headline } = await draft(writer.client);
    const params = { id };
    await articles(writer).submit({ params, ifMatch: 1 });
    await editor.editorial.articles.publish({ params, ifMatch: 2 });

    const changed = await articles(writer).change({ params, ifMatch: 3, body: { headline: 'Later' } });

    expect(changed).toMatchObject({ status: 'published', hasUnpublishedChanges: true });
    expect(await app.anonymous.content.articles.read({ params: { slug } })).toMatchObject({ headline });
    await refused([articles(writer).bin({ params, ifMatch: 4 })], { status: 409, code: 'wrong_state' });
  });

  it('may not assign, lift an embargo or take off the mark "sensitive"', async () => {
    const { id } = await draft(writer.client, { embargoUntil: '2031-01-01T00:00:00Z', sensitive: true });

    for (const body of [{ assignee: author.id }, { embargoUntil: null }, { sensitive: false }])
      await expect(articles(writer).change({ params: { id }, ifMatch: 1, body })).rejects.toMatchObject({
        status: 403,
        problem: { field: Object.keys(body)[0] },
      });
  });

  it('repeats nothing for an Idempotency-Key that another caller used', async () => {
    const request = { body: { headline: 'Once each' }, idempotencyKey: 'wire-1' };

    const made = [
      await articles(writer).create(request),
      await articles(writer).create(request),
      await articles(rival).create(request),
    ];

    expect(made[1]?.id).toBe(made[0]?.id);
    expect(made[2]).toMatchObject({ createdBy: rival.id });
    expect(made[2]?.id).not.toBe(made[0]?.id);
  });
});

describe('pictures, tags, sections and authors', () => {
  it('are read by keys that read or write stories; a key changes only pictures of its own', async () => {
    const { id } = await uploaded(writer.client);
    const theirs = await uploaded(editor);
    const { media } = writer.client.editorial;
    const change = (of: string) => media.change({ params: { id: of }, ifMatch: 1, body: { credit: 'Wire' } });

    expect(await change(id)).toMatchObject({ createdBy: writer.id, modifiedBy: writer.id, credit: 'Wire' });
    await expect(change(theirs.id)).rejects.toMatchObject({ status: 403 });
    await expect(media.remove({ params: { id: theirs.id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 403,
    });
    expect((await media.list({ query: { mine: 'true' } })).data.map((one) => one.id)).toEqual([id]);
    expect(await reader.client.editorial.media.read({ params: { id } })).toMatchObject({ id });
    await expect(uploaded(reader.client)).rejects.toMatchObject({ status: 403 });
    await media.remove({ params: { id }, ifMatch: 2 });
    expect((await auditOf(app, 'media', id)).at(-1)).toMatchObject({ actor: { kind: 'key', id: writer.id } });
  });

  it.each(['tags', 'sections', 'authors'] as const)('no key changes %s', async (feature) => {
    const { id } = await editor.editorial[feature].create({ body: { name: `Harbour ${feature}` } });
    const params = { id };

    for (const { client } of [reader, writer]) {
      const taxonomy = client.editorial[feature];
      expect(await taxonomy.read({ params })).toMatchObject({ id });
      const writing = [
        taxonomy.create({ body: { name: 'Mine' } }),
        taxonomy.change({ params, ifMatch: 1, body: { name: 'Mine' } }),
        taxonomy.remove({ params, ifMatch: 1 }),
      ];
      await refused(writing, { status: 403 });
    }
  });
});

describe('a key for frontends only', () => {
  it('reads the content surface and nothing of the desk', async () => {
    const { key, client } = await keyWith(app, ['content:read']);
    const { slug } = await published(editor);
    const desk = operationsOf(api).filter(
      ({ surface, route }) => surface === 'editorial' && route.access !== 'public',
    );

    const statuses = await Promise.all(
      desk.map(async ({ path, route }) => {
        const method = route.method.toUpperCase();
        return (await send(app, path.replace(/:\w+/g, NOWHERE), { method, token: key })).status;
      }),
    );

    expect(await client.content.articles.read({ params: { slug } })).toMatchObject({ slug });
    expect(new Set(statuses)).toEqual(new Set([403]));
  });
});
