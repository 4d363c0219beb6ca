import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownPath } from '../../../src/features/sign-on/return-to.ts';
import { PASSWORD } from '../../support/app.ts';
import { enrolled, nextCode } from '../../support/factors.ts';
import { CALLBACK, type Staff } from '../../support/provider.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';
import { ENDED, led, type Newsroom, ORIGIN, openNewsroom, reporter } from '../../support/sign-on.ts';

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

const users = () => room.app.db.collection('users');
const actionsOf = async (id: string) => (await auditOf(room.app, 'user', id)).map(({ action }) => action);
const sessionAs = async (sub: string, person: Staff) => room.sessionOf(await room.signOn(sub, person));

describe('the way to the provider', () => {
  it('is offered where it is set up', async () => {
    expect(await room.app.anonymous.editorial.signOn.methods()).toEqual({
      password: true,
      passkeys: true,
      singleSignOn: { name: 'Harbour ID', url: `${ORIGIN}/editorial/v1/auth/oidc` },
    });
  });

  it('is the code flow with PKCE, state and nonce, tied to the browser by a cookie that tells nothing', async () => {
    const answer = await room.browser().visit(`${ORIGIN}/editorial/v1/auth/oidc`);
    const address = new URL(led(answer) ?? '');
    const query = Object.fromEntries(address.searchParams);
    const random = expect.stringMatching(/^[\w-]{43}$/);

    expect([answer.status, address.origin]).toEqual([302, room.provider.issuer]);
    expect(query).toEqual({
      client_id: 'copydesk',
      response_type: 'code',
      redirect_uri: ORIGIN + CALLBACK,
      scope: 'openid email profile groups',
      code_challenge: random,
      code_challenge_method: 'S256',
      state: random,
      nonce: random,
    });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      /^__Host-copydesk-flow=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const stored = JSON.stringify(await room.app.db.collection('signOnFlows').find().toArray());
    for (const secret of [query.state, query.nonce, /=([\w-]{43})/.exec(cookie)?.[1]])
      expect(stored).not.toContain(secret);
  });
});

describe('somebody who signs on for the first time', () => {
  it('gets an account with the role of the first group that is mapped, and a session', async () => {
    const answer = await room.signOn(
      's-ada',
      reporter('ada', { groups: ['cooks', 'reporters', 'newsdesk'] }),
    );
    const { user } = await room.sessionOf(answer);

    expect([answer.status, led(answer)]).toEqual([302, ENDED]);
    expect(user).toMatchObject({ email: 'ada@example.org', role: 'editor', name: 'ada Quill' });
    const rows = await auditOf(room.app, 'user', user.id);
    expect(rows.map(({ action }) => action).sort()).toEqual(['session.sign_in', 'user.create']);
    const entered = rows.find(({ action }) => action === 'session.sign_in');
    expect(entered?.after).toMatchObject({ method: 'single_sign_on', secondFactor: false });
  });

  it('by several at once gets one account', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => room.signOn('s-twice', reporter('twice'))));

    expect(answers.map(led)).toEqual([ENDED, ENDED, ENDED]);
    expect(await users().countDocuments({ email: 'twice@example.org' })).toBe(1);
  });

  it.each<[string, string, Staff]>([
    ['in other groups', 'no_role', { groups: ['cooks'] }],
    ['without groups', 'no_role', { groups: [] }],
    ['whose groups only look alike', 'no_role', { groups: ['Newsdesk', 'newsdesk2', 'admin'] }],
    ['with an unverified address', 'email_unverified', { email_verified: false }],
  ])('%s is refused', async (what, reason, more) => {
    const name = what.replaceAll(' ', '-');

    await room.expectRefused(await room.signOn(`s-${name}`, reporter(name, more)), reason);
    expect(await users().findOne({ email: `${name}@example.org` })).toBeNull();
  });

  it('gets no password: none is right', async () => {
    await room.signOn('s-nopass', reporter('nopass'));

    for (const password of [PASSWORD, 'null', 'undefined']) {
      const body = JSON.stringify({ email: 'nopass@example.org', password });
      expect((await send(room.app, '/editorial/v1/auth/login', { body })).status).toBe(401);
    }
  });
});

describe('somebody who signs on again', () => {
  it('is known by what the provider calls them, whatever their address says now; their role follows', async () => {
    const first = await sessionAs('s-ben', reporter('ben'));
    const again = await sessionAs('s-ben', reporter('benjamin', { groups: ['newsdesk'] }));

    expect(again.user).toMatchObject({ id: first.user.id, email: 'ben@example.org', role: 'editor' });
    const rows = await auditOf(room.app, 'user', first.user.id);
    expect(rows.find(({ action }) => action === 'user.change')).toMatchObject({
      before: { role: 'author' },
      after: { role: 'editor' },
    });
  });

  it('is refused once they are in none of the groups', async () => {
    await room.signOn('s-cleo', reporter('cleo'));

    await room.expectRefused(await room.signOn('s-cleo', reporter('cleo', { groups: [] })), 'no_role');
  });

  it('is refused once they are deactivated', async () => {
    await room.signOn('s-dan', reporter('dan'));
    await users().updateOne({ email: 'dan@example.org' }, { $set: { active: false } });

    await room.expectRefused(await room.signOn('s-dan', reporter('dan')), 'deactivated');
  });
});

describe('somebody whose account an admin has made', () => {
  it('is tied to it by their verified address, and keeps their role without a group', async () => {
    const { id, email } = await room.app.person('moderator', 'mo');

    const { user } = await sessionAs('s-mo', reporter('mo', { email, groups: [] }));

    expect(user).toMatchObject({ id, role: 'moderator' });
    expect(await actionsOf(id)).toContain('user.link_sign_on');
  });

  it('is refused with an unverified address, deactivated, and as somebody else at the provider', async () => {
    const { email } = await room.app.person('moderator', 'mona');
    const unverified = reporter('x', { email, email_verified: false });
    await room.expectRefused(await room.signOn('s-x', unverified), 'email_unverified');
    await users().updateOne({ email }, { $set: { active: false } });
    await room.expectRefused(await room.signOn('s-mona', reporter('mona', { email })), 'deactivated');
    await users().updateOne({ email }, { $set: { active: true } });
    await room.signOn('s-mona', reporter('mona', { email }));

    await room.expectRefused(await room.signOn('s-y', reporter('y', { email })), 'linked_elsewhere');
  });

  it('stays the last admin, whatever the provider says', async () => {
    const { id, email } = await room.app.person('admin', 'root');

    const { user } = await sessionAs('s-root', reporter('root', { email }));

    expect(user).toMatchObject({ id, role: 'admin' });
    expect(await actionsOf(id)).toContain('user.keep_last_admin');
  });
});

describe('a second factor', () => {
  it('that somebody has here is asked for when the provider saw none, and leads on', async () => {
    const person = await enrolled(room.app, await room.app.person('author', 'careful'));
    const { email } = person;
    const answer = await room.signOn(
      's-careful',
      reporter('careful', { email, amr: ['pwd'] }),
      '/admin/desk',
    );
    const [page, left = ''] = led(answer)?.split('#') ?? [];
    const { mfa: mfaToken = '', ...more } = Object.fromEntries(new URLSearchParams(left));

    expect([page, more]).toEqual([ENDED, { methods: 'totp,recovery', returnTo: '/admin/desk' }]);
    expect(answer.headers.getSetCookie().join()).not.toMatch(/__Host-copydesk=[^;]/);
    const body = { mfaToken, code: nextCode(room.app, person.secret) };
    const { user } = await room.app.anonymous.editorial.secondFactor.finish({ body });
    expect(user.id).toBe(person.id);
    const rows = await auditOf(room.app, 'user', person.id);
    expect(rows.findLast(({ action }) => action === 'session.sign_in')?.after).toMatchObject({
      method: 'single_sign_on',
      secondFactor: true,
    });
  });

  it('that the provider saw is not asked for again', async () => {
    const { email } = await enrolled(room.app, await room.app.person('author', 'trusted'));
    const person = reporter('trusted', { email, amr: ['pwd', 'otp', 'mfa'] });

    expect(led(await room.signOn('s-trusted', person))).toBe(ENDED);
  });

  it('which a role needs is one that the provider saw, or is to be set up here', async () => {
    const values = { security: { secondFactorRoles: ['author'] } };
    const settings = room.app.db.collection<{ _id: string }>('settings');
    await settings.insertOne({ _id: 'site', version: 1, values, modifiedAt: null } as never);
    try {
      const methods = { none: [], password: ['pwd'], code: ['otp'], both: ['pwd', 'otp'], said: ['mfa'] };
      const must: Record<string, boolean> = {};
      for (const [name, amr] of Object.entries(methods))
        must[name] = (await sessionAs(`s-amr-${name}`, reporter(`amr-${name}`, { amr }))).mustEnrol;

      expect(must).toEqual({ none: true, password: true, code: true, both: false, said: false });
    } finally {
      await settings.deleteMany({});
    }
  });
});

describe('S66 where a sign-on leads back to', () => {
  it.each(['/admin', '/admin/stories?tag=harbour&q=a%20b#top', '/'])('is an own path: %s', async (path) => {
    expect(led(await room.signOn('s-own', reporter('own'), path))).toBe(path);
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'admin', ''])(
    'is never another’s: %s',
    async (path) => {
      expect(led(await room.signOn('s-own', reporter('own'), path))).toBe(ENDED);
    },
  );

  it.each([
    'https:evil.example',
    'https:/evil.example',
    '///evil.example',
    '/\t/evil.example',
    '\n//evil.example',
    '/%2f%2fevil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/%252fevil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/admin/../../x',
    '/a/%2e%2e//evil.example',
    '/%09/evil.example',
    '//user@evil.example',
    '@evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '\\\\evil.example',
    '/\u0000',
  ])('is never written so that it may be read as another’s: %j', (path) => {
    expect(ownPath(path)).toBeNull();
  });
});
