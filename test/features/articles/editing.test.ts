import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { NOWHERE, paragraphs } from '../../support/factories.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let editor: Client['editorial'];
let author: Client['editorial'];
let stranger: Client['editorial'];
let moderator: Client['editorial'];

beforeAll(async () => {
  app = await createTestApp();
  editor = (await app.as('editor')).editorial;
  author = (await app.as('author')).editorial;
  stranger = (await app.as('author', 'bo')).editorial;
  moderator = (await app.as('moderator')).editorial;
});
afterAll(() => app.close());

const revisionsOf = (id: string) =>
  app.db.collection('revisions').countDocuments({ _id: new RegExp(`^${id}:`) } as never);

describe('starting a story', () => {
  it('needs only a headline', async () => {
    const story = await author.articles.create({ body: { headline: 'Harbour wall to be raised' } });

    expect(story).toMatchObject({
      version: 1,
      status: 'draft',
      type: 'news',
      language: 'en',
      slug: 'harbour-wall-to-be-raised',
      body: { type: 'doc', content: [] },
      section: null,
      tags: [],
      hero: null,
      hasUnpublishedChanges: true,
      firstPublishedAt: null,
      createdBy: (await app.person('author')).id,
    });
    expect(await author.articles.read({ params: { id: story.id } })).toEqual(story);
  });

  it('keeps a first revision and an audit row', async () => {
    const { id } = await author.articles.create({ body: { headline: 'Bells to ring again' } });

    expect(await revisionsOf(id)).toBe(1);
    expect(await auditOf(app, 'article', id)).toMatchObject([
      {
        action: 'article.create',
        actor: { id: (await app.person('author')).id, role: 'author' },
        after: { version: 1 },
      },
    ]);
  });

  it('gives every block a stable id', async () => {
    const { body } = await author.articles.create({
      body: { headline: 'Two paragraphs', body: paragraphs('One.', 'Two.') },
    });

    const ids = body.content.map(({ attrs }) => attrs?.id);
    expect(ids).toEqual([expect.stringMatching(/^[\w-]+$/), expect.stringMatching(/^[\w-]+$/)]);
    expect(new Set(ids).size).toBe(2);
  });

  it('refuses bad content with every fault and where it is', async () => {
    const body = {
      headline: '',
      tags: [NOWHERE, 'x'],
      colour: 'red',
      status: 'published',
      body: { type: 'doc', content: [{ type: 'script' }] },
      embargoUntil: 'tomorrow',
    };

    const refused = author.articles.create({ body: body as never });

    await expect(refused).rejects.toMatchObject({
      status: 422,
      code: 'invalid_input',
      problem: {
        errors: expect.arrayContaining([
          expect.objectContaining({ pointer: '/headline' }),
          expect.objectContaining({ pointer: '/tags/1' }),
          expect.objectContaining({ pointer: '/colour', code: 'unknown_field' }),
          expect.objectContaining({ pointer: '/status', code: 'unknown_field' }),
          expect.objectContaining({ pointer: '/body/content/0/type', code: 'unknown_node' }),
          expect.objectContaining({ pointer: '/embargoUntil' }),
        ]),
      },
    });
  });

  it('refuses references that lead nowhere, each by name', async () => {
    const refused = editor.articles.create({
      body: { headline: 'Nowhere', tags: [NOWHERE], section: NOWHERE, authors: [NOWHERE], assignee: NOWHERE },
    });

    await expect(refused).rejects.toMatchObject({
      status: 422,
      problem: {
        errors: [
          { pointer: '/tags/0' },
          { pointer: '/section' },
          { pointer: '/authors/0' },
          { pointer: '/assignee' },
        ],
      },
    });
    expect(await app.db.collection('articles').countDocuments({ headline: 'Nowhere' })).toBe(0);
  });

  it('is not for moderators', async () => {
    await expect(moderator.articles.create({ body: { headline: 'Mine' } })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('slugs', () => {
  it('take -2, -3 while the plain one is taken, also when twenty start at once', async () => {
    const start = () => author.articles.create({ body: { headline: 'One headline for all' } });
    const first = [(await start()).slug, (await start()).slug, (await start()).slug];

    const slugs = (await Promise.all(Array.from({ length: 20 }, start))).map(({ slug }) => slug);

    expect(first).toEqual(['', '-2', '-3'].map((end) => `one-headline-for-all${end}`));
    expect(new Set([...first, ...slugs]).size).toBe(23);
    expect(slugs).toContain('one-headline-for-all-4');
  });

  it('follow the headline until somebody sets one', async () => {
    const { id, version } = await author.articles.create({ body: { headline: 'Working title' } });

    const renamed = await author.articles.change({
      params: { id },
      ifMatch: version,
      body: { headline: 'Ferry aground' },
    });
    const set = await author.articles.change({ params: { id }, ifMatch: 2, body: { slug: 'ferry-2026' } });
    const kept = await author.articles.change({
      params: { id },
      ifMatch: 3,
      body: { headline: 'Ferry afloat' },
    });

    expect([renamed.slug, set.slug, kept.slug]).toEqual(['ferry-aground', 'ferry-2026', 'ferry-2026']);
    const again = await author.articles.create({ body: { headline: 'Working title' } });
    expect(again.slug).toBe('working-title');
  });

  it('that are asked for and taken are a conflict', async () => {
    await author.articles.create({ body: { headline: 'First', slug: 'the-one' } });

    await expect(
      author.articles.create({ body: { headline: 'Second', slug: 'the-one' } }),
    ).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
    });
  });

  it('of reserved words are refused, and made differently from a headline', async () => {
    await expect(author.articles.create({ body: { headline: 'New', slug: 'new' } })).rejects.toMatchObject({
      status: 422,
    });

    const { slug } = await author.articles.create({ body: { headline: 'Search' } });

    expect(slug).toMatch(/^story-[0-9a-f]{24}$/);
  });
});

describe('saving changes', () => {
  it('changes what is given and nothing else', async () => {
    const story = await author.articles.create({
      body: {
        headline: 'Tide tables',
        kicker: 'Harbour',
        seo: { title: 'Tides' },
        comments: { mode: 'closed' },
      },
    });

    const saved = await author.articles.change({
      params: { id: story.id },
      ifMatch: 1,
      body: { standfirst: 'High water at nine.', seo: { noindex: true } },
    });

    expect(saved).toEqual({
      ...story,
      version: 2,
      standfirst: 'High water at nine.',
      seo: { ...story.seo, title: 'Tides', noindex: true },
      modifiedAt: saved.modifiedAt,
    });
    expect(await revisionsOf(story.id)).toBe(2);
    expect((await auditOf(app, 'article', story.id)).at(-1)).toMatchObject({
      action: 'article.change',
      after: { version: 2, fields: ['standfirst', 'seo'] },
    });
  });

  it('from an older copy is refused with both states, so that a client can merge', async () => {
    const { id } = await author.articles.create({ body: { headline: 'Base' } });
    await author.articles.change({ params: { id }, ifMatch: 1, body: { kicker: 'Theirs' } });

    const refused = author.articles.change({ params: { id }, ifMatch: 1, body: { kicker: 'Mine' } });

    await expect(refused).rejects.toMatchObject({
      status: 412,
      code: 'stale_version',
      problem: { base: { version: 1, kicker: '' }, current: { version: 2, kicker: 'Theirs' } },
    });
    expect((await author.articles.read({ params: { id } })).kicker).toBe('Theirs');
  });

  it('without If-Match is refused', async () => {
    const { id } = await author.articles.create({ body: { headline: 'No condition' } });
    const { token } = await app.person('author');

    const response = await fetch(`${app.url}/editorial/v1/articles/${id}`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: '{"kicker":"x"}',
    });

    expect(response.status).toBe(428);
    expect(await response.json()).toMatchObject({ code: 'precondition_required' });
  });

  it('of twenty at once from one version lets exactly one through', async () => {
    const { id } = await author.articles.create({ body: { headline: 'Rush' } });
    const saves = Array.from({ length: 20 }, (_, index) =>
      author.articles.change({ params: { id }, ifMatch: 1, body: { kicker: `Save ${index}` } }),
    );

    const outcomes = await Promise.allSettled(saves);

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.status] : []));
    expect(new Set(refusals)).toEqual(new Set([412]));
    expect(await revisionsOf(id)).toBe(2);
  });

  it("of another author's draft is as if it were not there", async () => {
    const { id } = await author.articles.create({ body: { headline: 'Private' } });

    await expect(stranger.articles.read({ params: { id } })).rejects.toMatchObject({ status: 404 });
    await expect(
      stranger.articles.change({ params: { id }, ifMatch: 1, body: { kicker: 'x' } }),
    ).rejects.toMatchObject({
      status: 404,
    });
  });

  it('is open to the one a story is assigned to', async () => {
    const assignee = (await app.person('author', 'bo')).id;
    const { id } = await editor.articles.create({ body: { headline: 'Yours to write', assignee } });

    const saved = await stranger.articles.change({ params: { id }, ifMatch: 1, body: { kicker: 'Done' } });

    expect(saved).toMatchObject({ version: 2, kicker: 'Done', modifiedBy: assignee });
  });

  it('of nothing is a 404', async () => {
    await expect(
      editor.articles.change({ params: { id: NOWHERE }, ifMatch: 1, body: {} }),
    ).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('an embargo', () => {
  it('that stands is moved back by the desk only', async () => {
    const soon = '2030-01-01T00:00:00.000Z';
    const { id } = await author.articles.create({ body: { headline: 'Held', embargoUntil: soon } });
    const move = (desk: typeof author, ifMatch: number, embargoUntil: string | null) =>
      desk.articles.change({ params: { id }, ifMatch, body: { embargoUntil } });

    await expect(move(author, 1, null)).rejects.toMatchObject({ status: 403 });
    await expect(move(author, 1, '2029-01-01T00:00:00Z')).rejects.toMatchObject({ status: 403 });
    expect(await move(author, 1, '2031-01-01T00:00:00Z')).toMatchObject({ version: 2 });
    expect(await move(editor, 2, null)).toMatchObject({ version: 3, embargoUntil: null });
  });
});

describe('the language of a story', () => {
  it.each(['en-12', 'en-1a', 'zz-ZZZZ-ZZZZ-ZZZZ', 'english', 'EN'])('is not %s', async (language) => {
    await expect(author.articles.create({ body: { headline: 'x', language } })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('gives the slug its letters', async () => {
    const headline = 'Så röstade Malmö';
    expect((await author.articles.create({ body: { headline, language: 'sv' } })).slug).toBe(
      'sa-rostade-malmo',
    );
  });
});

describe('saving nothing', () => {
  it('makes no version', async () => {
    const { id } = await author.articles.create({ body: { headline: 'As it was' } });

    expect(await author.articles.change({ params: { id }, ifMatch: 1, body: {} })).toMatchObject({
      version: 1,
    });
    expect(await revisionsOf(id)).toBe(1);
  });
});

describe('the bin', () => {
  it('takes a draft and gives it back', async () => {
    const { id } = await author.articles.create({ body: { headline: 'Not wanted' } });

    const binned = await author.articles.bin({ params: { id }, ifMatch: 1 });
    const inBin = await author.articles.list({ query: { binned: 'true' } });
    const onDesk = await author.articles.list();
    const restored = await author.articles.restore({ params: { id }, ifMatch: 2 });

    expect(binned).toMatchObject({ version: 2, status: 'draft', binnedAt: expect.any(String) });
    expect(inBin.data.map((story) => story.id)).toEqual([id]);
    expect(onDesk.data.map((story) => story.id)).not.toContain(id);
    expect(restored).toMatchObject({ version: 3, status: 'draft', binnedAt: null });
    expect((await auditOf(app, 'article', id)).map(({ action }) => action)).toEqual([
      'article.create',
      'article.bin',
      'article.restore',
    ]);
  });

  it('holds a story still until it is restored', async () => {
    const { id } = await author.articles.create({ body: { headline: 'In the bin' } });
    await author.articles.bin({ params: { id }, ifMatch: 1 });

    const attempts = [
      () => author.articles.change({ params: { id }, ifMatch: 2, body: { kicker: 'x' } }),
      () => author.articles.submit({ params: { id }, ifMatch: 2 }),
      () => author.articles.bin({ params: { id }, ifMatch: 2 }),
    ];

    for (const attempt of attempts)
      await expect(attempt()).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
  });

  it('refuses stale versions, strangers, and what is not there', async () => {
    const { id } = await author.articles.create({ body: { headline: 'Stays' } });

    await expect(author.articles.bin({ params: { id }, ifMatch: 9 })).rejects.toMatchObject({ status: 412 });
    await expect(stranger.articles.bin({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 404,
    });
    await expect(moderator.articles.bin({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({
      status: 403,
    });
    await expect(editor.articles.restore({ params: { id: NOWHERE }, ifMatch: 1 })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('takes from authors drafts only', async () => {
    const { id } = await author.articles.create({ body: { headline: 'On the desk' } });
    await author.articles.submit({ params: { id }, ifMatch: 1 });

    await expect(author.articles.bin({ params: { id }, ifMatch: 2 })).rejects.toMatchObject({
      code: 'wrong_state',
      problem: { allowedFrom: ['draft'] },
    });
    expect(await editor.articles.bin({ params: { id }, ifMatch: 2 })).toMatchObject({ version: 3 });
  });
});

describe('filing a story under something that is deleted in the same moment', () => {
  it('lets one of the two happen, never both', async () => {
    const { sections } = editor;
    const rounds = 12;
    let both = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { id } = await sections.create({ body: { name: `Short-lived ${round}` } });
      const [filed, deleted] = await Promise.allSettled([
        editor.articles.create({ body: { headline: `Filed in round ${round}`, section: id } }),
        sections.remove({ params: { id }, ifMatch: 1 }),
      ]);
      if (filed.status === 'fulfilled' && deleted.status === 'fulfilled') both += 1;
      if (filed.status === 'rejected') expect(filed.reason).toMatchObject({ status: 422 });
      if (deleted.status === 'rejected') expect(deleted.reason).toMatchObject({ status: 409 });
    }

    expect(both).toBe(0);
  });
});
