import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../../support/app.ts';
import { NOWHERE } from '../../support/factories.ts';
import { countOf, forgetTries, statusesOf } from '../../support/guessing.ts';
import { linkTo, queuedFor } from '../../support/mails.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';
import { signInPlainly } from '../../support/sign-in.ts';

let app: TestApp;
let people = 0;
beforeAll(async () => {
  app = await createTestApp();
});
beforeEach(() => forgetTries(app));
afterAll(() => app.close());

const newcomer = (role: 'author' | 'editor' = 'author'): Promise<Person> => {
  people += 1;
  return app.person(role, `person${people}`);
};
const actions = async ({ id }: Person) => (await auditOf(app, 'user', id)).map(({ action }) => action);

describe('my profile', () => {
  it('is mine to change: name and time zone', async () => {
    const me = await newcomer();
    const { auth, profile } = me.client.editorial;
    const { version } = await auth.me();

    const changed = await profile.change({
      ifMatch: version,
      body: { name: 'Aoife Ní Bhriain', timeZone: 'Europe/Dublin' },
    });

    expect(changed).toMatchObject({
      version: version + 1,
      user: { name: 'Aoife Ní Bhriain', timeZone: 'Europe/Dublin' },
      byline: null,
      emailChange: null,
    });
    expect(await auth.me()).toMatchObject(changed);
    expect((await auditOf(app, 'user', me.id)).at(-1)).toMatchObject({
      action: 'profile.change',
      actor: { id: me.id },
      before: { timeZone: null },
      after: { name: 'Aoife Ní Bhriain', timeZone: 'Europe/Dublin' },
    });
  });

  it.each([
    ['a role', { role: 'admin' }, '/role'],
    ['duties', { duties: ['legal'] }, '/duties'],
    ['an address', { email: 'x@example.org' }, '/email'],
    ['an offset', { timeZone: '+02:00' }, '/timeZone'],
    ['a name that looks like another', { name: 'Pаul' }, '/name'],
    ['a byline that is not there', { byline: NOWHERE }, '/byline'],
  ])('takes no such thing as %s', async (_what, body, pointer) => {
    const { client } = await app.person('author', 'curious');

    await expect(client.editorial.profile.change({ ifMatch: 1, body: body as never })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [expect.objectContaining({ pointer })] },
    });
  });

  it('names the version it was read at', async () => {
    const me = await newcomer();
    const body = JSON.stringify({ name: 'Me' });

    await expect(
      me.client.editorial.profile.change({ ifMatch: 9, body: { name: 'Me' } }),
    ).rejects.toMatchObject({ status: 412 });
    const bare = await send(app, '/editorial/v1/auth/me', { method: 'PATCH', token: me.token, body });
    const read = await send(app, '/editorial/v1/auth/me', { token: me.token });
    expect([bare.status, read.headers.get('etag')]).toEqual([428, '"1"']);
  });
});

describe('my byline', () => {
  const author = async (name: string, user: string | null = null) =>
    (await app.as('editor')).editorial.authors.create({ body: { name, user } });
  const take = async ({ client }: Person, byline: string | null) => {
    const { version } = await client.editorial.auth.me();
    return client.editorial.profile.change({ ifMatch: version, body: { byline } });
  };

  it('is one that is nobody’s and bears my name; another takes its place', async () => {
    const me = await newcomer();
    const { name } = (await me.client.editorial.auth.me()).user;
    const [one, two] = [await author(name), await author(name.toUpperCase())];

    expect((await take(me, one.id)).byline).toMatchObject({ id: one.id, name });
    expect((await take(me, two.id)).byline).toMatchObject({ id: two.id });

    const { authors } = (await app.as('editor')).editorial;
    expect((await authors.read({ params: { id: one.id } })).user).toBeNull();
    expect((await authors.read({ params: { id: two.id } })).user).toBe(me.id);
    expect((await auditOf(app, 'author', two.id)).at(-1)).toMatchObject({
      after: { user: expect.anything() },
    });
    expect((await take(me, null)).byline).toBeNull();
  });

  it('is not another’s, and not another name’s unless I keep the bylines', async () => {
    const [me, editor] = [await newcomer(), await newcomer('editor')];
    const { name } = (await me.client.editorial.auth.me()).user;
    const [taken, foreign] = [await author(name, editor.id), await author('Somebody Else')];

    await expect(take(me, taken.id)).rejects.toMatchObject({ status: 409 });
    await expect(take(me, foreign.id)).rejects.toMatchObject({ status: 403 });
    expect((await take(editor, foreign.id)).byline).toMatchObject({ id: foreign.id });
  });
});

describe('another e-mail address', () => {
  const ask = ({ token }: Person, email: string, proof: object = { password: PASSWORD }) =>
    send(app, '/editorial/v1/auth/email', { token, body: JSON.stringify({ email, ...proof }) });
  const confirm = async (token: string) => {
    const answer = await send(app, `/editorial/v1/auth/email-confirmation/${token}`, { method: 'POST' });
    const body = (await answer.json()) as { status?: unknown; waitingFor?: string };
    return { code: answer.status, ...(answer.ok ? body : {}) };
  };
  /** The tokens in the two mails that wait. */
  const tokensOf = async ({ email }: Person, newEmail: string) => {
    const letters = [...(await queuedFor(app, newEmail)), ...(await queuedFor(app, email))];
    const tokenOf = (kind: string) => {
      const last = letters.filter((one) => one.kind === kind).at(-1);
      return last && 'link' in last ? app.services.links.tokenOf(last.link) : '';
    };
    return { fresh: tokenOf('email_confirmation'), present: tokenOf('email_approval') };
  };

  it.each([
    ['the new one first', ['fresh', 'present'], 'old'],
    ['the old one first', ['present', 'fresh'], 'new'],
  ] as const)('happens when both have confirmed: %s', async (_what, [first, second], missing) => {
    const me = await newcomer();
    const email = `moved.${people}@example.org`;
    const reset = await linkTo(app, me, 'password_reset');
    expect((await ask(me, email.toUpperCase())).status).toBe(202);
    const tokens = await tokensOf(me, email);
    const waiting = await me.client.editorial.auth.me();
    expect(waiting.emailChange).toMatchObject({ email, waitingFor: ['old', 'new'] });

    expect(await confirm(tokens[first])).toEqual({ code: 200, status: 'waiting', waitingFor: missing });
    expect((await confirm(tokens[first])).code).toBe(404);
    expect((await me.client.editorial.auth.me()).user.email).toBe(me.email);
    expect(await confirm(tokens[second])).toEqual({ code: 200, status: 'done' });

    expect(await me.client.editorial.auth.me()).toMatchObject({ user: { email }, emailChange: null });
    expect((await signInPlainly(app.anonymous, { email, password: PASSWORD })).user.id).toBe(me.id);
    await expect(signInPlainly(app.anonymous, { email: me.email, password: PASSWORD })).rejects.toMatchObject(
      {
        status: 401,
      },
    );
    const answer = await send(app, `/editorial/v1/auth/password-reset/${reset}`, {
      body: JSON.stringify({ password: 'another sentence of mine, rather long' }),
    });
    expect(answer.status).toBe(404);
    expect((await queuedFor(app, me.email)).at(-1)).toMatchObject({ kind: 'email_changed', newEmail: email });
    expect(await actions(me)).toEqual(
      expect.arrayContaining(['user.ask_email', 'user.confirm_email', 'user.change_email']),
    );
  });

  it('needs the password, and is not the one I have', async () => {
    const me = await newcomer();

    expect((await ask(me, 'x@example.org', { password: 'not my password at all' })).status).toBe(422);
    expect((await ask(me, 'x@example.org', {})).status).toBe(422);
    expect((await ask(me, me.email)).status).toBe(422);
    expect(await queuedFor(app, 'x@example.org')).toEqual([]);
  });

  it('is taken back by a newer one, by its owner, by a new password and by deactivation', async () => {
    const admin = await app.as('admin');
    const endings: Record<string, (me: Person) => Promise<unknown>> = {
      newer: (me) => ask(me, `newer.${people}@example.org`),
      cancelled: (me) => me.client.editorial.profile.cancelEmail(),
      password: (me) =>
        me.client.editorial.passwords.change({
          body: { currentPassword: PASSWORD, newPassword: 'another sentence of mine, rather long' },
        }),
      deactivated: async (me) => {
        const { version } = await admin.editorial.users.read({ params: { id: me.id } });
        return admin.editorial.users.deactivate({ params: { id: me.id }, ifMatch: version });
      },
    };
    for (const end of Object.values(endings)) {
      const me = await newcomer();
      const email = `elsewhere.${people}@example.org`;
      await ask(me, email);
      const { fresh, present } = await tokensOf(me, email);
      await end(me);

      expect([(await confirm(fresh)).code, (await confirm(present)).code]).toEqual([404, 404]);
    }
  });

  it('lives for a day', async () => {
    const me = await newcomer();
    await ask(me, 'late@example.org');
    const { fresh } = await tokensOf(me, 'late@example.org');

    app.clock.advance(24 * 3_600_000 + 1);
    expect((await confirm(fresh)).code).toBe(404);
    app.clock.advance(-24 * 3_600_000 - 1);
  });

  it('that another has is not given away: it is asked for alike, and refused to who confirms both', async () => {
    const [me, other] = [await newcomer(), await newcomer()];
    const [taken, free] = [await ask(me, other.email), await ask(other, 'free@example.org')];
    expect([taken.status, await taken.text()]).toEqual([free.status, await free.text()]);
    const { fresh, present } = await tokensOf(me, other.email);

    expect((await confirm(present)).code).toBe(200);
    expect((await confirm(fresh)).code).toBe(409);
    expect((await me.client.editorial.auth.me()).user.email).toBe(me.email);
  });

  it('S77 is asked for five times an hour', async () => {
    const me = await newcomer();

    const statuses = await statusesOf(7, (at) => ask(me, `many${at}@example.org`));

    expect([countOf(statuses, 202), countOf(statuses, 429)]).toEqual([5, 2]);
  });
});
