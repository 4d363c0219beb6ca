import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../src/api.ts';
import type { Client } from '../../src/client/index.ts';
import { operationsOf } from '../../src/contract/surface.ts';
import { addressOf } from '../support/addresses.ts';
import { createTestApp, type Person, type TestApp } from '../support/app.ts';
import { named } from '../support/calls.ts';
import { draft, paragraphs, published } from '../support/factories.ts';
import { neededQuery, send } from '../support/raw.ts';

/** Checks 34 to 38 of the security bar: what nobody may see, and nobody may find out. */

let app: TestApp;
let author: Person;
let editor: Client;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.person('author', 'ada');
  editor = await app.as('editor');
});
afterAll(() => app.close());

const operations = operationsOf(api);
/** Every list and read of a surface that needs no id, as text. */
async function crawl(surface: string, token?: string): Promise<string> {
  const readable = operations.filter(
    ({ surface: its, route, path }) =>
      its === surface && route.method === 'get' && !path.includes(':') && !route.redirects,
  );
  const answers = await Promise.all(
    readable.map(({ path }) => send(app, path, token === undefined ? {} : { token })),
  );
  return (await Promise.all(answers.map((answer) => answer.text()))).join('\n');
}

describe('S34 what never leaves', () => {
  it('hashes and counters stay in the database, for admins too', async () => {
    await published(editor);

    const text = await crawl('editorial', (await app.person('admin', 'curious')).token);

    expect(text).toContain('ada.author@example.org');
    expect(text).not.toMatch(/passwordHash|tokenVersion|\$2[aby]\$|__v|"_id"/);
  });

  it.each(['author', 'editor', 'moderator'] as const)('addresses of staff are not for a %s', async (role) => {
    const { email, token } = await app.person(role, 'nosy');

    const text = (await crawl('editorial', token)).replaceAll(email, '');

    expect(text).not.toMatch(/@example\.org/);
  });

  it('readers get nothing of who works here, nor of what stands in the desk only', async () => {
    const byline = await editor.editorial.authors.create({ body: { name: 'Ada Quill', user: author.id } });
    const { slug } = await published(editor, { authors: [byline.id] });

    const text = [
      await crawl('content'),
      await (await send(app, `/content/v1/articles/${slug}`)).text(),
      await (await send(app, `/content/v1/authors/${byline.slug}`)).text(),
    ].join('\n');

    expect(text).toContain('Ada Quill');
    expect(text).not.toContain(author.id);
    expect(text).not.toMatch(/@example\.org|createdBy|modifiedBy|assignee|signOffs|hasUnpublishedChanges/);
  });
});

describe('S35 hidden properties as filter, order or selection', () => {
  const HIDDEN = ['passwordHash', 'tokenVersion', 'createdBy', '$where', 'email', 'body.content', '__v'];

  it.each(HIDDEN)('"%s" is no order, no selection and no filter', async (name) => {
    const encoded = encodeURIComponent(name);
    const paths = [
      `/editorial/v1/articles?sort=${encoded}`,
      `/editorial/v1/articles?${encoded}=x`,
      `/editorial/v1/users?sort=${encoded}`,
      `/editorial/v1/users?${encoded}=x`,
      `/content/v1/articles?sort=${encoded}`,
      `/content/v1/articles?fields=${encoded}`,
      `/content/v1/articles?${encoded}=x`,
      `/content/v1/articles?fields=headline:$${encoded}`,
    ];
    const { token } = await app.person('admin', 'curious');

    const answers = await Promise.all(
      paths.map((path) => send(app, path, path.startsWith('/content') ? {} : { token })),
    );

    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 400));
  });
});

describe('S36 a parameter that no route has', () => {
  const readable = operations.filter(({ route }) => route.method === 'get');
  const EXTRA = ['where', 'lookup', 'query', 'match', 'select', 'populate', 'aggregate', '$and', 'filter'];

  it.each(named(readable))('is refused by name: %s', async (_name, operation) => {
    const { route } = operation;
    const { token } = await app.person('admin', 'curious');
    const parameters = EXTRA.map((name) => `${encodeURIComponent(name)}=1`).join('&');

    const answer = await send(app, `${addressOf(operation)}?${parameters}`, {
      ...(route.access === 'public' ? {} : { token }),
    });

    expect(answer.status).toBe(400);
  });
});

describe('S37 what is not public', () => {
  const CANARY = 'Kestrelwing';
  const states: readonly [string, () => Promise<{ id: string; slug: string }>][] = [
    ['a draft', () => draft(editor, canary('draft'))],
    [
      'a story in review',
      async () => {
        const { id, slug } = await draft(author.client, canary('review'));
        await author.client.editorial.articles.submit({ params: { id }, ifMatch: 1 });
        return { id, slug };
      },
    ],
    [
      'one that was unpublished',
      async () => {
        const { id, slug, version } = await published(editor, canary('unpublished'));
        await editor.editorial.articles.unpublish({ params: { id }, ifMatch: version });
        return { id, slug };
      },
    ],
    [
      'one in the bin',
      async () => {
        const { id, slug } = await draft(editor, canary('bin'));
        await editor.editorial.articles.bin({ params: { id }, ifMatch: 1 });
        return { id, slug };
      },
    ],
    [
      'one under embargo',
      async () => {
        const { id, slug, version } = await published(editor, canary('embargo'));
        const embargoUntil = '2031-01-01T00:00:00Z';
        await app.db.collection('published').updateMany({}, [
          {
            $set: {
              embargoUntil: {
                $cond: [{ $eq: [{ $toString: '$_id' }, id] }, new Date(embargoUntil), '$embargoUntil'],
              },
            },
          },
        ]);
        return { id, slug: version ? slug : '' };
      },
    ],
  ];

  function canary(kind: string) {
    return {
      headline: `${CANARY} ${kind}`,
      standfirst: CANARY,
      kicker: CANARY,
      body: paragraphs(`${CANARY} in the text.`),
    };
  }

  it.each(states)('%s is absent from every answer to readers', async (_what, make) => {
    const { id, slug } = await make();
    const related = { type: 'relatedArticle', attrs: { article: id } };
    const body = { type: 'doc' as const, content: [...paragraphs('Text.').content, related] };
    const bystander = await published(editor, { headline: 'Nothing to see', body: body as never });

    const one = await send(app, `/content/v1/articles/${slug}`, { headers: { 'If-None-Match': '*' } });
    const byId = await send(app, `/content/v1/articles/${id}`);
    const asOf = new Date().toISOString();
    const then = await send(app, `/content/v1/articles/${slug}?asOf=${asOf}`);
    const past = await send(app, `/content/v1/articles?asOf=${asOf}&include=body,related&count=true`);
    const lists = await crawl('content');
    const beside = await send(app, `/content/v1/articles/${bystander.slug}?include=related`);

    expect([one.status, byId.status, then.status]).toEqual([404, 404, 404]);
    expect([past.status, beside.status]).toEqual([200, 200]);
    const texts = [one, then, past, beside].map((answer) => answer.text());
    for (const text of [lists, ...(await Promise.all(texts))]) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain(id);
    }
  });

  it('does not show in tags, sections, authors or counts', async () => {
    const tag = await editor.editorial.tags.create({ body: { name: `${CANARY} tag` } });
    const section = await editor.editorial.sections.create({ body: { name: `${CANARY} section` } });
    const byline = await editor.editorial.authors.create({ body: { name: 'Kestrel Wing' } });
    await draft(editor, { ...canary('filed'), tags: [tag.id], section: section.id, authors: [byline.id] });

    const answers = await Promise.all(
      [
        `/content/v1/tags/${tag.slug}`,
        `/content/v1/authors/${byline.slug}`,
        `/content/v1/articles?tag=${tag.slug}&count=true`,
        `/content/v1/articles?author=${byline.slug}&count=true`,
        `/content/v1/articles?section=${section.slug}&count=true`,
      ].map(async (path) => (await send(app, path)).text()),
    );

    for (const answer of answers.slice(2)) {
      const { data = [], page } = JSON.parse(answer) as { data?: unknown[]; page?: { total: number } };
      expect([data.length, page?.total ?? 0]).toEqual([0, 0]);
    }
    expect(answers.join('\n')).not.toContain('in the text');
  });
});

/** Something public of each kind that has a page: kind -> slug. */
async function oneOfEach(): Promise<Readonly<Record<string, string>>> {
  const desk = editor.editorial;
  const tag = await desk.tags.create({ body: { name: 'Unkeyed' } });
  const section = await desk.sections.create({ body: { name: 'Unkeyed' } });
  const byline = await desk.authors.create({ body: { name: 'Una Keyed' } });
  const front = await desk.fronts.create({
    body: { name: 'Unkeyed', containers: [{ title: 'All', cards: [], backfill: {}, limit: 5 }] },
  });
  await desk.fronts.publish({ params: { id: front.id }, ifMatch: front.version });
  const filed = { tags: [tag.id], section: section.id, authors: [byline.id] };
  const { slug } = await published(editor, filed);
  const { slug: tags } = tag;
  return { articles: slug, tags, sections: section.slug, authors: byline.slug, fronts: front.slug };
}

describe('S65 what caches may keep', () => {
  const reads = operations.filter(
    ({ route, path }) => route.method === 'get' && !path.includes(':') && !route.redirects && !route.binary,
  );
  const UNKEYED = {
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'gopher',
    'X-Original-URL': '/editorial/v1/users',
    'X-Rewrite-URL': '/editorial/v1/users',
    'X-Forwarded-Prefix': '/evil',
    Forwarded: 'host=evil.example;proto=gopher',
  };

  it.each(named(reads.filter(({ surface, route }) => surface === 'editorial' && route.access !== 'public')))(
    'is no signed-in answer: %s',
    async (_name, { path }) => {
      const { token } = await app.person('admin', 'curious');

      const answer = await send(app, path, { token });

      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );

  it('is the same public answer whatever unkeyed headers say, with the addresses that are configured', async () => {
    const slugs = await oneOfEach();
    const paths = operations
      .filter(({ surface, route }) => surface === 'content' && route.method === 'get' && !route.binary)
      .flatMap(({ path, route }) => {
        const [kind = ''] = path.slice('/content/v1/'.length).split('/');
        const filled = path.replace(':slug', slugs[kind] ?? 'no such kind') + neededQuery(route);
        return path.endsWith('/articles/:slug') ? [filled, `${filled}?include=related`] : [filled];
      });

    for (const path of paths) {
      // The odd one comes first: what is kept of it must be good for everybody.
      const odd = await send(app, path, { headers: UNKEYED });
      const plain = await send(app, path);
      const text = await odd.text();
      expect([path, odd.status, text]).toEqual([path, 200, await plain.text()]);
      expect(odd.headers.get('vary')).toBe(plain.headers.get('vary'));
      expect(`${text} ${JSON.stringify([...odd.headers])}`).not.toMatch(/evil|gopher/);
    }
  });

  it('is not what a preview token opened: the answer without one says that it depends on it', async () => {
    const { slug } = await published(editor);

    const { headers } = await send(app, `/content/v1/articles/${slug}`);

    expect(headers.get('vary')).toContain('Preview-Token');
  });
});

describe('S38 a preview', () => {
  const withToken = (path: string, token: string) => send(app, path, { headers: { 'Preview-Token': token } });

  it.each(['a'.repeat(43), '', 'x', 'a'.repeat(200), '{"$ne":null}'])(
    'opens nothing without a good token: "%s"',
    async (token) => {
      const [hidden, seen] = [await draft(editor), await published(editor)];

      const answers = await Promise.all(
        [hidden, seen].flatMap(({ slug }) => [
          withToken(`/content/v1/articles/${slug}`, token),
          send(app, `/content/v1/articles/${slug}?preview=${encodeURIComponent(token)}`),
        ]),
      );

      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    },
  );

  it('opens one story and nothing beside it: no list, no history, nothing of the desk', async () => {
    const [mine, other] = [await draft(editor, { headline: 'Sandpiperling' }), await draft(editor)];
    const { token, expiresAt } = await editor.editorial.previews.create({
      params: { id: mine.id },
      body: { expiresIn: 86_400 },
    });
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + 86_400_000);

    const opened = await withToken(`/content/v1/articles/${mine.slug}`, token);
    expect([opened.status, opened.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(opened.headers.get('x-robots-tag')).toContain('noindex');
    expect((await withToken(`/content/v1/articles/${other.slug}`, token)).status).toBe(404);

    const others = operations.filter(
      ({ surface, name, feature, route }) =>
        route.method === 'get' && surface !== 'operations' && !(feature === 'articles' && name === 'read'),
    );
    for (const { path } of others) {
      const at = path.replace(':slug', mine.slug).replace(/:\w+/g, mine.id);
      const answer = await withToken(at, token);
      expect(await answer.text()).not.toContain('Sandpiperling');
      expect([400, 401, 404]).toContain((await send(app, `${at}?preview=${token}`)).status);
    }
  });
});
