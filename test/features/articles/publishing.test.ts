import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { auditOf, eventsOf, until } from '../../support/records.ts';

let app: TestApp;
let editor: Client;
let author: Client;
let reader: Client['content'];

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
  author = await app.as('author');
  reader = app.anonymous.content;
});
afterAll(() => app.close());

const publish = (id: string, ifMatch: number, body: object = {}) =>
  editor.editorial.articles.publish({ params: { id }, ifMatch, body });
const publications = (id: string) =>
  app.db
    .collection('publications')
    .find({ _id: new RegExp(`^${id}:`) } as never)
    .sort({ number: 1 })
    .toArray();

/** What transactions did meanwhile, in order: what was read in one, and everything that was written. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  await app.db.db?.command({ profile: 2 });
  await work();
  await app.db.db?.command({ profile: 0 });
  const all = await app.db.collection('system.profile').find().sort({ ts: 1 }).toArray();
  return (
    all
      .filter(({ op, command }) => ['insert', 'update'].includes(op) || command?.txnNumber)
      // Once a minute a session is said to be in use, by whatever request.
      .filter(({ ns }) => !ns.endsWith('.sessions'))
      .map(({ op, ns, command }) => `${op === 'command' ? Object.keys(command)[0] : op} ${ns.split('.')[1]}`)
  );
}

describe('a first publication', () => {
  it('asks one question and writes what it leaves, since it waits for every statement', async () => {
    const { id } = await draft(editor);

    const statements = await statementsOf(() => publish(id, 1));

    expect(statements).toEqual([
      ...['aggregate articles', 'findAndModify articles', 'insert published', 'update slugs'],
      ...['insert publications', 'update outbox', 'insert revisions', 'update audit'],
    ]);
  });
});

describe('the way from draft to reader', () => {
  it('leads over submit, approve and publish', async () => {
    const { id, slug } = await draft(author, { headline: 'Market hall reopens' });

    const submitted = await author.editorial.articles.submit({ params: { id }, ifMatch: 1 });
    const approved = await editor.editorial.articles.approve({ params: { id }, ifMatch: 2 });
    const live = await publish(id, 3);

    expect([submitted.status, approved.status, live.status]).toEqual(['in_review', 'approved', 'published']);
    expect(live).toMatchObject({
      version: 4,
      hasUnpublishedChanges: false,
      publishedAt: live.firstPublishedAt,
    });
    expect(await reader.articles.read({ params: { slug } })).toMatchObject({
      id,
      headline: 'Market hall reopens',
    });
    expect((await auditOf(app, 'article', id)).map(({ action }) => action)).toEqual([
      'article.create',
      'article.submit',
      'article.approve',
      'article.publish',
    ]);
  });

  it('goes back to the author on return', async () => {
    const { id } = await draft(author);
    await author.editorial.articles.submit({ params: { id }, ifMatch: 1 });

    const returned = await editor.editorial.articles.return({ params: { id }, ifMatch: 2 });

    expect(returned).toMatchObject({ status: 'draft', version: 3 });
  });

  it('is closed to authors beyond submit', async () => {
    const { id } = await draft(author);
    const { articles } = author.editorial;

    for (const step of [
      articles.approve,
      articles.publish,
      articles.return,
      articles.archive,
      articles.unpublish,
    ]) {
      await expect(step({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({
        status: 403,
        code: 'forbidden',
      });
    }
    await expect(articles.kill({ params: { id }, ifMatch: 1, body: { reason: 'x' } })).rejects.toMatchObject({
      status: 403,
    });
    expect(await articles.read({ params: { id } })).toMatchObject({ status: 'draft', version: 1 });
  });

  it('names the states that a step is allowed from', async () => {
    const { id } = await draft(editor);

    await expect(editor.editorial.articles.approve({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 409,
      code: 'wrong_state',
      problem: { allowedFrom: ['in_review'] },
    });
  });

  it('refuses steps on stale versions and on what is not there', async () => {
    const { id } = await draft(editor);

    await expect(publish(id, 5)).rejects.toMatchObject({ status: 412 });
    await expect(publish(NOWHERE, 1)).rejects.toMatchObject({ status: 404 });
    await expect(publish('not-an-id', 1)).rejects.toMatchObject({ status: 404 });
  });

  it('ends in the archive', async () => {
    const { id } = await draft(editor);

    const archived = await editor.editorial.articles.archive({ params: { id }, ifMatch: 1 });

    expect(archived.status).toBe('archived');
    await expect(
      editor.editorial.articles.change({ params: { id }, ifMatch: 2, body: { kicker: 'x' } }),
    ).rejects.toMatchObject({ code: 'wrong_state' });
  });
});

describe('publishing', () => {
  it('writes an immutable version, an event and a revision together', async () => {
    const { id, version, slug } = await published(editor, { headline: 'Lighthouse painted' });

    expect(await publications(id)).toMatchObject([
      { number: 1, version, change: null, story: { headline: 'Lighthouse painted', number: 1 } },
    ]);
    expect(await eventsOf(app, 'article', id)).toMatchObject([
      {
        type: 'article.published',
        data: {
          id,
          slug,
          version,
          surrogateKeys: expect.arrayContaining([`article-${id}`, 'top-all', 'count-all']),
        },
      },
    ]);
    expect(await app.db.collection('revisions').findOne({ _id: `${id}:${version}` } as never)).toMatchObject({
      reason: 'publish',
    });
  });

  it('without a text is refused with what is missing', async () => {
    const { id } = await editor.editorial.articles.create({ body: { headline: 'Nothing yet' } });

    await expect(publish(id, 1)).rejects.toMatchObject({
      status: 409,
      code: 'checks_failed',
      problem: {
        blocking: [{ code: 'body_missing', pointer: '/body', message: expect.any(String) }],
        advisory: expect.arrayContaining([expect.objectContaining({ code: 'section_missing' })]),
      },
    });
    await expect(reader.articles.read({ params: { slug: 'nothing-yet' } })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('before the embargo ends is refused, and possible after an editor lifts it', async () => {
    const embargoUntil = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await draft(editor, { embargoUntil });

    await expect(publish(id, 1)).rejects.toMatchObject({
      status: 409,
      problem: { blocking: [{ code: 'embargo', pointer: '/embargoUntil' }] },
    });
    await editor.editorial.articles.change({ params: { id }, ifMatch: 1, body: { embargoUntil: null } });
    const live = await publish(id, 2);

    expect(live.status).toBe('published');
    expect(
      (await auditOf(app, 'article', id)).find(({ action }) => action === 'article.change'),
    ).toMatchObject({
      before: { embargoUntil: new Date(embargoUntil) },
      after: { embargoUntil: null },
    });
  });

  it('of one version by ten at once happens once', async () => {
    const { id } = await draft(editor);

    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => publish(id, 1)));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await publications(id)).toHaveLength(1);
    expect(await eventsOf(app, 'article', id)).toHaveLength(1);
  });
});

describe('after publishing', () => {
  it('edits stay with the desk until the next publish', async () => {
    const { id, slug, version } = await published(editor, { headline: 'Council votes' });

    const edited = await editor.editorial.articles.change({
      params: { id },
      ifMatch: version,
      body: { headline: 'Council votes no' },
    });
    const before = await reader.articles.read({ params: { slug } });
    await publish(id, edited.version);
    const after = await reader.articles.read({ params: { slug } });

    expect(edited.hasUnpublishedChanges).toBe(true);
    expect([before.headline, after.headline]).toEqual(['Council votes', 'Council votes no']);
  });

  it('a correction is told to readers, a minor change moves no date, and the first date stays', async () => {
    const first = await published(editor);
    const { id, slug } = first;

    const corrected = await publish(id, first.version, {
      change: 'correction',
      note: 'The ferry leaves at one.',
    });
    const told = await reader.articles.read({ params: { slug } });
    await publish(id, corrected.version, { change: 'minor' });
    const quiet = await reader.articles.read({ params: { slug } });

    expect(told.corrections).toEqual([
      { change: 'correction', note: 'The ferry leaves at one.', at: told.updatedAt },
    ]);
    expect(told.updatedAt > told.publishedAt).toBe(true);
    expect(quiet).toEqual(told);
    expect(quiet).toMatchObject({ firstPublishedAt: first.firstPublishedAt, publishedAt: first.publishedAt });
    expect((await eventsOf(app, 'article', id)).map(({ type, data }) => [type, data.change])).toEqual([
      ['article.published', undefined],
      ['article.corrected', 'correction'],
      ['article.updated', 'minor'],
    ]);
  });

  it('a correction without a note, and a change of what was never published, are refused', async () => {
    const { id, version } = await published(editor);
    const fresh = await draft(editor);

    await expect(publish(id, version, { change: 'correction' })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/note' }] },
    });
    await expect(publish(fresh.id, 1, { change: 'update' })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/change' }] },
    });
  });

  it('unpublishing hides a story until it is published again', async () => {
    const { id, slug, version, firstPublishedAt } = await published(editor);

    const hidden = await editor.editorial.articles.unpublish({
      params: { id },
      ifMatch: version,
      body: { reason: 'Legal.' },
    });
    await expect(reader.articles.read({ params: { slug } })).rejects.toMatchObject({ status: 404 });
    const again = await publish(id, hidden.version);

    expect(hidden).toMatchObject({ status: 'unpublished', hasUnpublishedChanges: true });
    expect(again).toMatchObject({ status: 'published', firstPublishedAt });
    expect(again.publishedAt && firstPublishedAt && again.publishedAt > firstPublishedAt).toBe(true);
    expect((await eventsOf(app, 'article', id)).map(({ type }) => type)).toEqual([
      'article.published',
      'article.unpublished',
      'article.published',
    ]);
  });

  it('killing is for good: 410, no way back, the record stays', async () => {
    const { id, slug, version } = await published(editor);

    const killed = await editor.editorial.articles.kill({
      params: { id },
      ifMatch: version,
      body: { reason: 'Wrong man.' },
    });

    expect(killed).toMatchObject({ status: 'killed', killReason: 'Wrong man.' });
    await expect(reader.articles.read({ params: { slug } })).rejects.toMatchObject({
      status: 410,
      code: 'gone',
    });
    await expect(publish(id, killed.version)).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
    expect(await editor.editorial.articles.read({ params: { id } })).toMatchObject({ status: 'killed' });
    await expect(
      editor.editorial.articles.kill({ params: { id }, ifMatch: killed.version, body: {} as never }),
    ).rejects.toMatchObject({ status: 422 });
  });

  it('a published story cannot go to the bin', async () => {
    const { id, version } = await published(editor);

    await expect(editor.editorial.articles.bin({ params: { id }, ifMatch: version })).rejects.toMatchObject({
      code: 'wrong_state',
    });
  });

  it('an old slug leads to the new one, and belongs to the story for ever', async () => {
    const { id, slug, version } = await published(editor, { headline: 'Old address' });
    const renamed = await editor.editorial.articles.change({
      params: { id },
      ifMatch: version,
      body: { slug: 'new-address' },
    });

    expect((await reader.articles.read({ params: { slug } })).slug).toBe(slug);
    await publish(id, renamed.version);
    const moved = await fetch(`${app.url}/content/v1/articles/${slug}?format=html`, { redirect: 'manual' });

    expect(moved.status).toBe(301);
    expect(moved.headers.get('location')).toBe('/content/v1/articles/new-address?format=html');
    await expect(draft(editor, { slug })).rejects.toMatchObject({ status: 409 });
    expect((await draft(editor, { headline: 'Old address', body: paragraphs('x') })).slug).toBe(
      'old-address-2',
    );
  });
});

describe('the outbox and the audit log', () => {
  it('are numbered without gaps and chained by hash after commit', async () => {
    const { id, version } = await published(editor);
    app.start('sequencer');
    await publish(id, version);
    await until(async () => (await app.db.collection('outbox').countDocuments({ pending: true })) === 0);
    await until(async () => (await app.db.collection('audit').countDocuments({ pending: true })) === 0);

    const numbers = (await app.services.outbox.after(0, 1_000)).map(({ seq }) => seq);
    const { fault } = await app.services.audit.verify();

    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(fault).toBeNull();
    await app.db.collection('audit').updateOne({ seq: 3 }, { $set: { 'after.status': 'forged' } });
    expect(await app.services.audit.verify()).toMatchObject({ fault: { seq: 3, what: 'changed' } });
  });
});
