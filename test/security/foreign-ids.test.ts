import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../src/api.ts';
import type { Client } from '../../src/client/index.ts';
import { operationsOf } from '../../src/contract/surface.ts';
import { parametersOf } from '../support/addresses.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { almightyOf, callWith, named, partsOf } from '../support/calls.ts';
import { draft, NOWHERE } from '../support/factories.ts';
import { uploaded } from '../support/pictures.ts';
import { send } from '../support/raw.ts';

/** Checks 39 and 40 of the security bar: ids of other things, and what is no id. */

let app: TestApp;
let editor: Client;

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
});
afterAll(() => app.close());

const operations = operationsOf(api);

describe('S39 an id of another kind of thing', () => {
  const byId = operations.filter(({ surface, route }) => surface === 'editorial' && /:id\b/.test(route.path));
  const manyParts = byId.filter((operation) => parametersOf(operation).length > 1);
  const ofParts = manyParts.filter(({ path }) => /:(?:noteId|linkId)\b/.test(path));

  it.each(named(byId))('names nothing: %s', async (_name, operation) => {
    const { token } = await almightyOf(app);
    const ids = await someIds();
    const others = Object.entries(ids).filter(([kind]) => !operation.route.path.startsWith(`/${kind}/`));

    const answers = await Promise.all(others.map(([, id]) => callWith(app, operation, token, id)));

    for (const { status } of answers) expect([404, 422]).toContain(status);
  });

  it('is looked for below an address of several parts, too', () => {
    expect(manyParts.length).toBeGreaterThanOrEqual(10);
    expect(ofParts.length).toBeGreaterThanOrEqual(3);
  });

  it.each(named(ofParts))('names nothing below another story: %s', async (_name, operation) => {
    const { token } = await almightyOf(app);
    const [parts, other] = [await partsOf(app, (await draft(editor)).id), await draft(editor)];

    const answer = await callWith(app, operation, token, { ...parts, id: other.id });

    expect(answer.status).toBe(404);
  });

  it('is no story’s revision below a front, and no text of a picture below another', async () => {
    const { token } = await almightyOf(app);
    const ids = await someIds();
    const below = manyParts.filter(({ path }) => !path.includes('/articles/'));

    const answers = await Promise.all(
      below.map((operation) => callWith(app, operation, token, { id: ids.articles ?? '', number: '1' })),
    );

    expect(answers.map(({ status }) => status)).toEqual(below.map(() => 404));
  });

  let made: Promise<Record<string, string>> | undefined;
  /** One thing of each kind. */
  function someIds(): Promise<Record<string, string>> {
    made ??= (async () => ({
      articles: (await draft(editor)).id,
      tags: (await editor.editorial.tags.create({ body: { name: 'Harbours' } })).id,
      sections: (await editor.editorial.sections.create({ body: { name: 'Harbour' } })).id,
      authors: (await editor.editorial.authors.create({ body: { name: 'Grace Lark' } })).id,
      media: (await uploaded(editor)).id,
    }))();
    return made;
  }
});

describe('S40 an id that is none', () => {
  const places = operations
    .filter(({ surface, route }) => surface === 'editorial' && /:id\b/.test(route.path))
    .flatMap((operation) =>
      parametersOf(operation).map(
        (at) => [`${operation.route.method} ${operation.route.path}`, at, operation] as const,
      ),
    );
  const BAD = [
    '1',
    `${NOWHERE}x`,
    `${NOWHERE.slice(1)}`,
    NOWHERE.toUpperCase(),
    '%7B%22$ne%22:null%7D',
    `${NOWHERE},${NOWHERE}`,
    '%00',
    `${NOWHERE}%00`,
    '..%2f..%2fusers',
    'undefined',
    '[object%20Object]',
  ];

  it.each(places)('is 400 or 404, never anything else: %s, as its "%s"', async (_name, at, operation) => {
    const { token } = await almightyOf(app);

    const answers = await Promise.all(BAD.map((bad) => callWith(app, operation, token, { [at]: bad })));

    for (const { status } of answers) expect([400, 404]).toContain(status);
  });

  it('in a body, beside the one of the path, is an unknown field', async () => {
    const { id } = await draft(editor);
    const other = await draft(editor);
    const { token } = await app.person('editor', 'ada');

    const answer = await send(app, `/editorial/v1/articles/${id}`, {
      method: 'PATCH',
      token,
      body: JSON.stringify({ id: other.id, headline: 'X' }),
      headers: { 'If-Match': '"1"' },
    });

    expect(answer.status).toBe(422);
  });
});
