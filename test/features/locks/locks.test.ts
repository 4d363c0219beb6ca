import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { createClient } from '../../../src/client/index.ts';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';
import { signInPlainly } from '../../support/sign-in.ts';

let app: TestApp;
let beside: TestApp;
let author: Person;
let editor: Person;
let other: Person;

beforeAll(async () => {
  app = await createTestApp();
  beside = await createTestApp({}, { beside: app });
  author = await app.person('author');
  editor = await app.person('editor');
  other = await app.person('editor', 'grace');
});
afterAll(async () => {
  await beside.close();
  await app.close();
});

const take = ({ client }: Person, id: string, takeover?: boolean) =>
  client.editorial.locks.take({ params: { id }, body: takeover === undefined ? {} : { takeover } });
const release = ({ client }: Person, id: string) => client.editorial.locks.release({ params: { id } });
const read = ({ client }: Person, id: string): Promise<Article> =>
  client.editorial.articles.read({ params: { id } });
const save = ({ client }: Person, id: string, ifMatch: number, lockFence?: number) =>
  client.editorial.articles.change({
    params: { id },
    ifMatch,
    body: { kicker: `Save of ${ifMatch}` },
    ...(lockFence === undefined ? {} : { lockFence }),
  });

/** As if its holder had not been heard of for too long: what decides is the database's time, which no test moves. */
const expire = (id: string) =>
  app.db
    .collection('articles')
    .updateOne({ _id: new Types.ObjectId(id) }, [
      { $set: { 'lock.expiresAt': { $subtract: ['$$NOW', 1] } } },
    ] as never);

const refusal = (lock: unknown) => ({ status: 409, code: 'locked', problem: { lock } });

describe('the editing lock of a story', () => {
  it('says who holds it and for how long, and raises no version', async () => {
    const { id } = await draft(author.client);

    const lock = await take(author, id);

    expect(lock).toEqual({
      by: { id: author.id, name: 'ada author' },
      since: expect.any(String),
      expiresAt: expect.any(String),
      fence: 1,
    });
    const lasts = Date.parse(lock.expiresAt) - Date.parse(lock.since);
    expect(lasts).toBeGreaterThan(30_000);
    expect(lasts).toBeLessThanOrEqual(120_000);
    expect(await read(editor, id)).toMatchObject({ version: 1, lock });
    const { data } = await editor.client.editorial.articles.list();
    expect(data.find((story) => story.id === id)?.lock).toEqual(lock);
    expect(await auditOf(app, 'article', id)).toHaveLength(1);
  });

  it('is renewed by its holder, from any window', async () => {
    const { id } = await draft(author.client);
    const first = await take(author, id);

    const renewed = await take(author, id);

    expect(renewed).toMatchObject({ since: first.since, fence: first.fence });
    expect(Date.parse(renewed.expiresAt)).toBeGreaterThanOrEqual(Date.parse(first.expiresAt));
  });

  it('is refused to others, who are told by whom it is held', async () => {
    const { id } = await draft(author.client);
    const lock = await take(author, id);

    await expect(take(editor, id)).rejects.toMatchObject(refusal(lock));
    await expect(take(editor, id)).rejects.toThrow('take over with PUT …/lock {"takeover": true}');
    await expect(release(editor, id)).rejects.toMatchObject(refusal(lock));
    await expect(release(editor, id)).rejects.toThrow('there is none of yours to give back');
    expect((await read(author, id)).lock).toEqual(lock);
  });

  it('is given back, once or twice', async () => {
    const { id } = await draft(author.client);
    await take(author, id);

    await release(author, id);
    await release(author, id);

    expect((await read(author, id)).lock).toBeNull();
    expect(await take(editor, id)).toMatchObject({ by: { id: editor.id }, fence: 2 });
  });

  it('ends by itself, by the database’s time, and its number rises all the same', async () => {
    const { id } = await draft(author.client);
    await take(author, id);
    await expire(id);

    expect((await read(editor, id)).lock).toBeNull();
    expect(
      (await editor.client.editorial.articles.list()).data.find((one) => one.id === id)?.lock,
    ).toBeNull();
    expect(await save(editor, id, 1)).toMatchObject({ version: 2, lock: null });
    expect((await take(editor, id)).fence).toBe(2);
    await expire(id);
    expect((await take(editor, id)).fence).toBe(3);
  });

  it('goes to one of many who ask at once, on any server', async () => {
    const { id } = await draft(author.client);
    const servers = [app.url, beside.url];
    const askers = [author, editor, other, await app.person('admin')];

    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const answer = await fetch(`${servers[index % 2]}/editorial/v1/articles/${id}/lock`, {
          method: 'PUT',
          headers: {
            Authorization: `Bearer ${askers[index >> 2]?.token}`,
            'Content-Type': 'application/json',
          },
          body: '{}',
        });
        return {
          status: answer.status,
          ...((await answer.json()) as { by?: { id: string }; fence?: number }),
        };
      }),
    );

    const granted = answers.filter(({ status }) => status === 200);
    expect(new Set(granted.map(({ by }) => by?.id)).size).toBe(1);
    expect(new Set(granted.map(({ fence }) => fence))).toEqual(new Set([1]));
    expect(answers.filter(({ status }) => status !== 200).every(({ status }) => status === 409)).toBe(true);
  });
});

describe('while somebody else holds the lock', () => {
  const steps = {
    change: (id: string) => save(editor, id, 1),
    bin: (id: string) => editor.client.editorial.articles.bin({ params: { id }, ifMatch: 1 }),
    restore: (id: string) => editor.client.editorial.articles.restore({ params: { id }, ifMatch: 1 }),
    submit: (id: string) => editor.client.editorial.articles.submit({ params: { id }, ifMatch: 1 }),
    return: (id: string) => editor.client.editorial.articles.return({ params: { id }, ifMatch: 1 }),
    approve: (id: string) => editor.client.editorial.articles.approve({ params: { id }, ifMatch: 1 }),
    archive: (id: string) => editor.client.editorial.articles.archive({ params: { id }, ifMatch: 1 }),
    publish: (id: string) => editor.client.editorial.articles.publish({ params: { id }, ifMatch: 1 }),
  };

  it.each(Object.entries(steps))('nobody gets in between: %s', async (_name, step) => {
    const { id } = await draft(author.client);
    const lock = await take(author, id);

    await expect(step(id)).rejects.toMatchObject(refusal(lock));
    expect(await read(author, id)).toMatchObject({ version: 1, status: 'draft', binnedAt: null });
  });

  it('the holder saves', async () => {
    const { id } = await draft(author.client);
    const lock = await take(author, id);

    expect(await save(author, id, 1, lock.fence)).toMatchObject({ version: 2, lock });
  });

  it('a story is taken from readers all the same', async () => {
    const { id } = await published(editor.client);
    await take(other, id);
    const at = { params: { id } };

    await editor.client.editorial.articles.unpublish({ ...at, ifMatch: 2, body: {} });
    const killed = await editor.client.editorial.articles.kill({
      ...at,
      ifMatch: 3,
      body: { reason: 'Wrong' },
    });

    expect(killed.status).toBe('killed');
    await expect(take(other, id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('a copy that is stale as well is told of the lock first', async () => {
    const { id } = await draft(author.client);
    const lock = await take(author, id);
    await save(author, id, 1);

    await expect(save(editor, id, 1)).rejects.toMatchObject(refusal(lock));
  });
});

describe('taking a lock over', () => {
  it('is for the desk, is audited, and refuses the late save of the old holder', async () => {
    const { id } = await draft(author.client);
    const old = await take(author, id);

    const taken = await take(editor, id, true);

    expect(taken).toMatchObject({ by: { id: editor.id }, fence: old.fence + 1 });
    await expect(save(author, id, 1)).rejects.toMatchObject(refusal(taken));
    await expect(take(author, id)).rejects.toMatchObject(refusal(taken));
    const row = (await auditOf(app, 'article', id)).at(-1);
    expect(row).toMatchObject({
      action: 'article.take_lock',
      actor: { id: editor.id },
      before: { lock: { by: { id: author.id } } },
      after: { lock: { fence: taken.fence } },
    });
  });

  it('refuses the old number also when the lock is free again', async () => {
    const { id } = await draft(author.client);
    const old = await take(author, id);
    await take(editor, id, true);
    await release(editor, id);

    await expect(save(author, id, 1, old.fence)).rejects.toMatchObject({
      ...refusal(null),
      problem: { lock: null, fence: 2 },
    });
    expect(await save(author, id, 1)).toMatchObject({ version: 2 });
  });

  it('is refused to authors', async () => {
    const { id } = await draft(editor.client, { assignee: author.id });
    const lock = await take(editor, id);

    await expect(take(author, id, true)).rejects.toMatchObject({ status: 403 });
    expect((await read(editor, id)).lock).toEqual(lock);
  });

  it('of a lock that nobody holds is asking for it', async () => {
    const { id } = await draft(author.client);

    expect(await take(author, id, true)).toMatchObject({ by: { id: author.id }, fence: 1 });
  });
});

describe('a lock is refused', () => {
  it('on the story of another author, on nothing, and to moderators', async () => {
    const { id } = await draft(author.client);
    const stranger = await app.person('author', 'bo');

    await expect(take(stranger, id)).rejects.toMatchObject({ status: 404 });
    await expect(release(stranger, id)).rejects.toMatchObject({ status: 404 });
    await expect(take(editor, NOWHERE)).rejects.toMatchObject({ status: 404 });
    await expect(take(await app.person('moderator'), id)).rejects.toMatchObject({ status: 403 });
  });

  it('where the asker may not edit: it would keep out those who may', async () => {
    const { id } = await draft(author.client);
    await author.client.editorial.articles.submit({ params: { id }, ifMatch: 1 });
    await editor.client.editorial.articles.approve({ params: { id }, ifMatch: 2 });

    await expect(take(author, id)).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await take(editor, id)).toMatchObject({ fence: 1 });
  });

  it('in the bin', async () => {
    const { id } = await draft(author.client);
    await author.client.editorial.articles.bin({ params: { id }, ifMatch: 1 });

    await expect(take(author, id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('with a body that says something else', async () => {
    const { id } = await draft(author.client);
    const path = `/editorial/v1/articles/${id}`;
    const { token } = author;

    const odd = await send(app, `${path}/lock`, { method: 'PUT', token, body: '{"takeover":"yes"}' });
    const fence = await send(app, path, {
      method: 'PATCH',
      token,
      body: '{}',
      headers: { 'If-Match': '"1"', 'Lock-Fence': '-1' },
    });

    expect([odd.status, fence.status]).toEqual([422, 400]);
  });
});

describe('the history', () => {
  it('does not keep who was editing', async () => {
    const { id } = await draft(author.client);
    await take(author, id);
    await save(author, id, 1);

    const revision = await app.db.collection('revisions').findOne({ _id: `${id}:2` } as never);

    expect(revision?.snapshot).toMatchObject({ version: 2 });
    expect(Object.keys(revision?.snapshot)).not.toEqual(expect.arrayContaining(['lock']));
  });
});

describe('the clock of a server', () => {
  it('ends no lock: the database’s does', async () => {
    const { id } = await draft(author.client);
    const lock = await take(author, id);
    beside.clock.advance(3_600_000);
    const desk = createClient(beside.url);
    const { accessToken } = await signInPlainly(desk, { email: editor.email, password: PASSWORD });
    const late = createClient(beside.url, { token: accessToken });

    const asking = late.editorial.locks.take({ params: { id }, body: {} });

    await expect(asking).rejects.toMatchObject(refusal(lock));
    expect((await late.editorial.articles.read({ params: { id } })).lock).toEqual(lock);
  });
});
