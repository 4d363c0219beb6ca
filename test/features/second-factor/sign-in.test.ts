import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, PASSWORD, type TestApp } from '../../support/app.ts';
import {
  codeOf,
  enrolled,
  firstStep,
  lettersTo,
  nextCode,
  secondStep,
  signInWith,
} from '../../support/factors.ts';
import { countOf } from '../../support/guessing.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let other: TestApp;
beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: 'https://desk.example.org' });
  other = await createTestApp({}, { beside: app });
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const someone = async (name: string) => enrolled(app, await app.person('author', name));
const statusesOf = async (answers: Promise<Response>[]) =>
  (await Promise.all(answers)).map(({ status }) => status);

describe('the first step', () => {
  it('asks for the second: no token, no cookie, no word about the account', async () => {
    const { email } = await someone('first');

    const answer = await fetch(`${app.url}/editorial/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
    });

    expect([answer.status, answer.headers.get('set-cookie'), answer.headers.get('cache-control')]).toEqual([
      200,
      null,
      'no-store',
    ]);
    expect(await answer.json()).toEqual({
      mfaRequired: true,
      mfaToken: expect.stringMatching(/^[\w-]{43}$/),
      methods: ['totp', 'recovery'],
      expiresIn: 300,
    });
  });

  it('is kept as a hash', async () => {
    const { mfaToken } = await firstStep(app, await someone('hashed'));

    expect(JSON.stringify(await app.db.collection('pendingSignIns').find().toArray())).not.toContain(
      mfaToken,
    );
  });
});

describe('the second step by an app', () => {
  it('signs in, with the session in a strict cookie, and says so in the audit log', async () => {
    const person = await someone('usual');
    const { mfaToken } = await firstStep(app, person);

    const answer = await secondStep(app, { mfaToken, code: nextCode(app, person.secret) });
    const body = (await answer.json()) as Record<string, unknown>;

    expect(answer.status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['accessToken', 'expiresIn', 'user']);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-copydesk=[\w-]{43};.*HttpOnly.*SameSite=Strict/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const row = (await auditOf(app, 'user', person.id)).findLast(
      ({ action }) => action === 'session.sign_in',
    );
    expect(row?.after).toMatchObject({ method: 'password', secondFactor: true });
  });

  it('gives the refresh token in the body when asked', async () => {
    const person = await someone('robot');
    const { mfaToken } = await firstStep(app, person);
    const code = nextCode(app, person.secret);

    const answer = await secondStep(app, { mfaToken, code, tokenDelivery: 'body' });

    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await answer.json()).toMatchObject({ refreshToken: expect.stringMatching(/^[\w-]{43}$/) });
  });

  it('takes a code as apps show it, and of the half minute before and after', async () => {
    const person = await someone('clocks');
    app.clock.advance(90_000);
    const early = codeOf(app, person.secret, -1);
    const late = codeOf(app, person.secret, 1);

    expect(await signInWith(app, person, ` ${early.slice(0, 3)} ${early.slice(3)} `)).toMatchObject({});
    expect(await signInWith(app, person, late)).toMatchObject({ user: { id: person.id } });
  });

  it.each([-3, 3])('refuses a code of %i half minutes from now', async (steps) => {
    const person = await someone(`far${steps}`);
    app.clock.advance(150_000);

    await expect(signInWith(app, person, codeOf(app, person.secret, steps))).rejects.toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
  });

  it('refuses a code that was used, and those before it', async () => {
    const person = await someone('replayed');
    app.clock.advance(90_000);
    const [earlier, now] = [codeOf(app, person.secret, -1), codeOf(app, person.secret)];
    await signInWith(app, person, now);

    await expect(signInWith(app, person, now)).rejects.toMatchObject({ status: 401 });
    await expect(signInWith(app, person, earlier)).rejects.toMatchObject({ status: 401 });
    expect((await auditOf(app, 'user', person.id)).map(({ action }) => action)).toContain(
      'session.second_factor_failed',
    );
  });

  it('lets one code in once, of many sign-ins at two servers', async () => {
    const person = await someone('raced');
    const begun = await Promise.all(Array.from({ length: 6 }, () => firstStep(app, person)));
    const code = nextCode(app, person.secret);
    other.clock.advance(app.clock.now().getTime() - other.clock.now().getTime());

    const statuses = await statusesOf(
      begun.map(({ mfaToken }, at) => secondStep(at % 2 ? app : other, { mfaToken, code })),
    );

    expect([countOf(statuses, 200), countOf(statuses, 401)]).toEqual([1, 5]);
  });
});

describe('the second step by a recovery code', () => {
  it('signs in once, however it is typed, and tells its owner how many are left', async () => {
    const person = await someone('lost');
    const [code = ''] = person.recoveryCodes;
    const typed = code.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l');

    expect(await signInWith(app, person, typed)).toMatchObject({ user: { id: person.id } });
    await expect(signInWith(app, person, code)).rejects.toMatchObject({ status: 401 });
    const row = (await auditOf(app, 'user', person.id)).find(
      ({ action }) => action === 'second_factor.recovery_code_used',
    );
    expect(row?.after).toEqual({ recoveryCodesLeft: 9 });
    expect(await lettersTo(app, person.email)).toContain('recovery_code_used');
  });

  it('lets one code in once, of many at once', async () => {
    const person = await someone('raced-code');
    const begun = await Promise.all(Array.from({ length: 6 }, () => firstStep(app, person)));
    const [code] = person.recoveryCodes;

    const statuses = await statusesOf(
      begun.map(({ mfaToken }, at) => secondStep(at % 2 ? app : other, { mfaToken, code })),
    );

    expect([countOf(statuses, 200), countOf(statuses, 401)]).toEqual([1, 5]);
  });

  it('goes on when no code is left to ask for', async () => {
    const person = await someone('used-up');
    await app.db.collection('secondFactors').updateMany({}, { $set: { recoveryCodes: [] } });

    const { methods } = await firstStep(app, person);

    expect(methods).toEqual(['totp']);
  });
});

describe('a sign-in that has begun', () => {
  it('ends once, of two right codes at once', async () => {
    const person = await someone('doubled');
    const { mfaToken } = await firstStep(app, person);
    const codes = [nextCode(app, person.secret), ...person.recoveryCodes.slice(0, 3)];

    const statuses = await statusesOf(codes.map((code) => secondStep(app, { mfaToken, code })));

    expect([countOf(statuses, 200), countOf(statuses, 401)]).toEqual([1, 3]);
    const left = await app.db.collection('secondFactors').findOne({ recoveryCodes: { $size: 10 } });
    expect(left === null || statuses[0] === 200).toBe(true);
  });

  it('is over after five wrong codes, also for the right one', async () => {
    const person = await someone('fumbling');
    const { mfaToken } = await firstStep(app, person);
    for (let at = 0; at < 5; at += 1) await secondStep(app, { mfaToken, code: '000000' });

    const answer = await secondStep(app, { mfaToken, code: nextCode(app, person.secret) });

    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ detail: 'This sign-in is over. Begin again.' });
  });

  it('is over after five minutes', async () => {
    const person = await someone('lunch');
    const { mfaToken } = await firstStep(app, person);
    app.clock.advance(301_000);

    const answer = await secondStep(app, { mfaToken, code: nextCode(app, person.secret) });

    expect(answer.status).toBe(401);
  });

  it.each([
    ['deactivated', { active: false }],
    ['whose sessions were ended', { tokenVersion: 2 }],
  ])('is over for somebody who was %s meanwhile', async (what, change) => {
    const person = await someone(what.replaceAll(' ', '-'));
    const { mfaToken } = await firstStep(app, person);
    await app.db.collection('users').updateOne({ email: person.email }, { $set: change });

    const answer = await secondStep(app, { mfaToken, code: nextCode(app, person.secret) });

    expect(answer.status).toBe(401);
  });
});

describe('a session that was opened while all of the account’s were being ended', () => {
  it('is over', async () => {
    const { id, client } = await app.person('author', 'overtaken');
    const sessions = app.db.collection('sessions');
    const { sessionId } = await client.editorial.auth.me();
    const row = (await sessions.find().toArray()).find(({ _id }) => String(_id) === sessionId);
    expect(String(row?.user)).toBe(id);
    await sessions.updateOne({ _id: row?._id as never }, { $set: { tokenVersion: 0 } });

    await expect(client.editorial.auth.me()).rejects.toMatchObject({ status: 401 });
  });
});
