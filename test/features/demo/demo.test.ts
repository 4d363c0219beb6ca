import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createClient } from '../../../src/client/index.ts';
import { ARTICLE_TYPES } from '../../../src/features/articles/articles.contract.ts';
import { type DemoResult, seedDemo } from '../../../src/features/demo/demo.ts';
import type { BodyNode } from '../../../src/schema/index.ts';
import { MARK_TABLE } from '../../../src/schema/marks.ts';
import { NODE_TABLE } from '../../../src/schema/nodes/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { signInPlainly } from '../../support/sign-in.ts';
import { seed, standing, tally } from './newsroom.ts';

interface Line {
  readonly level: number;
  readonly msg: string;
}

/** A logger that keeps what it is told. */
function listening() {
  const lines: Line[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as Line) });
  return { log, lines };
}

const walk = (nodes: readonly BodyNode[]): BodyNode[] =>
  nodes.flatMap((node) => [node, ...walk(node.content ?? [])]);

describe('an empty database with the demo', () => {
  const { log, lines } = listening();
  let app: TestApp;
  let result: DemoResult;
  let nodes: BodyNode[];

  beforeAll(async () => {
    app = await createTestApp();
    const made = await seed(app, log);
    if (!made) throw new Error('the demo was not made');
    result = made;
    const stories = await app.db.collection<{ body: BodyNode }>('articles').find().toArray();
    nodes = walk(stories.flatMap(({ body }) => body.content ?? []));
  }, 60_000);
  afterAll(() => app.close());

  it('has stories in every state that a desk knows', async () => {
    const stories = await standing(app);

    expect(tally(stories)).toEqual({
      published: 23,
      draft: 4,
      in_review: 2,
      approved: 2,
      unpublished: 1,
      killed: 1,
      archived: 1,
      binned: 1,
    });
    expect(stories).toHaveLength(result.stories);
    const changedSince = stories.filter((one) => one.status === 'published' && one.hasUnpublishedChanges);
    expect(changedSince.map(({ slug }) => slug)).toEqual(['town-hall-opens-on-saturdays']);
  });

  it('has stories of every type, in four languages', async () => {
    const articles = app.db.collection('articles');

    expect((await articles.distinct('type')).sort()).toEqual([...ARTICLE_TYPES].sort());
    expect((await articles.distinct('language')).sort()).toEqual(['ar', 'en', 'ga', 'sv']);
  });

  it('uses every node that needs no film or sound, and every mark', () => {
    const used = new Set(nodes.map(({ type }) => type));
    const marks = new Set(nodes.flatMap((node) => node.marks ?? []).map(({ type }) => type));

    expect([...NODE_TABLE.keys()].filter((type) => !used.has(type))).toEqual(['video', 'audio']);
    expect([...MARK_TABLE.keys()].filter((type) => !marks.has(type))).toEqual([]);
  });

  it('lets everybody sign in with the password that it tells', async () => {
    const roles = result.people.map(async ({ email }) => {
      const { user } = await signInPlainly(createClient(app.url), { email, password: result.password });
      return user.role;
    });

    expect(new Set(await Promise.all(roles))).toEqual(new Set(['admin', 'editor', 'author', 'moderator']));
  });

  it('shows readers the published stories, newest first, and nothing else', async () => {
    const published = (await standing(app)).filter(
      ({ status, binnedAt }) => status === 'published' && !binnedAt,
    );

    const { data } = await app.anonymous.content.articles.list({ query: { limit: '100' } });

    expect(data.map(({ slug }) => slug).sort()).toEqual(published.map(({ slug }) => slug));
    const times = data.map(({ publishedAt }) => publishedAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('has a front with chosen stories and new ones, each once', async () => {
    const { containers } = await app.anonymous.content.fronts.read({ params: { slug: 'home' } });

    const cards = containers.flatMap((container) => container.cards.map(({ article }) => article.slug));
    expect(cards.slice(0, 2)).toEqual(['night-ferry-returns', 'council-finds-money-for-the-bridge']);
    expect(new Set(cards).size).toBe(cards.length);
    expect(containers.map(({ cards }) => cards.length > 0)).toEqual([true, true, true, true]);
  });

  it('keeps what is under embargo from readers, and says that a killed story is gone', async () => {
    const { articles } = app.anonymous.content;

    await expect(articles.read({ params: { slug: 'ruling-on-quay-leases' } })).rejects.toMatchObject({
      status: 404,
    });
    await expect(articles.read({ params: { slug: 'arrest-in-brass-bell-theft' } })).rejects.toMatchObject({
      status: 410,
    });
  });

  it('delivers the sensitive story without adverts and appeals, and the correction with its note', async () => {
    const { articles } = app.anonymous.content;

    const sensitive = await articles.read({ params: { slug: 'inquest-into-the-loss-of-the-gannet' } });
    const corrected = await articles.read({ params: { slug: 'fish-auction-moves-its-clock' } });

    const blocks = sensitive.body as unknown as { _type: string }[];
    expect(blocks.filter(({ _type }) => ['adSlot', 'appealSlot'].includes(_type))).toEqual([]);
    expect(sensitive).toMatchObject({ sensitive: true, comments: { mode: 'off' } });
    expect(corrected.corrections).toMatchObject([
      { change: 'correction', note: expect.stringContaining('31') },
    ]);
  });

  it('has a picture that can be fetched at the top of every published story', async () => {
    const { data } = await app.anonymous.content.articles.list({ query: { limit: '100' } });

    const answers = await Promise.all(
      data.map(async ({ slug, hero }) => {
        const { pathname } = new URL(hero?.renditions[0]?.url ?? 'http://nothing.invalid/none');
        const { status, headers } = await fetch(app.url + pathname);
        return {
          slug,
          status,
          type: headers.get('content-type'),
          described: hero?.alt !== '' && hero?.credit !== '',
        };
      }),
    );

    const sound = { status: 200, type: 'image/webp', described: true };
    expect(answers).toEqual(data.map(({ slug }) => ({ slug, ...sound })));
  });

  it('leads from every related story to one that readers have', async () => {
    const related = nodes
      .filter(({ type }) => type === 'relatedArticle')
      .map(({ attrs }) => String(attrs?.article));
    const there = new Set(
      (await app.db.collection('published').find().toArray()).map(({ _id }) => String(_id)),
    );

    expect(related.length).toBeGreaterThan(3);
    expect(related.filter((id) => !there.has(id))).toEqual([]);
  });

  it('leaves no file on its way and tells of nothing that went wrong', async () => {
    expect(await readdir(join(app.config.dataDir, 'tmp'))).toEqual([]);
    expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
    expect(lines.map(({ msg }) => msg)).toEqual(['made the demo newsroom']);
  });

  it('is left alone by the next start', async () => {
    const rows = () => app.db.collection('audit').countDocuments();
    const before = await rows();

    expect(await seed(app)).toBeNull();

    expect(await rows()).toBe(before);
  });
});

describe('a database that is not empty', () => {
  it('gets no demo, and the log says why', async () => {
    const app = await createTestApp();
    const { log, lines } = listening();
    const editor = await app.as('editor');
    await editor.editorial.tags.create({ body: { name: 'Housing' } });

    expect(await seed(app, log)).toBeNull();

    expect(await app.db.collection('articles').countDocuments()).toBe(0);
    expect(lines.map(({ msg }) => msg)).toEqual([
      'the database is not empty: the demo newsroom was not made',
    ]);
    await app.close();
  });
});

describe('in production', () => {
  it('refuses to make accounts whose password is printed', async () => {
    const app = await createTestApp();

    const attempt = seedDemo({
      ...app,
      config: { ...app.config, production: true },
      log: pino({ level: 'silent' }),
    });

    await expect(attempt).rejects.toThrow('NODE_ENV=production');
    expect(await app.db.collection('users').countDocuments()).toBe(0);
    await app.close();
  });
});
