import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { User } from '../../../src/features/users/users.contract.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../../support/app.ts';
import { NOWHERE } from '../../support/factories.ts';
import { linkIn, mailsTo, mailTo, tokenIn } from '../../support/mail.ts';
import { send, sendRaw } from '../../support/raw.ts';
import { auditOf, eventsOf } from '../../support/records.ts';
import { signInPlainly } from '../../support/sign-in.ts';

const DESK = 'https://desk.example.org';
const DAY = 24 * 3_600_000;

let app: TestApp;
let admin: Person;
let editorial: Client['editorial'];
let guests: Client['editorial']['invitations'];

beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: DESK, SITE_NAME: 'The Harbour Times' });
  app.start('postman');
  admin = await app.person('admin', 'ines');
  editorial = admin.client.editorial;
  guests = app.anonymous.editorial.invitations;
});
afterAll(() => app.close());

let people = 0;
const newcomer = (more: object = {}) => {
  people += 1;
  return { email: `guest${people}@example.org`, name: 'Nora Guest', role: 'author' as const, ...more };
};
const invite = (more: object = {}): Promise<User> => editorial.users.create({ body: newcomer(more) });
/** Somebody invited, with the token of the mail. */
async function invited(more: object = {}): Promise<{ user: User; token: string }> {
  const user = await invite(more);
  return { user, token: tokenIn(await mailTo(app, user.email)) };
}
const accept = (token: string, body: object = {}) =>
  guests.accept({ params: { token }, body: { password: PASSWORD, ...body } });
const open = (token: string) => guests.read({ params: { token } });
const statusesOf = (outcomes: readonly PromiseSettledResult<unknown>[]): number[] =>
  outcomes.map((one) => (one.status === 'fulfilled' ? 200 : one.reason.status)).sort();

describe('inviting somebody', () => {
  it('leads from the mail to a signed-in member of staff with the role, duties and byline', async () => {
    const user = await invite({ email: 'Nora@Example.org', duties: ['fact'], byline: 'N. Guest' });
    expect(user).toMatchObject({ email: 'nora@example.org', joinedAt: null, active: true, version: 1 });

    const mail = await mailTo(app, 'nora@example.org');
    expect(linkIn(mail)).toMatch(/^https:\/\/desk\.example\.org\/admin\/invitation#[0-9a-f]{24}[\w-]{43}$/);
    expect(mail.text).toContain('ines admin invites you to the newsroom of The Harbour Times');

    expect(await open(tokenIn(mail))).toEqual({
      email: 'nora@example.org',
      name: 'Nora Guest',
      role: 'author',
      siteName: 'The Harbour Times',
    });
    const { user: joined, accessToken } = await accept(tokenIn(mail), { name: 'Nora Quill' });
    expect(joined).toMatchObject({ id: user.id, name: 'Nora Quill', duties: ['fact'], version: 2 });
    expect(joined.joinedAt).not.toBeNull();
    expect((await send(app, '/editorial/v1/auth/me', { token: accessToken })).status).toBe(200);
    const again = await signInPlainly(app.anonymous, { email: 'nora@example.org', password: PASSWORD });
    expect(again.user.id).toBe(user.id);

    const { data } = await editorial.authors.list({ query: { limit: '100' } });
    const byline = data.find(({ user: whose }) => whose === user.id);
    expect(byline).toMatchObject({ name: 'N. Guest' });
    expect(await eventsOf(app, 'author', byline?.id ?? '')).toHaveLength(1);
    expect(await auditOf(app, 'user', user.id)).toMatchObject([
      { action: 'user.invite', actor: { id: admin.id }, before: null, after: { role: 'author' } },
      { action: 'user.accept_invitation', actor: { id: null }, after: { name: 'Nora Quill' } },
      { action: 'session.sign_in', after: { method: 'link', secondFactor: false } },
      { action: 'session.sign_in' },
    ]);
  });

  it('with a first password sends no mail, and can make a byline as well', async () => {
    const user = await invite({ password: PASSWORD, byline: 'Direct Hire' });

    expect(user.joinedAt).not.toBeNull();
    expect(await app.db.collection('mails').countDocuments({ 'letter.to': user.email })).toBe(0);
    expect(await app.db.collection('authors').countDocuments({ name: 'Direct Hire' })).toBe(1);
  });

  it('lets nobody in before they accept: not with a password, nor as a colleague, an assignee or the last admin', async () => {
    const { user } = await invited({ role: 'admin' });

    const login = signInPlainly(app.anonymous, { email: user.email, password: PASSWORD });
    await expect(login).rejects.toMatchObject({ status: 401 });
    const assigning = editorial.articles.create({ body: { headline: 'X', assignee: user.id } });
    await expect(assigning).rejects.toMatchObject({ status: 422 });
    const { data: colleagues } = await editorial.people.list({ query: { limit: '100' } });
    expect(colleagues.map(({ id }) => id)).toContain(admin.id);
    expect(colleagues.map(({ id }) => id)).not.toContain(user.id);
    const { version } = await editorial.users.read({ params: { id: admin.id } });
    const leaving = editorial.users.change({
      params: { id: admin.id },
      ifMatch: version,
      body: { role: 'author' },
    });
    await expect(leaving).rejects.toMatchObject({ status: 409 });
  });

  it('whose byline cannot be made invites nobody', async () => {
    const body = newcomer({ byline: ' ' });

    await expect(editorial.users.create({ body })).rejects.toMatchObject({
      problem: { errors: [{ pointer: '/byline' }] },
    });
    expect(await app.db.collection('users').countDocuments({ email: body.email })).toBe(0);
  });

  it('of one address by ten at once invites once', async () => {
    const body = newcomer();

    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => editorial.users.create({ body })),
    );
    await mailTo(app, body.email);

    expect(statusesOf(outcomes)).toEqual([200, ...Array(9).fill(409)]);
    expect(await app.db.collection('mails').countDocuments({ 'letter.to': body.email })).toBe(1);
  });

  it('can be seen in the list of staff', async () => {
    const { id } = await invite();
    const idsOf = async (invitedOnly: 'true' | 'false') => {
      const { data } = await editorial.users.list({ query: { invited: invitedOnly, limit: '100' } });
      return data.map((user) => user.id);
    };

    expect(await idsOf('true')).toContain(id);
    expect(await idsOf('true')).not.toContain(admin.id);
    expect(await idsOf('false')).toContain(admin.id);
    expect(await idsOf('false')).not.toContain(id);
  });
});

describe('S12 the link in a mail', () => {
  it.each([
    ['Host', 'Host: evil.example'],
    ['X-Forwarded-Host', 'Host: x\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: http'],
    ['Forwarded', 'Host: x\r\nForwarded: host=evil.example;proto=http'],
  ])('is not changed by the header %s', async (_name, headers) => {
    const guest = newcomer();
    const reset = (await app.person('author', 'forgetful')).email;
    const body = JSON.stringify(guest);
    const request = `POST /editorial/v1/users HTTP/1.1\r\n${headers}\r\nAuthorization: Bearer ${admin.token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

    expect((await sendRaw(app, request)).status).toBe(201);
    const mail = await mailTo(app, guest.email);

    expect(reset).toContain('@');
    expect(linkIn(mail).startsWith(`${DESK}/admin/invitation#`)).toBe(true);
    expect(mail.text + mail.html + JSON.stringify(mail.headers)).not.toContain('evil');
  });
});

describe('accepting an invitation', () => {
  it('works once, also when ten try at once', async () => {
    const { user, token } = await invited();

    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => accept(token)));

    expect(statusesOf(outcomes)).toEqual([200, ...Array(9).fill(404)]);
    await expect(accept(token)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(open(token)).rejects.toMatchObject({ status: 404 });
    const acts = (await auditOf(app, 'user', user.id)).map(({ action }) => action);
    expect(acts.filter((action) => action === 'user.accept_invitation')).toHaveLength(1);
  });

  it.each([
    ['14 characters', { password: 'aaaaaaabcdefgh' }, '/password'],
    ['a password that is guessed first', { password: 'passwordpassword' }, '/password'],
    ['the own name', { password: 'Nora Longlonglong', name: 'Nora Longlonglong' }, '/password'],
    ['no password', { password: undefined }, '/password'],
    ['an empty name', { name: ' ' }, '/name'],
    ['a role', { role: 'admin' }, '/role'],
    ['an address', { email: 'other@example.org' }, '/email'],
  ])('with %s is refused, and the link stays good', async (_what, body, pointer) => {
    const { token } = await invited();

    await expect(accept(token, body)).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer })] },
    });
    expect((await accept(token)).user.joinedAt).not.toBeNull();
  });

  it('gives the refresh token in a cookie unless it is asked for in the body', async () => {
    const { token } = await invited();

    const answer = await send(app, `/editorial/v1/auth/invitations/${token}/accept`, {
      body: JSON.stringify({ password: PASSWORD }),
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-copydesk=.+HttpOnly.+SameSite=Strict/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys((await answer.json()) as object)).not.toContain('refreshToken');
  });

  it('is over after seven days', async () => {
    const { token } = await invited();
    app.clock.advance(7 * DAY + 1_000);

    await expect(open(token)).rejects.toMatchObject({ status: 404 });
    await expect(accept(token)).rejects.toMatchObject({ status: 404 });
    app.clock.advance(-7 * DAY - 1_000);
  });

  it('is refused with a token that is forged, of another purpose, or whose account is deactivated', async () => {
    const { user, token } = await invited();
    const other = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [other, token.slice(0, 24), 'x', `${token}x`, NOWHERE + token.slice(24)])
      await expect(accept(wrong)).rejects.toMatchObject({ status: 404 });

    await editorial.users.deactivate({ params: { id: user.id }, ifMatch: 1 });
    await expect(open(token)).rejects.toMatchObject({ status: 404 });
    await expect(accept(token)).rejects.toMatchObject({ status: 404 });
  });

  it('is no access token, nor the other way round', async () => {
    const { token } = await invited();

    expect((await send(app, '/editorial/v1/auth/me', { token })).status).toBe(401);
    await expect(open(admin.token.slice(0, 200))).rejects.toMatchObject({ status: 404 });
  });
});

describe('sending an invitation again', () => {
  it('brings a new link, and kills the one before', async () => {
    const { user, token } = await invited();

    const again = await editorial.invitations.resend({ params: { id: user.id }, ifMatch: 1 });
    const second = tokenIn(await mailTo(app, user.email, 2));

    expect(again).toMatchObject({ id: user.id, version: 2, joinedAt: null });
    await expect(accept(token)).rejects.toMatchObject({ status: 404 });
    expect((await accept(second)).user.id).toBe(user.id);
    expect((await auditOf(app, 'user', user.id)).map(({ action }) => action)).toContain('user.invite_again');
  });

  it('is refused from an older copy, for nobody, for whom has joined, and to others than admins', async () => {
    const { user } = await invited();
    const resend = (id: string, ifMatch: number, who = editorial) =>
      who.invitations.resend({ params: { id }, ifMatch });
    const { id: member } = await app.person('author', 'member');

    await expect(resend(user.id, 7)).rejects.toMatchObject({
      status: 412,
      problem: { current: { version: 1 } },
    });
    await expect(resend(NOWHERE, 1)).rejects.toMatchObject({ status: 404 });
    await expect(resend(member, 1)).rejects.toMatchObject({ status: 409, code: 'conflict' });
    for (const role of ['editor', 'author', 'moderator'] as const)
      await expect(resend(user.id, 1, (await app.as(role)).editorial)).rejects.toMatchObject({ status: 403 });
    expect(await mailsTo(app, user.email)).toHaveLength(1);
  });
});

describe('taking an invitation back', () => {
  it('kills the link, removes the account, frees the address, and leaves the byline', async () => {
    const { user, token } = await invited({ byline: 'Never Came' });

    await editorial.invitations.revoke({ params: { id: user.id }, ifMatch: 1 });

    await expect(open(token)).rejects.toMatchObject({ status: 404 });
    await expect(accept(token)).rejects.toMatchObject({ status: 404 });
    await expect(editorial.users.read({ params: { id: user.id } })).rejects.toMatchObject({ status: 404 });
    expect(await app.db.collection('authors').findOne({ name: 'Never Came' })).toMatchObject({ user: null });
    expect((await auditOf(app, 'user', user.id)).at(-1)).toMatchObject({
      action: 'user.revoke_invitation',
      before: { email: user.email },
      after: null,
    });
    expect(await editorial.users.create({ body: newcomer({ email: user.email }) })).toMatchObject({
      version: 1,
    });
  });

  it('is refused from an older copy, for nobody, for whom has joined, and to others than admins', async () => {
    const { user, token } = await invited();
    const revoke = (id: string, ifMatch: number, who = editorial) =>
      who.invitations.revoke({ params: { id }, ifMatch });

    await expect(revoke(user.id, 7)).rejects.toMatchObject({ status: 412 });
    await expect(revoke(NOWHERE, 1)).rejects.toMatchObject({ status: 404 });
    for (const role of ['editor', 'author', 'moderator'] as const)
      await expect(revoke(user.id, 1, (await app.as(role)).editorial)).rejects.toMatchObject({ status: 403 });
    await accept(token);
    await expect(revoke(user.id, 2)).rejects.toMatchObject({ status: 409, code: 'conflict' });
  });

  it('that races with its acceptance: one of them happens', async () => {
    const { user, token } = await invited();

    const [taken, joined] = await Promise.allSettled([
      editorial.invitations.revoke({ params: { id: user.id }, ifMatch: 1 }),
      accept(token),
    ]);

    expect([taken.status, joined.status].sort()).toEqual(['fulfilled', 'rejected']);
    const there = await app.db.collection('users').countDocuments({ email: user.email });
    expect(there).toBe(joined.status === 'fulfilled' ? 1 : 0);
  });
});

describe('S77 guessing at invitations', () => {
  it('ends for an address, and counts no right one', async () => {
    const { token } = await invited();
    await open(token);
    await open('wrong').catch(() => undefined);
    await app.db.collection('throttles').updateMany({ key: { $regex: '^link:' } }, { $set: { points: 98 } });

    const outcomes = await Promise.allSettled([open('wrong'), open('wrong'), open('wrong'), open('wrong')]);

    expect(statusesOf(outcomes)).toEqual([404, 404, 429, 429]);
    await app.db.collection('throttles').deleteMany({});
  });
});
