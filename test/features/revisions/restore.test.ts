import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { ArticleRecord } from '../../../src/features/articles/articles.model.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { keyWith } from '../../support/keys.ts';
import { uploaded } from '../../support/pictures.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let editor: Person;
let author: Person;
let desk: Client['editorial'];

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.person('editor');
  author = await app.person('author');
  desk = editor.client.editorial;
});
afterAll(() => app.close());

const restore = (
  id: string,
  number: number,
  ifMatch: number,
  { by = editor.client, ...body }: { by?: Client; note?: string; withoutGone?: boolean } = {},
) => by.editorial.revisions.restore({ params: { id, number: String(number) }, ifMatch, body });
const save = (id: string, ifMatch: number, body: object) =>
  desk.articles.change({ params: { id }, ifMatch, body });

describe('restoring an earlier version', () => {
  it('saves what the story said then as its newest version, and says so', async () => {
    const { id, headline, body } = await draft(author.client, { body: paragraphs('The first text.') });
    await save(id, 1, { headline: 'Spoilt', body: paragraphs('Spoilt.'), kicker: 'Spoilt' });

    const restored = await restore(id, 1, 2, { by: author.client, note: 'The desk cut too much.' });

    expect(restored).toMatchObject({
      version: 3,
      headline,
      kicker: '',
      body,
      slug: expect.stringMatching(/^ferry/),
    });
    const { data } = await desk.revisions.list({ params: { id } });
    expect(data[0]).toMatchObject({
      ...{ number: 3, reason: 'restore', restored: 1, by: author.id },
      note: 'The desk cut too much.',
    });
    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      action: 'article.bring-back',
      actor: { id: author.id },
      after: { restored: 1, fields: ['headline', 'kicker', 'body'], version: 3 },
    });
  });

  it('of what the story says already saves nothing', async () => {
    const { id } = await published(editor.client);

    expect(await restore(id, 1, 2)).toMatchObject({ version: 2, hasUnpublishedChanges: false });
  });

  it('of a published story changes the working copy only', async () => {
    const { id, version, slug } = await published(editor.client, { headline: 'Before the storm' });
    await save(id, version, { headline: 'After the storm' });
    await desk.articles.publish({ params: { id }, ifMatch: version + 1 });

    const restored = await restore(id, 1, version + 2);

    expect(restored).toMatchObject({
      status: 'published',
      hasUnpublishedChanges: true,
      headline: 'Before the storm',
    });
    const read = await app.anonymous.content.articles.read({ params: { slug } });
    expect(read.headline).toBe('After the storm');
  });

  it('takes back no decision of now: embargo, sensitivity, assignee, comments and slug stay', async () => {
    const { id } = await draft(author.client, { slug: 'first-address' });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const decisions = {
      ...{ embargoUntil: until, sensitive: true, assignee: author.id, slug: 'second-address' },
      comments: { mode: 'closed', closesAt: null },
    };
    await save(id, 1, { ...decisions, headline: 'Under embargo' });

    for (const by of [author.client, editor.client]) {
      const { version } = await by.editorial.articles.read({ params: { id } });
      const restored = await restore(id, version === 2 ? 1 : 2, version, { by });
      expect(restored).toMatchObject(decisions);
    }
  });

  it('never takes a slug that another story has by now', async () => {
    const { id } = await draft(editor.client, { headline: 'Harbour fire' });
    await save(id, 1, { headline: 'Something else' });
    const other = await draft(editor.client, { headline: 'Harbour fire' });

    const restored = await restore(id, 1, 2);

    expect(other.slug).toBe('harbour-fire');
    expect(restored).toMatchObject({ headline: 'Harbour fire', slug: 'harbour-fire-2' });
  });

  it('that has a tag and a picture which are gone is refused, naming them, or had without them', async () => {
    const tag = await desk.tags.create({ body: { name: 'Short-lived' } });
    const picture = await uploaded(editor.client);
    const attrs = { media: picture.id, alt: 'A quay', caption: null, credit: null };
    const content = [
      ...(paragraphs('The first text.') as unknown as { content: object[] }).content,
      { type: 'image', attrs: { id: 'i1', ...attrs } },
      { type: 'gallery', attrs: { id: 'g1', items: [attrs] } },
    ];
    const { id } = await draft(editor.client, {
      ...{ tags: [tag.id], hero: { media: picture.id } },
      body: { type: 'doc', content } as never,
    });
    await save(id, 1, { tags: [], hero: null, body: paragraphs('Cut.') });
    await desk.tags.remove({ params: { id: tag.id }, ifMatch: tag.version });
    await desk.media.remove({ params: { id: picture.id }, ifMatch: picture.version });

    await expect(restore(id, 1, 2)).rejects.toMatchObject({
      status: 422,
      problem: {
        errors: [
          { pointer: '/tags/0', code: 'no_such_id' },
          { pointer: '/hero/media', code: 'no_such_id' },
          { pointer: '/body/content/1/attrs/media', code: 'no_such_id' },
          { pointer: '/body/content/2/attrs/items/0/media', code: 'no_such_id' },
        ],
        detail: expect.stringContaining('"withoutGone": true'),
      },
    });
    expect(await desk.articles.read({ params: { id } })).toMatchObject({ version: 2, tags: [] });

    const restored = await restore(id, 1, 2, { withoutGone: true });
    expect(restored).toMatchObject({ version: 3, tags: [], hero: null });
    expect(restored.body).toMatchObject({ content: [{ content: [{ text: 'The first text.' }] }] });
    expect(restored.body.content).toHaveLength(1);
    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      action: 'article.bring-back',
      after: { restored: 1, leftOut: [tag.id, picture.id] },
    });
  });

  it('whose body the schema does not take any more is refused, with pointers into it', async () => {
    const { id } = await draft(editor.client);
    await save(id, 1, { kicker: 'New' });
    const body = { type: 'doc', content: [{ type: 'marquee', attrs: { id: 'a' } }] } as ArticleRecord['body'];
    await app.db
      .collection('revisions')
      .updateOne({ _id: `${id}:1` } as never, { $set: { 'snapshot.body': body } });

    await expect(restore(id, 1, 2)).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/body/content/0/type' }] },
    });
  });

  it('is refused on stale versions, without If-Match, in the archive, and for what is not there', async () => {
    const { id } = await draft(editor.client);
    await save(id, 1, { kicker: 'New' });

    await expect(restore(id, 1, 1)).rejects.toMatchObject({
      status: 412,
      problem: { current: { version: 2 } },
    });
    await expect(restore(id, 9, 2)).rejects.toMatchObject({ status: 404 });
    await expect(restore(NOWHERE, 1, 1)).rejects.toMatchObject({ status: 404 });
    const bare = await fetch(`${app.url}/editorial/v1/articles/${id}/revisions/1/restore`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${editor.token}` },
    });
    expect(bare.status).toBe(428);
    await expect(restore(id, 1, 2, { nonsense: 1 } as never)).rejects.toMatchObject({ status: 422 });
    await desk.articles.archive({ params: { id }, ifMatch: 2 });
    await expect(restore(id, 1, 3)).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
  });

  it('is no way into the story of somebody else (S30), and no way to publish (S31)', async () => {
    const { id } = await draft(editor.client);
    await save(id, 1, { kicker: 'New' });
    const [moderator, robot] = [await app.as('moderator'), await keyWith(app, ['articles:read'])];

    await expect(restore(id, 1, 2, { by: author.client })).rejects.toMatchObject({ status: 404 });
    for (const by of [moderator, robot.client])
      await expect(restore(id, 1, 2, { by })).rejects.toMatchObject({ status: 403 });
    const mine = await draft(author.client);
    await desk.articles.publish({ params: { id: mine.id }, ifMatch: 1 });
    await desk.articles.unpublish({ params: { id: mine.id }, ifMatch: 2 });
    expect(await restore(mine.id, 2, 3, { by: author.client })).toMatchObject({ status: 'unpublished' });
  });

  it('with one Idempotency-Key happens once', async () => {
    const { id, headline } = await draft(editor.client);
    await save(id, 1, { headline: 'New' });
    const again = () =>
      desk.revisions.restore({ params: { id, number: '1' }, ifMatch: 2, idempotencyKey: `restore-${id}` });

    const [first, second] = [await again(), await again()];

    expect([first, second]).toMatchObject([
      { version: 3, headline },
      { version: 3, headline },
    ]);
  });
});
