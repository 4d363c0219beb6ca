import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { createClient } from '../../src/client/index.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../support/app.ts';
import { countOf, forgetTries, haveTried, signIn, statusesOf } from '../support/guessing.ts';
import { linkTo, queuedFor } from '../support/mails.ts';
import { send } from '../support/raw.ts';
import { auditOf } from '../support/records.ts';
import { signInPlainly } from '../support/sign-in.ts';

/** Checks 6 to 8, 10, 11 and 77 of the security bar: what a password may be, and how it is changed. */

const NEW = 'another sentence of mine, rather long';
const base = '/editorial/v1/auth';
let app: TestApp;
/** A second server of the same newsroom. */
let other: TestApp;
let people = 0;

beforeAll(async () => {
  app = await createTestApp({ SITE_NAME: 'The Harbour Gazette' });
  other = await createTestApp({}, { beside: app });
});
beforeEach(() => forgetTries(app));
afterAll(async () => {
  await other.close();
  await app.close();
});

const newcomer = (): Promise<Person> => {
  people += 1;
  return app.person('author', `person${people}`);
};
const change = (token: string, body: object) =>
  send(app, `${base}/password`, { token, body: JSON.stringify(body) });
const askReset = (body: object) => send(app, `${base}/password-reset`, { body: JSON.stringify(body) });
const reset = (token: string, body: object = { password: NEW }) =>
  send(app, `${base}/password-reset/${token}`, { body: JSON.stringify(body) });
const open = (email: string, password = PASSWORD) =>
  signInPlainly(app.anonymous, { email, password, tokenDelivery: 'body' });
const me = async (token: string, at = app) => (await send(at, `${base}/me`, { token })).status;
const refresh = async (refreshToken: string | undefined, at = app) =>
  (await send(at, `${base}/refresh`, { body: JSON.stringify({ refreshToken }) })).status;
const add = async (password: string, more: object = {}) => {
  people += 1;
  const body = {
    email: `new${people}@example.org`,
    name: 'Nora Newcomer',
    role: 'author',
    ...more,
    password,
  };
  return (await app.as('admin')).editorial.users.create({ body: body as never });
};

describe('S06 the length of a password', () => {
  it('of 14 characters is refused, and of 15 enough, whatever they are', async () => {
    await expect(add('aqmzwnxebcrdtv')).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/password' }] },
    });
    expect(await add('aqmzwnxebcrdtvh')).toMatchObject({ active: true });
  });

  it('counts characters and not bytes or code units: 14 emoji are too short', async () => {
    await expect(add('🐟🐠🐡🦈🐙🦑🦐🦞🦀🐚🐳🐋🐬🦭')).rejects.toMatchObject({ status: 422 });
    expect(await add('🐟🐠🐡🦈🐙🦑🦐🦞🦀🐚🐳🐋🐬🦭🌊')).toMatchObject({ active: true });
  });

  it.each([
    ['64 with spaces, Arabic and emoji', `${'جملة طويلة جدا '.repeat(4)}🐟🐠🐡🌊`],
    ['1024', 'a few long words '.repeat(60).slice(0, 1024)],
  ])('of %s is taken and usable', async (_what, password) => {
    const { email } = await add(password);

    expect((await open(email, password)).user.email).toBe(email);
  });
});

describe('S07 a password that is guessed first', () => {
  it.each([
    ['one repeated character', 'z'.repeat(15)],
    ['a few repeated characters', 'abcabcabcabcabcabc'],
    ['counting', '123456789012345'],
    ['counting down', 'zyxwvutsrqponmlkj'],
    ['a row of keys', 'qwertyuiopasdfg'],
    ['a common one twice', 'passwordpassword'],
    ['a common one dressed up', 'P-a-s-s-w-o-r-d 2026!!!'],
    ['two common ones', 'Welcome, Football 1'],
    ['the product', 'CopydeskCopydesk2026'],
    ['the site', 'the harbour gazette 1'],
    ['the own address', 'nora.newcomer@example.org'],
    ['the own address without signs', 'noranewcomerexampleorg'],
    ['the own name and a year', 'Nora Newcomer 1984'],
    ['the own name backwards in words', 'newcomer.nora.newcomer'],
  ])('is refused with a reason: %s', async (_what, password) => {
    await expect(add(password, { email: 'nora.newcomer@example.org' })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/password', code: 'password_refused' }] },
    });
  });

  it.each([
    'nora likes seven green herons',
    'the password of the old lighthouse',
    'ein sehr langer satz',
    'correct horses eat batteries',
    'ööäåüßçéñøæœþðł',
  ])('is not every sentence with such a word in it: %s', async (password) => {
    expect(await add(password)).toMatchObject({ active: true });
  });

  it('is refused at every door that sets one', async () => {
    const person = await newcomer();
    const weak = 'passwordpassword';
    const token = await linkTo(app, person, 'password_reset');

    const changed = await change(person.token, { currentPassword: PASSWORD, newPassword: weak });
    const answer = await reset(token, { password: person.email });

    expect([changed.status, answer.status]).toEqual([422, 422]);
    expect((await reset(token)).status).toBe(204);
  });
});

describe('S08 no character of a password is forgotten', () => {
  it.each([
    ['72 bytes', 'ab12 '.repeat(15).slice(0, 72)],
    ['few characters and many bytes', '🐟🐠🐡🦈🐙🦑🦐🦞🦀🐚🐳🐋🐬🦭🌊🐧🦢🦩'],
    ['256 bytes', 'long words '.repeat(25).slice(0, 256)],
  ])('after %s', async (_what, start) => {
    const { email } = await add(`${start}A`);

    expect((await open(email, `${start}A`)).user.email).toBe(email);
    for (const wrong of [`${start}B`, start, `${start}AA`])
      await expect(open(email, wrong)).rejects.toMatchObject({ status: 401 });
  });

  it('and a NUL in one is refused', async () => {
    await expect(add('a long sentence\u0000 with a hole in it')).rejects.toMatchObject({ status: 422 });
  });
});

describe('S10 changing the own password', () => {
  it.each([
    ['without the current one', {}],
    ['with a wrong one', { currentPassword: 'not my password at all' }],
    ['with an empty one', { currentPassword: '' }],
  ])('is refused %s, and changes nothing', async (_what, given) => {
    const { id, token, email } = await newcomer();

    const answer = await change(token, { newPassword: NEW, ...given });

    expect(answer.status).toBe(403);
    expect([await me(token), (await open(email)).user.id]).toEqual([200, id]);
  });

  it('ends every other token on every server; this session goes on', async () => {
    const { id, token, email } = await newcomer();
    const [own, elsewhere] = [await open(email), await open(email)];
    await open(email);

    const answer = await change(own.accessToken, { currentPassword: PASSWORD, newPassword: NEW });

    expect(answer.status).toBe(204);
    for (const at of [app, other]) {
      expect([await me(token, at), await me(elsewhere.accessToken, at)]).toEqual([401, 401]);
      expect(await refresh(elsewhere.refreshToken, at)).toBe(401);
      expect(await me(own.accessToken, at)).toBe(200);
    }
    expect(await refresh(own.refreshToken, other)).toBe(200);
    await expect(open(email)).rejects.toMatchObject({ status: 401 });
    expect((await open(email, NEW)).user.id).toBe(id);
    expect((await auditOf(app, 'user', id)).find(({ action }) => action === 'password.change')).toMatchObject(
      {
        actor: { id },
        after: { sessionsEnded: 3 },
      },
    );
    expect(await queuedFor(app, email)).toMatchObject([{ kind: 'password_changed' }]);
  });

  it.each(['deviceId', 'keepSessions', 'logoutOthers', 'sessions', 'tokenVersion'])(
    'takes no field that decides what ends: %s',
    async (field) => {
      const { token } = await newcomer();
      const body = { currentPassword: PASSWORD, newPassword: NEW, [field]: false };

      expect((await change(token, body)).status).toBe(422);
    },
  );

  it('ends links and half-finished sign-ins that were under way', async () => {
    const person = await newcomer();
    const token = await linkTo(app, person, 'password_reset');

    await change(person.token, { currentPassword: PASSWORD, newPassword: NEW });

    expect((await reset(token)).status).toBe(404);
  });

  it('by two at once from the same password happens once', async () => {
    const { email } = await newcomer();
    const tokens = [(await open(email)).accessToken, (await open(email)).accessToken];

    const answers = await Promise.all(
      tokens.map((token, at) => change(token, { currentPassword: PASSWORD, newPassword: `${NEW} ${at}` })),
    );

    expect(
      countOf(
        answers.map(({ status }) => status),
        204,
      ),
    ).toBe(1);
  });

  it('is slowed down for guesses at the current one', async () => {
    const { token } = await newcomer();
    const guess = () => change(token, { currentPassword: 'a guess at it', newPassword: NEW });

    const statuses = await statusesOf(12, guess);

    expect([countOf(statuses, 403), countOf(statuses, 429)]).toEqual([10, 2]);
    expect((await change(token, { currentPassword: PASSWORD, newPassword: NEW })).status).toBe(429);
  });
});

describe('S11 asking for a new password', () => {
  it('is answered alike for known, unknown and deactivated people, and looked up later', async () => {
    const { id, email } = await newcomer();
    const gone = await newcomer();
    await (await app.as('admin')).editorial.users.deactivate({ params: { id: gone.id }, ifMatch: 1 });

    const answers = await Promise.all(
      [email, gone.email, 'nobody@example.org'].map((to) => askReset({ email: to })),
    );

    const seen = answers.map(async (answer) => [
      answer.status,
      await answer.text(),
      [...answer.headers].filter(([name]) => !/^(x-request-id|date|ratelimit.*)$/.test(name)),
    ]);
    const [first, ...others] = await Promise.all(seen);
    expect(first?.slice(0, 2)).toEqual([202, '']);
    for (const one of others) expect(one).toEqual(first);
    expect(await queuedFor(app, email)).toEqual([{ kind: 'password_reset_request', to: email }]);
    expect(await queuedFor(app, 'nobody@example.org')).toHaveLength(1);
    expect((await auditOf(app, 'user', id)).map(({ action }) => action)).not.toContain(
      'password.reset_request',
    );
  });

  it.each([
    { $gt: '' },
    ['a@example.org'],
    null,
    7,
    true,
    '',
    'nobody',
    'a@example.org\r\nBcc: b@example.org',
  ])('takes an address and nothing else: %j', async (email) => {
    expect((await askReset({ email })).status).toBe(422);
  });

  it('goes on being answered for an account, and sends five an hour', async () => {
    const { email } = await newcomer();

    const statuses = await statusesOf(7, () => askReset({ email }));

    expect(countOf(statuses, 202)).toBe(7);
    expect(await queuedFor(app, email)).toHaveLength(5);
  });

  it('S77 ends for an address that asks for many', async () => {
    await askReset({ email: 'one@example.org' });
    await haveTried(app, 'password_reset:address', 19);

    const statuses = await statusesOf(3, (at) => askReset({ email: `two${at}@example.org` }));

    expect(statuses).toEqual([202, 429, 429]);
    expect((await signIn(app, { email: 'one@example.org' })).status).toBe(401);
  });
});

describe('S11 the link for a new password', () => {
  it('works once, ends every session, and opens none', async () => {
    const person = await newcomer();
    const { email, id } = person;
    const before = await open(email);
    const token = await linkTo(app, person, 'password_reset');

    const [answer, again] = [await reset(token), await reset(token, { password: `${NEW} again` })];

    expect([answer.status, await answer.text(), answer.headers.get('set-cookie')]).toEqual([204, '', null]);
    expect(again.status).toBe(404);
    for (const at of [app, other]) {
      expect([await me(person.token, at), await me(before.accessToken, at)]).toEqual([401, 401]);
      expect(await refresh(before.refreshToken, at)).toBe(401);
    }
    expect((await open(email, NEW)).user.id).toBe(id);
    expect((await auditOf(app, 'user', id)).map(({ action }) => action)).toContain('password.reset');
    expect(await queuedFor(app, email)).toMatchObject([{ kind: 'password_changed' }]);
  });

  it('by twenty at once works once', async () => {
    const token = await linkTo(app, await newcomer(), 'password_reset');

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => reset(token, { password: `${NEW} ${at}` })),
    );

    const statuses = answers.map(({ status }) => status);
    expect([countOf(statuses, 204), countOf(statuses, 404)]).toEqual([1, 19]);
  });

  it('lives an hour, and ends when a later one is sent', async () => {
    const person = await newcomer();
    const early = await linkTo(app, person, 'password_reset');
    const late = await linkTo(app, person, 'password_reset');
    expect((await reset(early)).status).toBe(404);

    app.clock.advance(60 * 60_000 + 1);
    expect((await reset(late)).status).toBe(404);
  });

  it('is not one for another purpose, another account or a made-up one', async () => {
    const person = await newcomer();
    const good = await linkTo(app, person, 'password_reset');
    const invitation = await linkTo(app, person, 'invitation');
    const forged = [
      invitation,
      person.id,
      person.token.slice(0, 200),
      `${'f'.repeat(24)}${good.slice(24)}`,
      `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
      good.toUpperCase(),
      '%7B%22%24gt%22%3A%22%22%7D',
      'x'.repeat(201),
      'null',
      '0',
    ];

    for (const token of forged) expect((await reset(token)).status).toBe(404);
    expect((await reset(good)).status).toBe(204);
  });

  it.each([{ $ne: null }, [NEW], null, 7, '', undefined])(
    'takes a password as text only: %j',
    async (password) => {
      const token = await linkTo(app, await newcomer(), 'password_reset');

      expect((await reset(token, { password })).status).toBe(422);
      expect((await reset(token)).status).toBe(204);
    },
  );

  it('does nothing for somebody who is deactivated, has not joined, or belongs to single sign-on', async () => {
    const people = app.db.collection('users');
    const cases = [
      { active: false },
      { joinedAt: null },
      { passwordHash: null },
      { email: 'moved@example.org' },
    ];

    for (const $set of cases) {
      const person = await newcomer();
      const token = await linkTo(app, person, 'password_reset');
      await people.updateOne({ email: person.email }, { $set });
      expect((await reset(token)).status).toBe(404);
    }
  });

  it('leaves the second factor in the way', async () => {
    const person = await newcomer();
    await app.db.collection('secondFactors').insertOne({
      _id: new Types.ObjectId(person.id),
      version: 1,
      secret: 'sealed',
      pendingSecret: null,
      lastStep: 0,
      recoveryCodes: [],
    });
    await app.db.collection('users').updateOne({ email: person.email }, { $set: { secondFactor: true } });
    await reset(await linkTo(app, person, 'password_reset'));

    const answer = await createClient(app.url).editorial.auth.login({
      body: { email: person.email, password: NEW },
    });

    expect(answer).toMatchObject({ mfaRequired: true });
  });
});
