import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import type { BodyNode } from '../../../src/schema/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs } from '../../support/factories.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let author: Person;
let editor: Person;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.person('author');
  editor = await app.person('editor');
});
afterAll(() => app.close());

type Changes = Parameters<Person['client']['editorial']['merge']['merge']>[0]['body']['changes'];

const merge = ({ client }: Person, id: string, base: number, changes: Changes) =>
  client.editorial.merge.merge({ params: { id }, body: { base, changes } });
const save = ({ client }: Person, id: string, ifMatch: number, body: Changes) =>
  client.editorial.articles.change({ params: { id }, ifMatch, body });
const read = ({ client }: Person, id: string) => client.editorial.articles.read({ params: { id } });

const textsOf = ({ body }: Article) => body.content.map(({ content }) => content?.[0]?.text);
/** The body of a story with the words of some of its paragraphs replaced; `null` takes one out. */
const edited = ({ body }: Article, words: Readonly<Record<number, string | null>>, ...added: string[]) => ({
  type: 'doc' as const,
  content: [
    ...body.content.flatMap((node, index): BodyNode[] => {
      const text = words[index];
      if (text === null) return [];
      return [text === undefined ? node : { ...node, content: [{ type: 'text', text }] }];
    }),
    ...(paragraphs(...added).content as BodyNode[]),
  ],
});
const three = () => draft(author.client, { body: paragraphs('One.', 'Two.', 'Three.') });

describe('a save from an older version', () => {
  it('is merged with what others changed since, by field and by block', async () => {
    const base = await three();
    const { id } = base;
    await save(editor, id, 1, { kicker: 'Desk', body: edited(base, { 0: 'One, cut.' }) });

    const merged = await merge(author, id, 1, {
      headline: 'From the author',
      body: edited(base, { 2: 'Three, longer.' }, 'Four.'),
    });

    expect(merged).toMatchObject({
      version: 3,
      headline: 'From the author',
      kicker: 'Desk',
      modifiedBy: author.id,
    });
    expect(textsOf(merged)).toEqual(['One, cut.', 'Two.', 'Three, longer.', 'Four.']);
    expect(merged.body.content.slice(0, 3).map(({ attrs }) => attrs?.id)).toEqual(
      base.body.content.map(({ attrs }) => attrs?.id),
    );
    const revision = await app.db.collection('revisions').findOne({ _id: `${id}:3` } as never);
    expect(revision?.reason).toBe('merge');
    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      action: 'article.merge',
      actor: { id: author.id },
      after: { version: 3, base: 1, fields: ['headline', 'body'] },
    });
  });

  it('that clashes writes nothing, and shows each clash with both sides', async () => {
    const base = await three();
    const { id } = base;
    const theirs = await save(editor, id, 1, {
      headline: 'Theirs',
      body: edited(base, { 1: 'Two, theirs.' }),
    });

    const clashing = merge(author, id, 1, {
      headline: 'Mine',
      kicker: 'No clash',
      body: edited(base, { 1: 'Two, mine.' }),
    });

    await expect(clashing).rejects.toMatchObject({
      status: 409,
      code: 'merge_conflict',
      problem: {
        conflicts: [
          { pointer: '/headline', base: base.headline, theirs: 'Theirs', yours: 'Mine' },
          {
            block: base.body.content[1]?.attrs?.id,
            base: { content: [{ text: 'Two.' }] },
            theirs: { content: [{ text: 'Two, theirs.' }] },
            yours: { content: [{ text: 'Two, mine.' }] },
          },
        ],
        current: { version: 2 },
        detail: expect.stringContaining('send POST …/merge again with "base": 2'),
      },
    });
    expect(await read(author, id)).toEqual(theirs);
  });

  it('keeps what the author removed away, and what the desk tagged on', async () => {
    const base = await three();
    const { id } = base;
    const tag = await editor.client.editorial.tags.create({ body: { name: 'Harbour' } });
    const own = await editor.client.editorial.tags.create({ body: { name: 'Ferries' } });
    await save(editor, id, 1, { tags: [tag.id] });

    const merged = await merge(author, id, 1, { tags: [own.id], body: edited(base, { 1: null }) });

    expect(new Set(merged.tags)).toEqual(new Set([tag.id, own.id]));
    expect(textsOf(merged)).toEqual(['One.', 'Three.']);
  });

  it('that brings nothing new makes no version', async () => {
    const { id } = await three();
    await save(editor, id, 1, { kicker: 'Same' });

    expect(await merge(author, id, 1, { kicker: 'Same' })).toMatchObject({ version: 2 });
    expect(await merge(author, id, 1, { kicker: '' })).toMatchObject({ version: 2, kicker: 'Same' });
  });

  it('that is none is a plain save', async () => {
    const { id } = await three();

    expect(await merge(author, id, 1, { kicker: 'Plain' })).toMatchObject({ version: 2, kicker: 'Plain' });
    const revision = await app.db.collection('revisions').findOne({ _id: `${id}:2` } as never);
    expect(revision?.reason).toBe('save');
    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({ action: 'article.change' });
  });

  it('is done once for a repeated request', async () => {
    const { id } = await three();
    await save(editor, id, 1, { kicker: 'Desk' });
    const request = {
      params: { id },
      body: { base: 1, changes: { headline: 'Once' } },
      idempotencyKey: `m-${id}`,
    };

    const first = await author.client.editorial.merge.merge(request);

    expect(await author.client.editorial.merge.merge(request)).toEqual(first);
    expect(first.version).toBe(3);
  });

  it('of many at once, each to its own block, loses none', async () => {
    const base = await three();
    const { id } = base;
    const writers = [author, editor, author, editor, author, editor];

    const results = await Promise.all(
      writers.map((writer, index) =>
        merge(writer, id, 1, {
          body: edited(base, index < 3 ? { [index]: `Saved ${index}` } : {}, `New ${index}`),
        }),
      ),
    );

    const last = await read(author, id);
    expect(results.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6, 7]);
    expect(textsOf(last).slice(0, 3)).toEqual(['Saved 0', 'Saved 1', 'Saved 2']);
    expect(textsOf(last).slice(3).sort()).toEqual(writers.map((_writer, index) => `New ${index}`));
  });
});

describe('a merge obeys what a save obeys', () => {
  it('the rules of fields', async () => {
    const embargoUntil = '2031-01-01T00:00:00.000Z';
    const { id } = await draft(author.client, { embargoUntil });
    await save(editor, id, 1, { sensitive: true });
    const lifting = merge(author, id, 1, { embargoUntil: null });

    await expect(lifting).rejects.toMatchObject({ problem: { permission: 'articles:lift-embargo' } });
    expect(await merge(author, id, 1, { sensitive: false, embargoUntil })).toMatchObject({
      version: 2,
      sensitive: true,
      embargoUntil,
    });
  });

  it('the editing lock', async () => {
    const { id } = await three();
    await save(editor, id, 1, { kicker: 'x' });
    const lock = await editor.client.editorial.locks.take({ params: { id }, body: {} });

    await expect(merge(author, id, 1, { headline: 'Mine' })).rejects.toMatchObject({
      status: 409,
      code: 'locked',
      problem: { lock },
    });
  });

  it('the state of the story', async () => {
    const { id } = await three();
    await author.client.editorial.articles.submit({ params: { id }, ifMatch: 1 });
    await editor.client.editorial.articles.approve({ params: { id }, ifMatch: 2 });

    await expect(merge(author, id, 1, { headline: 'Late' })).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await merge(editor, id, 1, { headline: 'Desk' })).toMatchObject({
      version: 4,
      status: 'approved',
    });
  });

  it('the limits of the schema', async () => {
    const ids = await Promise.all(
      Array.from({ length: 51 }, async (_, index) => {
        const tag = await editor.client.editorial.tags.create({ body: { name: `Tag number ${index}` } });
        return tag.id;
      }),
    );
    const { id } = await three();
    await save(editor, id, 1, { tags: ids.slice(0, 26) });

    await expect(merge(author, id, 1, { tags: ids.slice(26) })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/changes/tags', code: 'invalid_merge' }] },
    });
  });
});

describe('a merge is refused', () => {
  it('on a base that is not there yet, or kept no longer', async () => {
    const { id } = await three();
    await save(editor, id, 1, { kicker: 'x' });
    await app.db.collection('revisions').deleteOne({ _id: `${id}:1` } as never);
    const codeOf = (code: string) => ({ status: 422, problem: { errors: [{ pointer: '/base', code }] } });

    await expect(merge(author, id, 9, { kicker: 'y' })).rejects.toMatchObject(codeOf('no_such_version'));
    await expect(merge(author, id, 1, { kicker: 'y' })).rejects.toMatchObject(codeOf('not_kept'));
  });

  it('to those who may not write the story', async () => {
    const { id } = await three();
    const stranger = await app.person('author', 'bo');

    await expect(merge(stranger, id, 1, {})).rejects.toMatchObject({ status: 404 });
    await expect(merge(await app.person('moderator'), id, 1, {})).rejects.toMatchObject({ status: 403 });
    await expect(merge(editor, NOWHERE, 1, {})).rejects.toMatchObject({ status: 404 });
  });

  it('with changes that no save would take', async () => {
    const { id } = await three();

    await expect(merge(author, id, 1, { headline: '' })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/changes/headline' }] },
    });
    await expect(merge(author, id, 1, { tags: [NOWHERE] })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/changes/tags/0', code: 'no_such_id' }] },
    });
  });
});
