import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let editor: Client['editorial'];
let desk: Client;

beforeAll(async () => {
  app = await createTestApp();
  desk = await app.as('editor');
  editor = desk.editorial;
});
beforeEach(async () => {
  await app.db.collection('settings').deleteMany({});
});
afterAll(() => app.close());

const checks = (id: string) => editor.checks.read({ params: { id } });
const publish = (id: string, ifMatch: number, body: object = {}) =>
  editor.articles.publish({ params: { id }, ifMatch, body });
const codes = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);
const rule = async (rules: object) =>
  (await app.as('admin')).editorial.settings.change({ ifMatch: 0, body: { publishing: { checks: rules } } });
const lastPublication = (id: string) =>
  app.db.collection('publications').findOne({ article: { $exists: true }, _id: `${id}:1` as never });

describe('the checklist', () => {
  it('tells what stands against publishing and what is worth a look, without publishing', async () => {
    const { id } = await editor.articles.create({ body: { headline: 'Nothing yet' } });

    const { blocking, advisory } = await checks(id);

    expect(blocking).toEqual([{ code: 'body_missing', pointer: '/body', message: 'The story has no text.' }]);
    expect(codes(advisory)).toEqual([
      'section_missing',
      'byline_missing',
      'kicker_missing',
      'standfirst_missing',
      'hero_missing',
    ]);
  });

  it('is the list that publishing is refused with', async () => {
    const { id } = await editor.articles.create({ body: { headline: 'Nothing yet' } });
    const { blocking, advisory } = await checks(id);

    await expect(publish(id, 1)).rejects.toMatchObject({
      status: 409,
      code: 'checks_failed',
      problem: { blocking, advisory, detail: 'The story has no text.' },
    });
    expect(await editor.articles.read({ params: { id } })).toMatchObject({ status: 'draft', version: 1 });
  });

  it('holds the embargo against the time of the database', async () => {
    const { id } = await draft(desk, { embargoUntil: new Date(Date.now() + 3_600_000).toISOString() });

    expect(codes((await checks(id)).blocking)).toEqual(['embargo']);
  });

  it('misses what was deleted behind the story', async () => {
    const tag = await editor.tags.create({ body: { name: 'Fleeting' } });
    const { id } = await draft(desk, { tags: [tag.id] });
    expect((await checks(id)).blocking).toEqual([]);
    await app.db.collection('tags').deleteMany({ name: 'Fleeting' });

    expect((await checks(id)).blocking).toMatchObject([{ code: 'unknown_tag', pointer: '/tags/0' }]);
  });

  it('finds the same story under the same headline or address', async () => {
    await published(desk, { headline: 'Lighthouse sold to Café owner' });
    const again = await draft(desk, { headline: 'Lighthouse SOLD to café owner' });
    const numbered = await draft(desk, {
      headline: 'Another word for it',
      slug: 'lighthouse-sold-to-cafe-owner-7',
    });
    const other = await draft(desk, { headline: 'Lighthouse painted' });

    const found = await Promise.all([again, numbered, other].map(({ id }) => checks(id)));

    expect(found.map(({ advisory }) => codes(advisory).includes('duplicate_story'))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is not a story’s own duplicate, nor that of one under embargo', async () => {
    const { id, slug } = await published(desk, { headline: 'Only once told' });
    expect(codes((await checks(id)).advisory)).not.toContain('duplicate_story');

    const twin = await draft(desk, { headline: 'Only once told' });
    await app.db
      .collection('published')
      .updateOne({ slug }, { $set: { embargoUntil: new Date(Date.now() + 3_600_000) } });

    expect(codes((await checks(twin.id)).advisory)).not.toContain('duplicate_story');
  });

  it('knows which related stories readers will see', async () => {
    const shown = await published(desk);
    const hidden = await draft(desk);
    const related = [shown, hidden].map(({ id: article }) => ({
      type: 'relatedArticle',
      attrs: { article },
    }));
    const { content } = paragraphs('See also') as { content: object[] };
    const { id } = await draft(desk, { body: { type: 'doc', content: [...content, ...related] } as never });

    const { advisory } = await checks(id);

    expect(advisory.filter(({ code }) => code === 'related_not_public')).toMatchObject([
      { pointer: '/body/content/2' },
    ]);
  });

  it('is read by its author, and by nobody else who may not read the story', async () => {
    const { id } = await draft(await app.as('author'));
    const read = async (role: 'author' | 'moderator', name?: string) =>
      (await app.as(role, name)).editorial.checks.read({ params: { id } });

    expect((await read('author')).blocking).toEqual([]);
    await expect(read('author', 'grace')).rejects.toMatchObject({ status: 404 });
    await expect(read('moderator')).rejects.toMatchObject({ status: 403 });
    await expect(checks(NOWHERE)).rejects.toMatchObject({ status: 404 });
  });
});

describe('what applies', () => {
  it('is a setting for all types of story and for each', async () => {
    await rule({
      default: { section_missing: 'blocking', kicker_missing: 'off' },
      opinion: { section_missing: 'advisory', byline_missing: 'advisory' },
    });
    const news = await draft(desk);
    const opinion = await draft(desk, { type: 'opinion' });

    const list = await checks(news.id);

    expect(codes(list.blocking)).toEqual(['section_missing']);
    expect(codes(list.advisory)).not.toContain('kicker_missing');
    await expect(publish(news.id, 1)).rejects.toMatchObject({ code: 'checks_failed' });
    expect(await publish(opinion.id, 1)).toMatchObject({ status: 'published' });
  });

  it.each([
    ['embargo', { default: { embargo: 'off' } }],
    ['a check that is not there', { default: { nonsense: 'off' } }],
    ['a type that is not there', { poem: { body_missing: 'off' } }],
    ['a level that is not there', { default: { body_missing: 'maybe' } }],
  ])('cannot be set for %s', async (_what, rules) => {
    await expect(rule(rules)).rejects.toMatchObject({ status: 422 });
  });
});

describe('passing over a check', () => {
  const waive = [{ code: 'section_missing', reason: 'The section is made tomorrow.' }] as const;

  it('needs a reason, which is kept with the publication and in the audit row', async () => {
    await rule({ default: { section_missing: 'blocking' } });
    const { id } = await draft(desk);

    const live = await publish(id, 1, { waive });

    const waived = [{ ...waive[0], pointer: '/section', message: expect.any(String) }];
    expect(live.status).toBe('published');
    expect(await lastPublication(id)).toMatchObject({ number: 1, waived });
    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      action: 'article.publish',
      after: { waived },
    });
  });

  it('leaves what it does not name', async () => {
    await rule({ default: { section_missing: 'blocking', kicker_missing: 'blocking' } });
    const { id } = await draft(desk);

    await expect(publish(id, 1, { waive })).rejects.toMatchObject({
      code: 'checks_failed',
      problem: { blocking: [{ code: 'kicker_missing' }] },
    });
  });

  it('is never possible for an embargo', async () => {
    const { id } = await draft(desk, { embargoUntil: new Date(Date.now() + 3_600_000).toISOString() });

    await expect(publish(id, 1, { waive: [{ code: 'embargo', reason: 'Now!' }] })).rejects.toMatchObject({
      status: 409,
      code: 'checks_failed',
      problem: {
        blocking: [{ code: 'embargo' }],
        detail: expect.stringMatching(/can never be waived.*embargoUntil/),
      },
    });
  });

  it('of nothing keeps nothing', async () => {
    const { id } = await draft(desk);

    await publish(id, 1, { waive });

    expect(await lastPublication(id)).toMatchObject({ waived: [] });
    expect((await auditOf(app, 'article', id)).at(-1)?.after).not.toHaveProperty('waived');
  });

  it.each([
    ['without a reason', { code: 'section_missing' }, '/waive/0/reason'],
    ['with a blank reason', { code: 'section_missing', reason: ' ' }, '/waive/0/reason'],
    ['of a check that is not there', { code: 'x', reason: 'y' }, '/waive/0/code'],
  ])('%s is invalid', async (_what, waiver, pointer) => {
    const { id } = await draft(desk);

    await expect(publish(id, 1, { waive: [waiver] })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer }] },
    });
  });

  it('is refused to authors and to keys, as publishing is', async () => {
    const author = await app.person('author');
    const { id } = await draft(author.client);

    const answer = await send(app, `/editorial/v1/articles/${id}/publish`, {
      token: author.token,
      body: JSON.stringify({ waive }),
      headers: { 'If-Match': '"1"' },
    });

    expect(answer.status).toBe(403);
  });

  it('on a stale version is refused as stale', async () => {
    const { id } = await draft(desk);

    await expect(publish(id, 4, { waive })).rejects.toMatchObject({ status: 412 });
  });
});
