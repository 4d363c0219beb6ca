import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../../support/app.ts';
import { draft } from '../../support/factories.ts';
import { follow, stopFollowing } from '../../support/following.ts';
import { send } from '../../support/raw.ts';
import { until } from '../../support/records.ts';

/** Two servers of one newsroom: what is done on one is told on the other. */
let app: TestApp;
let other: TestApp;
let editor: Person;
let author: Person;
let there: (token: string) => Client;

beforeAll(async () => {
  app = await createTestApp();
  other = await createTestApp({}, { beside: app });
  const { createClient } = await import('../../../src/client/index.ts');
  there = (token) => createClient(other.url, { token });
  editor = await app.person('editor');
  author = await app.person('author');
  app.start('sequencer');
  app.start('desk events');
  other.start('desk events');
});
afterAll(async () => {
  await other.close();
  await app.close();
});

afterEach(stopFollowing);

const ticketOf = async (person: Person) => (await person.client.editorial.events.ticket()).ticket;
const path = (ticket: string) => `/editorial/v1/events?ticket=${ticket}`;

/** The status and headers of a stream, which is not read. */
async function opened(ticket: string, headers: Record<string, string> = {}, at = app): Promise<Response> {
  const answer = await send(at, path(ticket), { headers });
  await answer.body?.cancel();
  return answer;
}

describe('S24 a ticket', () => {
  it('opens one stream, once, also when twenty ask at the same time', async () => {
    const ticket = await ticketOf(editor);

    const answers = await Promise.all(Array.from({ length: 20 }, () => opened(ticket)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(401)]);
  });

  it('is good for at most 60 seconds, and is kept as a hash only', async () => {
    const before = Date.now();
    const { ticket, expiresAt } = await editor.client.editorial.events.ticket();
    const tickets = app.db.collection('eventTickets');
    expect(JSON.stringify(await tickets.find().toArray())).not.toContain(ticket);
    expect(Date.parse(expiresAt) - before).toBeLessThanOrEqual(62_000);

    await tickets.updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } });

    expect((await opened(ticket)).status).toBe(401);
  });

  it.each(['', 'x', '%00', encodeURIComponent('{"$gt":""}')])(
    'that is none opens nothing: "%s"',
    async (ticket) => {
      expect((await opened(ticket)).status).toBe(401);
    },
  );

  it('asked for in one session is not spent in another, and an access token is none', async () => {
    const ticket = await ticketOf(editor);
    const [foreign, asToken] = [
      await opened(ticket, { Authorization: `Bearer ${author.token}` }),
      await opened(editor.token),
    ];
    const spent = await opened(ticket);
    const bare = await send(app, '/editorial/v1/events', { token: editor.token });

    // The token is longer than any ticket: a parameter that cannot be taken.
    expect([foreign, asToken, spent, bare].map(({ status }) => status)).toEqual([401, 400, 401, 401]);
  });

  it('of a session that has ended since opens nothing', async () => {
    const person = await app.person('editor', 'leaver');
    const ticket = await ticketOf(person);
    await person.client.editorial.auth.logout();

    expect((await opened(ticket)).status).toBe(401);
  });
});

describe('the stream', () => {
  it('is neither kept nor packed nor held back by a proxy', async () => {
    const answer = await opened(await ticketOf(editor), { 'Accept-Encoding': 'gzip, br' });

    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(answer.headers.has('content-encoding')).toBe(false);
  });

  it('tells on one server what is done on the other: saves, the workflow, notes, sign-offs, in order', async () => {
    const following = await follow(there(editor.token));
    const { articles, notes, signOffs } = editor.client.editorial;

    const { id } = await draft(editor.client);
    await articles.change({ params: { id }, ifMatch: 1, body: { kicker: 'Harbour' } });
    await articles.submit({ params: { id }, ifMatch: 2 });
    await articles.approve({ params: { id }, ifMatch: 3 });
    await notes.create({ params: { id }, body: { text: 'Call\r\n\r\nevent: article.killed\ndata: {}' } });
    await signOffs.giveDesk({ params: { id }, ifMatch: 4, body: {} });
    await articles.publish({ params: { id }, ifMatch: 4 });
    await articles.unpublish({ params: { id }, ifMatch: 5, body: {} });

    await until(following.has('article.unpublished'));
    expect(following.of(id)).toEqual([
      'article.created',
      'article.saved',
      'article.submitted',
      'article.approved',
      'note.written',
      'sign_off.given',
      'article.published',
      'article.unpublished',
    ]);
    const [saved] = following.events.filter(({ type }) => type === 'article.saved');
    expect(saved).toMatchObject({
      specversion: '1.0',
      subject: `article:${id}`,
      data: { article: id, version: 2, status: 'draft', fields: ['kicker'], by: { id: editor.id } },
    });
    const ids = following.events.map((event) => Number(event.id)).filter(Number.isFinite);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(JSON.stringify(following.events)).not.toContain('Call');
  });

  it('tells of a lock that is taken, renewed, taken over and given back, and of those that there are', async () => {
    const { id } = await draft(author.client);
    const { locks } = author.client.editorial;
    await locks.take({ params: { id } });
    const following = await follow(there(editor.token));
    const lockIs = (holder: string | null) => async () =>
      (following.events.findLast(({ data }) => data.article === id)?.data.lock?.by.id ?? null) === holder;

    await until(lockIs(author.id));
    await editor.client.editorial.locks.take({ params: { id }, body: { takeover: true } });
    await until(lockIs(editor.id));
    await editor.client.editorial.locks.release({ params: { id } });
    await until(lockIs(null));

    expect(following.of(id).at(-1)).toBe('lock.changed');
  });

  it('tells what a schedule came to', async () => {
    const following = await follow(there(editor.token));
    const scheduler = app.start('scheduler');
    const [good, empty] = [
      await draft(editor.client),
      await draft(editor.client, { body: { type: 'doc', content: [] } as never }),
    ];
    const publishAt = new Date(Date.now() + 1_500).toISOString();
    for (const { id } of [good, empty])
      await editor.client.editorial.articles.schedule({ params: { id }, ifMatch: 1, body: { publishAt } });

    await until(following.has('schedule.failed'));
    await until(following.has('article.published'));
    await scheduler.stop();

    const dataOf = (type: string) => following.events.find((event) => event.type === type)?.data;
    expect(dataOf('article.published')).toMatchObject({
      article: good.id,
      by: { id: null },
      schedule: { duty: 'publish', due: publishAt, late: false, by: editor.id },
    });
    expect(dataOf('schedule.failed')).toMatchObject({
      article: empty.id,
      schedule: { why: expect.stringContaining('no text') },
    });
  });
});

describe('S34 who is told what', () => {
  it('an author of their own stories, of others from the moment they are assigned; a moderator of none', async () => {
    const [own, moderator] = [await follow(author.client), await follow(await app.as('moderator'))];
    const foreign = await draft(editor.client);
    const mine = await draft(author.client);
    const { articles } = editor.client.editorial;

    const assignee = author.id;
    await articles.change({ params: { id: foreign.id }, ifMatch: 1, body: { assignee } });
    await until(async () => own.of(foreign.id).length > 0);
    await articles.change({ params: { id: foreign.id }, ifMatch: 2, body: { assignee: null } });
    await articles.change({ params: { id: foreign.id }, ifMatch: 3, body: { kicker: 'Secret' } });
    await articles.change({ params: { id: mine.id }, ifMatch: 1, body: { kicker: 'Mine' } });
    await until(async () => own.of(mine.id).includes('article.saved'));

    // That it was taken away is told to nobody who may not read it any more.
    expect(own.events.filter(({ data }) => data.article === foreign.id && (data.version ?? 0) > 2)).toEqual(
      [],
    );
    expect(own.of(mine.id)).toEqual(['article.created', 'article.saved']);
    expect(moderator.events.map(({ type }) => type)).toEqual(['stream.ready']);
  });

  it('a mention, to whom is mentioned', async () => {
    const { id } = await draft(author.client);
    const [mentioned, reader] = [await follow(author.client), await follow(editor.client)];

    const body = { text: 'Look', mentions: [author.id] };
    await editor.client.editorial.notes.create({ params: { id }, body });

    await until(mentioned.has('note.mentioned'));
    await until(reader.has('note.written'));
    expect(mentioned.of(id)).not.toContain('note.written');
    expect(reader.of(id)).not.toContain('note.mentioned');
  });
});

describe('going on after a break', () => {
  it('misses nothing and repeats nothing, on whichever server', async () => {
    const { id } = await draft(editor.client);
    const first = await follow(editor.client);
    const { articles } = editor.client.editorial;
    await articles.change({ params: { id }, ifMatch: 1, body: { kicker: 'One' } });
    await until(async () => first.events.some(({ data }) => data.version === 2));
    const last = first.events.findLast(({ data }) => data.version === 2)?.id;
    await first.stop();

    await articles.change({ params: { id }, ifMatch: 2, body: { kicker: 'Two' } });
    await articles.change({ params: { id }, ifMatch: 3, body: { kicker: 'Three' } });
    const second = await follow(there(editor.token), last);
    await articles.change({ params: { id }, ifMatch: 4, body: { kicker: 'Four' } });
    await until(async () => second.events.some(({ data }) => data.version === 5));

    expect(second.events[0]).toMatchObject({ type: 'stream.ready', data: { resumed: true } });
    const versions = second.events.filter(({ data }) => data.article === id).map(({ data }) => data.version);
    expect(versions).toEqual([3, 4, 5]);
  });

  it.each(['999999999999', 'x', '-1', '1e3'])(
    'asks for a full reload from a place that is none: %s',
    async (after) => {
      const following = await follow(editor.client, after);

      expect(following.events[0]).toMatchObject({ type: 'stream.ready', data: { resumed: false } });
    },
  );
});

describe('S21 a stream ends', () => {
  const ends: [string, (person: Person, admin: Client, version: number) => Promise<unknown>][] = [
    [
      'is deactivated',
      ({ id }, admin, ifMatch) => admin.editorial.users.deactivate({ params: { id }, ifMatch }),
    ],
    [
      'has another role',
      ({ id }, admin, ifMatch) =>
        admin.editorial.users.change({ params: { id }, ifMatch, body: { role: 'author' } }),
    ],
    ['signs out', ({ client }) => client.editorial.auth.logout()],
    [
      'changes the password',
      ({ client }) =>
        client.editorial.passwords.change({
          body: {
            currentPassword: PASSWORD,
            newPassword: 'another long sentence of nobody',
          },
        }),
    ],
  ];

  it.each(ends)('within seconds when its person %s', async (what, act) => {
    const person = await app.person('editor', what.replaceAll(' ', '-'));
    const following = await follow(there(person.token));
    const admin = await app.as('admin');
    const { version } = await admin.editorial.users.read({ params: { id: person.id } });

    const began = performance.now();
    await act(person, admin, version);
    await until(async () => following.ended());

    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('bounds', () => {
  it('one person has ten streams and no eleventh, also when all are asked for at once', async () => {
    const person = await app.person('editor', 'many-tabs');
    const tickets = await Promise.all(Array.from({ length: 14 }, () => ticketOf(person)));

    const answers = await Promise.all(tickets.map((ticket) => send(app, path(ticket))));
    const statuses = answers.map(({ status }) => status).sort();
    await Promise.all(answers.map((answer) => answer.body?.cancel()));

    expect(statuses).toEqual([...Array(10).fill(200), ...Array(4).fill(429)]);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('30');
    // Those that were closed make room.
    await until(async () => (await opened(await ticketOf(person))).status === 200);
  });

  it('a server that stops ends its streams, tells when to come back, and begins no other', async () => {
    const following = await follow(there(editor.token));
    const [raw, ticket] = [await send(other, path(await ticketOf(editor))), await ticketOf(editor)];

    other.services.deskEvents.leave();

    expect(await raw.text()).toMatch(/retry: \d+\n\n$/);
    await until(async () => following.ended());
    const refused = await opened(ticket, {}, other);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    // What is not good here is good at another process.
    expect((await opened(ticket)).status).toBe(200);
  });
});
