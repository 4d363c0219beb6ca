import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { up } from '../../../migrations/0017-chain-publications.ts';
import type { Client } from '../../../src/client/index.ts';
import { createPublicationAudit } from '../../../src/features/articles/publication-audit.ts';
import { publicationHash } from '../../../src/features/articles/publication-chain.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let editor: Client;
let verify: ReturnType<typeof createPublicationAudit>;

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
  verify = createPublicationAudit({ db: app.db });
});
afterAll(() => app.close());

const publish = (id: string, ifMatch: number, body: object = {}, by = editor) =>
  by.editorial.articles.publish({ params: { id }, ifMatch, body });
const publications = () => app.db.collection<{ _id: string; [name: string]: unknown }>('publications');

/** A story with three published versions, all links whole. */
async function threeTimes(): Promise<string> {
  const { id } = await published(editor);
  await publish(id, 2, { change: 'correction', note: 'At one.' });
  await publish(id, 3, { change: 'minor' });
  return id;
}

describe('the hash of a published version', () => {
  it('is the one that it was given in November 2026, by another program than now', () => {
    const id = new Types.ObjectId('65f0c0ffee00000000000001');
    const paragraph = { type: 'paragraph', attrs: { id: 'b', level: null } };
    const kept = {
      ...{ _id: `${id}:2`, article: id, number: 2, prev: 'the one before', note: null, change: 'correction' },
      ...{ at: new Date('2026-11-20T08:30:00.000Z'), waived: [] },
      story: {
        headline: 'Måndag: "hamnen" \u2028 rises',
        body: { type: 'doc', content: [paragraph, null] },
        tags: [new Types.ObjectId('65f0c0ffee00000000000002')],
        ...{ hero: null, sensitive: false, absent: undefined, readingTimeMinutes: Number.NaN },
        more: { b: 1, a: 0.5, 10: 'ten', 9: 'nine' },
      },
    };

    expect(publicationHash(kept)).toBe('AYWTdFxUOczbl5x-Cpe0sHiVPRYYdGE9CI2VyVYwDq0');
  });
});

describe('the chain of published versions', () => {
  it('is whole as it was written, and stands in the audit log', async () => {
    const id = await threeTimes();

    const [first, second] = await publications()
      .find({ _id: { $in: [`${id}:1`, `${id}:2`] } })
      .sort({ number: 1 })
      .toArray();

    expect(first).toMatchObject({ prev: '', hash: expect.any(String) });
    expect(second?.prev).toBe(first?.hash);
    expect((await auditOf(app, 'article', id)).at(1)?.after).toMatchObject({ hash: first?.hash });
    expect((await verify()).faults).toEqual([]);
  });

  it.each<[string, number, (id: string) => Promise<unknown>]>([
    [
      'a word of a version was changed',
      2,
      (id) => publications().updateOne({ _id: `${id}:2` }, { $set: { 'story.headline': 'Forged' } }),
    ],
    [
      'a note was taken away',
      2,
      (id) => publications().updateOne({ _id: `${id}:2` }, { $set: { note: null } }),
    ],
    ['a version was removed', 2, (id) => publications().deleteOne({ _id: `${id}:2` })],
    ['the newest was removed', 3, (id) => publications().deleteOne({ _id: `${id}:3` })],
    ['the first was removed', 1, (id) => publications().deleteOne({ _id: `${id}:1` })],
    ['all were removed', 3, (id) => publications().deleteMany({ _id: new RegExp(`^${id}`) as never })],
    [
      'the hash was taken off',
      2,
      (id) => publications().updateOne({ _id: `${id}:2` }, { $unset: { hash: '' } }),
    ],
    [
      'readers were given something else',
      3,
      (id) =>
        app.db
          .collection('published')
          .updateOne(
            { slug: { $exists: true }, version: 4, number: 3, 'corrections.note': 'At one.', _id: idOf(id) },
            { $set: { headline: 'Forged' } },
          ),
    ],
  ])('shows that %s', async (_what, number, tamper) => {
    const id = await threeTimes();

    await tamper(id);

    expect((await verify()).faults.filter(({ article }) => article === id)).toEqual([
      { article: id, number, fault: expect.any(String) },
    ]);
  });

  it('shows a version that was changed together with its hash', async () => {
    const id = await threeTimes();
    const { chained } = await import('../../../src/features/articles/publication-chain.ts');
    const {
      hash: _hash,
      prev,
      ...second
    } = (await publications().findOne({ _id: `${id}:2` })) as unknown as { hash: string; prev: string };

    await publications().replaceOne(
      { _id: `${id}:2` },
      chained({ ...second, note: 'Forged.' }, String(prev)),
    );

    expect((await verify()).faults).toContainEqual({
      article: id,
      number: 2,
      fault: 'the one after it was made after another',
    });
  });

  it('is made by the migration for stories that were published before there was one', async () => {
    const id = await threeTimes();
    const before = await publications()
      .find({ _id: new RegExp(`^${id}`) as never })
      .toArray();
    const told = await app.db
      .collection('corrections')
      .find({ article: idOf(id) })
      .toArray();
    await publications().updateMany(
      { _id: new RegExp(`^${id}`) as never },
      { $unset: { hash: '', prev: '' } },
    );
    await app.db.collection('corrections').deleteMany({ article: idOf(id) });

    await up(app.db.db as never);

    expect(
      await publications()
        .find({ _id: new RegExp(`^${id}`) as never })
        .toArray(),
    ).toEqual(before);
    expect(
      await app.db
        .collection('corrections')
        .find({ article: idOf(id) })
        .toArray(),
    ).toEqual(told);
  });
});

const idOf = (id: string) => new app.db.base.Types.ObjectId(id);

describe('a story that was public before it came here', () => {
  const since = '1999-12-31T23:00:00.000Z';

  it('is published under its own date, and stands there in lists', async () => {
    const { id, slug } = await draft(editor, { headline: 'Old news' });
    await published(editor);

    const live = await publish(id, 1, { firstPublishedAt: since });

    expect(live).toMatchObject({ firstPublishedAt: since, publishedAt: since });
    const { content } = app.anonymous;
    expect(await content.articles.read({ params: { slug } })).toMatchObject({
      firstPublishedAt: since,
      publishedAt: since,
      updatedAt: since,
    });
    const { data } = await content.articles.list({ query: { limit: '100' } });
    expect(data.at(-1)?.slug).toBe(slug);
    expect((await content.record.history({ params: { slug } })).data).toEqual([
      { number: 1, change: null, note: null, at: since },
    ]);
    expect((await auditOf(app, 'article', id)).at(-1)?.after).toMatchObject({ backdatedTo: new Date(since) });
  });

  it('keeps its first date, and gets no other later', async () => {
    const { id } = await draft(editor);
    await publish(id, 1, { firstPublishedAt: since });
    const hidden = await editor.editorial.articles.unpublish({ params: { id }, ifMatch: 2 });

    for (const version of [hidden.version])
      await expect(publish(id, version, { firstPublishedAt: '1998-01-01T00:00:00Z' })).rejects.toMatchObject({
        status: 422,
        problem: { errors: [{ pointer: '/firstPublishedAt', code: 'already_published' }] },
      });
    expect(await publish(id, hidden.version)).toMatchObject({ firstPublishedAt: since });
  });

  it('cannot be dated ahead', async () => {
    const { id } = await draft(editor);
    const ahead = new Date(Date.now() + 3_600_000).toISOString();

    await expect(publish(id, 1, { firstPublishedAt: ahead })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/firstPublishedAt', code: 'in_the_future' }] },
    });
    expect(await editor.editorial.articles.read({ params: { id } })).toMatchObject({ status: 'draft' });
  });

  it('is published by the desk only', async () => {
    const author = await app.as('author');
    const { id } = await draft(author);

    await expect(publish(id, 1, { firstPublishedAt: since }, author)).rejects.toMatchObject({ status: 403 });
  });
});
