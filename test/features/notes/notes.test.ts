import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs, published } from '../../support/factories.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let author: Person;
let stranger: Person;
let editor: Person;
let other: Person;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.person('author');
  stranger = await app.person('author', 'bo');
  editor = await app.person('editor');
  other = await app.person('editor', 'grace');
});
afterAll(() => app.close());

type New = Parameters<Person['client']['editorial']['notes']['create']>[0]['body'];

const write = ({ client }: Person, id: string, body: New) =>
  client.editorial.notes.create({ params: { id }, body });
const change = (
  { client }: Person,
  id: string,
  noteId: string,
  body: { text?: string; resolved?: boolean },
) => client.editorial.notes.change({ params: { id, noteId }, body });
const list = ({ client }: Person, id: string, query: Record<string, string> = {}) =>
  client.editorial.notes.list({ params: { id }, query });
const firstBlock = ({ body }: Article): string => String(body.content[0]?.attrs?.id);
const open = async (id: string) =>
  (await app.services.noteLookup.openBlockingNotes(id, null)).map(({ text }) => text);

describe('a note on a story', () => {
  it('is written by whoever reads the story, and leaves the story alone', async () => {
    const story = await draft(author.client);

    const note = await write(editor, story.id, {
      text: 'Who says so?',
      block: firstBlock(story),
      mentions: [author.id],
    });

    expect(note).toMatchObject({
      text: 'Who says so?',
      by: editor.id,
      block: firstBlock(story),
      blocking: false,
      mentions: [author.id],
      resolved: false,
      resolvedBy: null,
      editedAt: null,
    });
    expect((await list(author, story.id)).data).toEqual([note]);
    expect(await author.client.editorial.articles.read({ params: { id: story.id } })).toEqual(story);
    expect((await auditOf(app, 'article', story.id)).at(-1)).toMatchObject({
      action: 'article.note',
      actor: { id: editor.id },
      after: { note: note.id, blocking: false, mentions: [author.id] },
    });
  });

  it('mentions whoever may read the story, and nobody else: they would not hear of it', async () => {
    const { id, version } = await draft(author.client);
    const other = await app.person('author', 'grace');
    const body = { text: 'Did you see him?', mentions: [editor.id, other.id] };

    await expect(write(author, id, body)).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/mentions/1', code: 'no_reader' }] },
    });
    await editor.client.editorial.articles.change({
      ...{ params: { id }, ifMatch: version },
      body: { assignee: other.id },
    });
    await expect(write(author, id, body)).resolves.toMatchObject({ mentions: body.mentions });
  });

  it('is resolved, told by whom and when, and opened again', async () => {
    const { id } = await draft(author.client);
    const note = await write(editor, id, { text: 'Spell the name' });

    const resolved = await change(author, id, note.id, { resolved: true });
    const again = await change(author, id, note.id, { resolved: true });
    const opened = await change(editor, id, note.id, { resolved: false });

    expect(resolved).toMatchObject({ resolved: true, resolvedBy: author.id, resolvedAt: expect.any(String) });
    expect(again).toEqual(resolved);
    expect(opened).toMatchObject({ resolved: false, resolvedBy: null, resolvedAt: null });
    const rows = (await auditOf(app, 'article', id)).filter(({ action }) => action === 'article.note_change');
    expect(rows.map(({ after }) => after?.resolved)).toEqual([true, false]);
  });

  it('is mended by its writer only', async () => {
    const { id } = await draft(author.client);
    const note = await write(author, id, { text: 'Ask teh harbour master' });

    expect(await change(author, id, note.id, { text: 'Ask the harbour master' })).toMatchObject({
      text: 'Ask the harbour master',
      editedAt: expect.any(String),
    });
    await expect(change(editor, id, note.id, { text: 'Mine' })).rejects.toMatchObject({ status: 403 });
  });

  it('that blocks is settled by the desk or by who said it', async () => {
    const { id } = await draft(author.client);
    const note = await write(editor, id, { text: 'Not without the reply', blocking: true });
    const own = await write(author, id, { text: 'Photo still missing', blocking: true });
    expect(await open(id)).toEqual(['Not without the reply', 'Photo still missing']);

    await expect(change(author, id, note.id, { resolved: true })).rejects.toMatchObject({ status: 403 });
    await change(author, id, own.id, { resolved: true });
    expect(await open(id)).toEqual(['Not without the reply']);
    await change(other, id, note.id, { resolved: true });
    expect(await open(id)).toEqual([]);
  });

  it('that blocks keeps the story from readers until it is settled', async () => {
    const { id, slug } = await draft(author.client);
    const note = await write(author, id, { text: 'Not without the reply of the mayor', blocking: true });
    const publish = () => editor.client.editorial.articles.publish({ params: { id }, ifMatch: 1 });
    const seen = async () => (await fetch(`${app.url}/content/v1/articles/${slug}`)).status;

    await expect(publish()).rejects.toMatchObject({
      status: 409,
      code: 'checks_failed',
      problem: {
        detail: expect.stringContaining('Not without the reply of the mayor'),
        blocking: [
          {
            code: 'note_open',
            message: expect.stringMatching(
              /^A note by .+ has to be settled.+reply of the mayor.+PATCH …\/notes\/[0-9a-f]{24} /,
            ),
          },
        ],
      },
    });
    expect(await seen()).toBe(404);
    await change(author, id, note.id, { resolved: true });

    expect(await publish()).toMatchObject({ status: 'published' });
    expect(await seen()).toBe(200);
  });

  it('stays out of what readers get', async () => {
    const { id, slug } = await published(editor.client);
    await write(editor, id, { text: 'xyzzy between us' });

    const answer = await fetch(`${app.url}/content/v1/articles/${slug}`);

    expect(await answer.text()).not.toContain('xyzzy');
  });

  it('is written once for a repeated request', async () => {
    const { id } = await draft(author.client);
    const request = { params: { id }, body: { text: 'Once' }, idempotencyKey: 'note-once' };

    const first = await author.client.editorial.notes.create(request);

    expect(await author.client.editorial.notes.create(request)).toEqual(first);
    expect((await list(author, id)).data).toHaveLength(1);
  });
});

describe('the notes of a story', () => {
  it('come newest first, by cursor, and by whether they are resolved', async () => {
    const { id } = await draft(author.client);
    for (const text of ['one', 'two', 'three']) await write(editor, id, { text });
    const [three] = (await list(editor, id)).data;
    await change(editor, id, String(three?.id), { resolved: true });

    const first = await list(author, id, { limit: '2', count: 'true' });
    const rest = await list(author, id, { limit: '2', after: String(first.page.next) });

    expect(first.data.map(({ text }) => text)).toEqual(['three', 'two']);
    expect(first.page.total).toBe(3);
    expect(rest.data.map(({ text }) => text)).toEqual(['one']);
    expect((await list(author, id, { resolved: 'true' })).data.map(({ text }) => text)).toEqual(['three']);
    expect((await list(author, id, { resolved: 'false' })).data).toHaveLength(2);
  });
});

describe('a note is refused', () => {
  it.each([
    ['without words', { text: '  ' }],
    ['on a block that is not there', { text: 'x', block: 'nowhere' }],
    ['to people who are not there', { text: 'x', mentions: [NOWHERE] }],
  ])('%s', async (_what, body) => {
    const { id } = await draft(author.client, { body: paragraphs('A.') });

    await expect(write(author, id, body)).rejects.toMatchObject({ status: 422 });
  });

  it('to those who may not read the story, and to moderators', async () => {
    const { id } = await draft(author.client);
    const note = await write(author, id, { text: 'Ours' });
    const moderator = await app.person('moderator');

    await expect(write(stranger, id, { text: 'x' })).rejects.toMatchObject({ status: 404 });
    await expect(list(stranger, id)).rejects.toMatchObject({ status: 404 });
    await expect(change(stranger, id, note.id, { resolved: true })).rejects.toMatchObject({ status: 404 });
    await expect(list(moderator, id)).rejects.toMatchObject({ status: 403 });
  });

  it('when story and note do not belong together', async () => {
    const { id } = await draft(author.client);
    const elsewhere = await draft(author.client);
    const note = await write(author, id, { text: 'Here' });

    await expect(change(author, elsewhere.id, note.id, { resolved: true })).rejects.toMatchObject({
      status: 404,
    });
    await expect(change(author, id, NOWHERE, { resolved: true })).rejects.toMatchObject({ status: 404 });
    await expect(write(editor, NOWHERE, { text: 'x' })).rejects.toMatchObject({ status: 404 });
  });
});
